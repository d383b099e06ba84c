"""An engine and an embedder that say what they are told to: small real classes, no patches."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from models.engine import (
    Done,
    EngineDied,
    EngineError,
    Marked,
    ModelInfo,
    ModelRefused,
    Reading,
    Request,
    Span,
    StreamEvent,
    Text,
    Weighed,
    Worn,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

WORD = re.compile(r"\S+\s*")


class ScriptedEngine:
    """Replies from a script, word by word.

    Args:
        script: what to say to a request; a text, or a call that makes one of the request.
        dies_after: words after which the engine dies, once.
        pace: called before every word, to hold the reply up at a known place.
    """

    def __init__(
        self,
        script: str | Callable[[Request], str] = "Yes.",
        dies_after: int | None = None,
        pace: Callable[[], None] = lambda: None,
        context: int = 4096,
    ) -> None:
        self.script, self.dies_after, self.pace = script, dies_after, pace
        self.info = ModelInfo(Path("scripted.gguf"), "scripted", "llama", context, 1, 1)
        self.requests: list[Request] = []
        self.scored: list[Request] = []
        self.wearing: list[Worn] = []
        self.refuses = ""  # the name of an adapter file that does not fit
        self.closed = False
        self._one = threading.Lock()

    def wear(self, adapters: Sequence[Worn]) -> None:
        if any(worn.path.name == self.refuses for worn in adapters):
            raise ModelRefused("That adapter does not fit this model.")
        self.wearing = list(adapters)

    def chat(self, request: Request, stop: Callable[[], bool] = lambda: False) -> Iterator[StreamEvent]:
        with self._one:
            self.requests.append(request)
            yield Reading(1.0)
            if not request.sampling.max_tokens:
                read = sum(self.count(message.content) for message in request.messages)
                yield Done("stopped" if stop() else "length", read, 0, 0)
                return
            text = self.script if isinstance(self.script, str) else self.script(request)
            yield from self._say(request, WORD.findall(text), stop)

    def _say(self, request: Request, words: list[str], stop: Callable[[], bool]) -> Iterator[StreamEvent]:
        prompt = sum(self.count(message.content) for message in request.messages)
        for said, word in enumerate(words):
            self.pace()
            if stop():
                yield Done("stopped", prompt, 0, said)
                return
            if self.dies_after is not None and said >= self.dies_after:
                self.dies_after = None
                raise EngineDied("The model stopped working. Ask again: it is started anew.")
            yield Text(word)
        yield Done("end", prompt, 0, len(words))

    def score(self, request: Request, replies: Sequence[str]) -> list[list[float]]:
        self.scored.append(request)
        return [[-1.0, -0.1] for _ in replies]

    def count(self, text: str) -> int:
        return len(text.split())

    def close(self) -> None:
        self.closed = True


class ScriptedEmbedder:
    """Vectors from the letters of the words: equal texts are near, other texts are not.

    As a reader it marks the last word of what says “my”, and a question rests on the notes that share a word
    of three letters or more with it.
    """

    name, dimensions = "scripted", 64

    def __init__(self) -> None:
        self.closed = False
        self.broken = False

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        if self.broken:
            raise EngineError("The embedder stopped working.")
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()):
                vectors[row, sum(map(ord, word)) % self.dimensions] += 1
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors / np.maximum(norms, 1e-6)

    def weigh(self, question: str, notes: Sequence[str]) -> Weighed:
        asked = set(re.findall(r"\w{3,}", question.lower())) - {"what", "the"}
        odds = [3.0 if asked & set(re.findall(r"\w+", note.lower())) else -6.0 for note in notes]
        told, elsewhere = (-0.1, -5.0) if 3.0 in odds else (-5.0, -0.1)
        return Weighed(told, -5.0, elsewhere, tuple(odds))

    def mark(self, message: str) -> Marked:
        words = list(re.finditer(r"\w+", message))
        if "my " not in message.lower() or not words:
            return Marked(-5.0)
        return Marked(3.0, (Span(*words[-1].span(), 0.9),))

    def close(self) -> None:
        self.closed = True
