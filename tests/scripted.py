"""An engine and an embedder that say what they are told to: small real classes, no patches."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from app.answering import OPENING
from models.engine import (
    Done,
    EngineDied,
    EngineError,
    ModelInfo,
    ModelRefused,
    Reading,
    Request,
    StreamEvent,
    Text,
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
        self.abstains = False  # whether "You haven't ..." is the likely beginning of a reply
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
                yield Done("stopped" if stop() else "length", 0, 0, 0)
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
        """Facts are likely in a message that says “my”, else nothing is."""
        self.scored.append(request)
        if replies == (OPENING,):
            return [[-0.1 if self.abstains else -9.0, -0.1]]
        tells = "my " in request.messages[-1].content.lower()
        return [[-1.0 if (reply != "{}") == tells else -5.0, -0.1] for reply in replies]

    def count(self, text: str) -> int:
        return len(text.split())

    def close(self) -> None:
        self.closed = True


class ScriptedEmbedder:
    """Vectors from the letters of the words: equal texts are near, other texts are not."""

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

    def close(self) -> None:
        self.closed = True
