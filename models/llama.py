"""llama.cpp behind the Engine protocol, in this process.

It runs its own loop: each request keeps to one of two sequences of one context, so that side work
never makes the conversation be read again, and every token is a place where the user may say stop.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from models import gguf_file
from models.engine import Done, EngineError, ModelInfo, Reading, Request, StreamEvent, Text, Why, Worn
from models.native import BATCH, OUTPUTS, Aborted, Context, Model, Sampler
from models.pace import Pace, default_threads
from models.template import CHATML, ChatTemplate
from models.wardrobe import Outfit, Wardrobe

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Stop: TypeAlias = Callable[[], bool]

_SLOTS = 2


@dataclass(slots=True)
class _Slot:
    """A sequence of the context: what it holds and what was worn while that was read."""

    number: int
    tokens: list[int] = field(default_factory=list)
    outfit: Outfit = ()


class LlamaEngine:
    """A GGUF model served in this process; for one thread at a time.

    Args:
        path: the model's file.
        context: most tokens of a prompt and its reply together.
        threads: most threads to use; fewer are used while other programs are busy.
        gpu_layers: layers to keep on the GPU, -1 for all.

    Raises:
        ModelRefused: the file is not a model that can be served.
        EngineError: there is not enough memory for it.
    """

    def __init__(
        self, path: Path, *, context: int = 4096, threads: int | None = None, gpu_layers: int = 0
    ) -> None:
        self._header = gguf_file.read_model(path)
        self._pace = Pace(threads or default_threads())
        model = self._model = Model(path, gpu_layers)
        self._room = min(context, model.trained_context) if model.trained_context > 0 else context
        try:
            self._context = Context(model, self._room, _SLOTS)
        except EngineError:
            model.close()
            raise
        self._wardrobe = Wardrobe(model, self._context, self._header)
        self._slots = tuple(_Slot(number) for number in range(_SLOTS))
        source = self._header.text("tokenizer.chat_template")
        self._turn_end = model.turn_end(source or CHATML)
        self._template = ChatTemplate(
            source,
            bos=model.bos,
            eos=model.eos,
            control=model.control_texts(),
        )

    @property
    def info(self) -> ModelInfo:
        """What the file says about itself."""
        header = self._header
        name = header.text("general.name") or header.path.stem
        return ModelInfo(
            header.path, name, header.architecture, self._room, self._model.parameters, header.size
        )

    def wear(self, adapters: Sequence[Worn]) -> None:
        """Replace the whole set of adapters, all or none."""
        self._wardrobe.usual = self._wardrobe.choose(adapters)
        self._wardrobe.tidy(self._wardrobe.usual)

    def chat(self, request: Request, stop: Stop = lambda: False) -> Iterator[StreamEvent]:
        """Stream a reply. A grammar describes the whole reply, the request's prefix included."""
        tokens = self._prompt(request)
        slot = self._slot_for(request, tokens, request.sampling.max_tokens)
        reused = len(slot.tokens)
        written: list[int] = []
        why: Why = "stopped"
        sampler = Sampler(self._model, request.sampling)
        try:
            sampler.begin_with(self._tokens(self._template.guard(request.prefix)))
            yield from self._read(slot, tokens, stop)
            why = yield from self._write(slot, sampler, request.sampling.max_tokens, stop, written)
        except Aborted:
            pass
        finally:
            sampler.close()
        yield Done(why, len(tokens), reused, len(written))

    def _write(
        self, slot: _Slot, sampler: Sampler, most: int, stop: Stop, written: list[int]
    ) -> Generator[Text, None, Why]:
        utf8 = codecs.getincrementaldecoder("utf-8")(errors="replace")
        why: Why = "length"
        while len(written) < most:
            if stop():
                why = "stopped"
                break
            if written:
                self._take_in(slot, written[-1:], outputs=1)
            token = sampler.pick(self._context.logits(-1))
            if token is None or self._model.ends(token):
                why = "end"
                break
            written.append(token)
            if text := utf8.decode(self._model.piece(token)):
                yield Text(text)
        if rest := utf8.decode(b"", final=True):
            yield Text(rest)
        return why

    def _slot_for(self, request: Request, tokens: list[int], more: int) -> _Slot:
        """The request's slot, holding what it has read of this prompt already."""
        if len(tokens) + more > self._room:
            raise EngineError(
                f"This is too long for the model: {len(tokens)} tokens and {more} to answer, and it can "
                f"hold {self._room}. Shorten it, or begin a new conversation."
            )
        wardrobe = self._wardrobe
        outfit = wardrobe.usual if request.adapters is None else wardrobe.choose(request.adapters)
        wardrobe.tidy(outfit)
        slot = self._slots[request.slot]
        self._forget(slot, _common(slot.tokens, tokens[:-1]) if outfit == slot.outfit else 0)
        slot.outfit = outfit
        return slot

    def _forget(self, slot: _Slot, keep: int) -> None:
        """Drop what a slot holds from a position on; all of it where the model knows no halves."""
        if keep == len(slot.tokens):
            return
        if not self._context.forget(slot.number, keep):
            keep = 0
            self._context.forget(slot.number, keep)
        del slot.tokens[keep:]

    def _read(self, slot: _Slot, tokens: list[int], stop: Stop) -> Iterator[Reading]:
        """Read the rest of a prompt; the logits of its last token are there afterwards."""
        start = len(slot.tokens)
        for at in range(start, len(tokens), BATCH):
            if stop():
                raise Aborted
            end = min(at + BATCH, len(tokens))
            self._take_in(slot, tokens[at:end], outputs=int(end == len(tokens)), stop=stop)
            yield Reading((end - start) / (len(tokens) - start))

    def _take_in(self, slot: _Slot, tokens: Sequence[int], *, outputs: int, stop: Stop | None = None) -> None:
        self._wardrobe.put_on(slot.outfit)
        self._context.use_threads(self._pace.threads())
        self._context.read(slot.number, len(slot.tokens), tokens, outputs, stop)
        slot.tokens += tokens

    def score(self, request: Request, replies: Sequence[str]) -> list[list[float]]:
        """Natural-log probability of each token of each reply (end-of-turn token included)."""
        tokens = self._prompt(request)
        endings = [self._ending(request, tokens, reply) for reply in replies]
        longest = max(map(len, endings), default=0)
        return [self._score(request, tokens, ending, longest) for ending in endings]

    def _ending(self, request: Request, tokens: list[int], reply: str) -> list[int]:
        """A reply's tokens, cut as they would be in the whole text where the prompt's stay as they are."""
        whole = self._prompt(request, reply)
        stands = whole[: len(tokens)] == tokens
        ending = whole[len(tokens) :] if stands else self._tokens(self._template.guard(reply))
        return [*ending, self._turn_end]

    def _score(self, request: Request, tokens: list[int], ending: list[int], more: int) -> list[float]:
        slot = self._slot_for(request, tokens, more)
        for _ in self._read(slot, tokens, lambda: False):
            pass
        scores = [_log_softmax(self._context.logits(-1), ending[0])]
        for at in range(0, len(ending) - 1, OUTPUTS):
            part = ending[at : min(at + OUTPUTS, len(ending) - 1)]
            self._take_in(slot, part, outputs=len(part))
            scores += [_log_softmax(self._context.logits(i), ending[at + i + 1]) for i in range(len(part))]
        return scores

    def count(self, text: str) -> int:
        """Tokens in a text, without any template."""
        return len(self._tokens(self._template.guard(text)))

    def _prompt(self, request: Request, reply: str = "") -> list[int]:
        pieces = self._template.render(request.messages, request.prefix + reply)
        if self._model.adds_bos and self._model.bos and not "".join(pieces).startswith(self._model.bos):
            pieces.insert(0, self._model.bos)
        return self._tokens(pieces)

    def _tokens(self, pieces: Sequence[str]) -> list[int]:
        return [token for piece in pieces for token in self._model.tokens(piece)]

    def close(self) -> None:
        """Give the memory back; may be called twice."""
        self._context.close()
        self._model.close()


def _common(left: Sequence[int], right: Sequence[int]) -> int:
    """How many tokens two sequences begin with in common."""
    for i, (a, b) in enumerate(zip(left, right, strict=False)):
        if a != b:
            return i
    return min(len(left), len(right))


def _log_softmax(logits: NDArray[np.float32], token: int) -> float:
    shifted = logits.astype(np.float64) - logits.max()
    return float(shifted[token] - np.log(np.exp(shifted).sum()))
