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
from models.states import LARGEST, Place, States, fingerprint
from models.template import CHATML, ChatTemplate
from models.wardrobe import Outfit, Wardrobe

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Stop: TypeAlias = Callable[[], bool]

_SLOTS = 2
_CONVERSATION = 0  # the slot that somebody waits for: only its beginnings are kept
_WORTH_KEEPING = 64  # tokens; fewer are read as fast as they are loaded


@dataclass(slots=True)
class _Slot:
    """A sequence of the context: what it holds and what was worn while that was read."""

    number: int
    tokens: list[int] = field(default_factory=list)
    outfit: Outfit = ()


@dataclass(slots=True)
class _Beginning:
    """A prompt's beginning that is to be read anew, and its state once it was."""

    place: Place
    length: int
    state: bytes = b""


class LlamaEngine:
    """A GGUF model served in this process; for one thread at a time.

    Args:
        path: the model's file.
        context: most tokens of a prompt and its reply together.
        threads: most threads to use; fewer are used while other programs are busy.
        gpu_layers: layers to keep on the GPU, -1 for all.
        states: a folder for what was made of prompts' beginnings; None keeps nothing.

    Raises:
        ModelRefused: the file is not a model that can be served.
        EngineError: there is not enough memory for it.
    """

    def __init__(
        self,
        path: Path,
        *,
        context: int = 4096,
        threads: int | None = None,
        gpu_layers: int = 0,
        states: Path | None = None,
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
        self._states = self._states_in(states) if states else None
        self._slots = tuple(_Slot(number) for number in range(_SLOTS))
        source = self._header.text("tokenizer.chat_template")
        self._turn_end = model.turn_end(source or CHATML)
        self._template = ChatTemplate(
            source,
            bos=model.bos,
            eos=model.eos,
            control=model.control_texts(),
        )

    def _states_in(self, folder: Path) -> States:
        file = self._header.path.stat()
        base = fingerprint(self._header.path, file.st_mtime_ns, file.st_size)
        return States(folder, f"{base} {self._context.shape}")

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
        beginning = self._beginning(slot, request, tokens)
        reused = len(slot.tokens)
        written: list[int] = []
        why: Why = "stopped"
        sampler = Sampler(self._model, request.sampling)
        try:
            sampler.begin_with(self._tokens(self._template.guard(request.prefix)))
            yield from self._read(slot, tokens, stop, beginning)
            why = yield from self._write(slot, sampler, request.sampling.max_tokens, stop, written)
        except Aborted:
            pass
        finally:
            sampler.close()
        yield Done(why, len(tokens), reused, len(written))
        if self._states and beginning and beginning.state:  # nobody waits any more
            self._states.save(beginning.place, beginning.state)

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

    def _beginning(self, slot: _Slot, request: Request, tokens: list[int]) -> _Beginning | None:
        """The prompt's fixed beginning if it is to be read and kept; one that was kept is loaded instead."""
        if self._states is None or request.slot != _CONVERSATION:
            return None
        fixed = self._with_bos(self._template.beginning(request.messages))
        length = _common(self._tokens(fixed), tokens[:-1])
        if length < _WORTH_KEEPING or length <= len(slot.tokens):
            return None
        place = self._states.place(slot.outfit, tokens[:length])
        state = self._states.load(place) if place else None
        if state is not None:
            loaded = self._context.restore(slot.number, state)
            slot.tokens[:] = tokens[:length] if loaded else []
            if loaded:
                return None
        return _Beginning(place, length) if place else None

    def _read(
        self, slot: _Slot, tokens: list[int], stop: Stop, beginning: _Beginning | None = None
    ) -> Iterator[Reading]:
        """Read the rest of a prompt; the logits of its last token are there afterwards.

        A batch ends where the beginning does, because a recurrent state cannot be cut back to there, and so
        that what follows is read in the same batches, and with the same rounding, as after a loaded one.
        """
        start = at = len(slot.tokens)
        cut = beginning.length if beginning else 0
        while at < len(tokens):
            if stop():
                raise Aborted
            end = min(at + BATCH, cut if at < cut else len(tokens))
            self._take_in(slot, tokens[at:end], outputs=int(end == len(tokens)), stop=stop)
            if beginning and end == cut:
                beginning.state = self._context.state(slot.number, LARGEST)
            yield Reading((end - start) / (len(tokens) - start))
            at = end

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
        return self._tokens(self._with_bos(pieces))

    def _with_bos(self, pieces: list[str]) -> list[str]:
        bos = self._model.bos if self._model.adds_bos else ""
        return pieces if "".join(pieces).startswith(bos) else [bos, *pieces]

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
