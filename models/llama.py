"""llama.cpp behind the Engine protocol, in this process.

It runs its own loop: each request keeps to one of two sequences of one context, so that side work
never makes the conversation be read again, and every token is a place where the user may say stop.
"""

from __future__ import annotations

import codecs
import logging
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from models import gguf_file
from models.contrast import Alone, Contrast
from models.engine import Done, EngineError, ModelInfo, Request, StreamEvent, Text, Why, Worn
from models.native import OUTPUTS, Aborted, Context, Model
from models.pace import Pace, default_threads
from models.sampler import Sampler
from models.slots import CONVERSATION, SLOTS, WORTH_KEEPING, Beginning, Slot, Slots, common
from models.states import States, fingerprint
from models.template import CHATML, ChatTemplate
from models.wardrobe import Wardrobe

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from models.attention import Attention

    Stop: TypeAlias = Callable[[], bool]

log = logging.getLogger(__name__)


class LlamaEngine:
    """A GGUF model served in this process; for one thread at a time.

    Args:
        path: the model's file.
        context: most tokens of a prompt and its reply together.
        threads: most threads to use; fewer are used while other programs are busy.
        gpu_layers: layers to keep on the GPU, -1 for all.
        states: a folder for what was made of prompts' beginnings; None keeps nothing.
        attention: how it attends, and how what it has read is kept.

    Raises:
        ModelRefused: the file is not a model that can be served.
        EngineError: there is not enough memory for it, or it cannot attend so.
    """

    def __init__(
        self,
        path: Path,
        *,
        context: int = 4096,
        threads: int | None = None,
        gpu_layers: int = 0,
        states: Path | None = None,
        attention: Attention | None = None,
    ) -> None:
        if attention and attention.refusal:
            raise EngineError(attention.refusal)
        self._header = gguf_file.read_model(path)
        pace = Pace(threads or default_threads())
        model = self._model = Model(path, gpu_layers)
        self._room = min(context, model.trained_context) if model.trained_context > 0 else context
        try:
            self._context = Context(model, self._room, SLOTS, attention)
        except EngineError:
            model.close()
            raise
        self._wardrobe = Wardrobe(model, self._context, self._header)
        self._states = self._states_in(states) if states else None
        self._slots = Slots(self._context, self._wardrobe, pace, cut=model.can_cut)
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
            yield from self._slots.read(slot, tokens, stop, beginning)
            with self._course(request, slot, stop) as course:
                why = yield from self._write(course, sampler, request.sampling.max_tokens, stop, written)
        except Aborted:
            pass
        finally:
            sampler.close()
        yield Done(why, len(tokens), reused, len(written))
        if self._states and beginning and beginning.state:  # nobody waits any more
            self._states.save(beginning.place, beginning.state)

    @contextmanager
    def _course(self, request: Request, slot: Slot, stop: Stop) -> Iterator[Alone | Contrast]:
        """How a reply goes on from its prompt: alone, or beside the prompt without notes."""
        without = self._without(request)
        if not without:
            yield Alone(self._slots, slot)
            return
        contrast = Contrast(self._slots, slot, request.contrast)
        try:
            contrast.read(without, stop)
            yield contrast
        finally:
            contrast.close()

    def _without(self, request: Request) -> list[int]:
        """The prompt to hold the request's own against; empty for a plain reply."""
        if not request.without or request.contrast <= 0 or request.sampling.max_tokens <= 0:
            return []
        tokens = self._prompt(replace(request, messages=request.without))
        if request.slot != CONVERSATION:
            log.info("no contrast: side work has no slot beside it")
        elif len(tokens) + request.sampling.max_tokens > self._room:
            log.info("no contrast: no room for the second prompt")
        else:
            return tokens
        return []

    def _write(
        self, course: Alone | Contrast, sampler: Sampler, most: int, stop: Stop, written: list[int]
    ) -> Generator[Text, None, Why]:
        utf8 = codecs.getincrementaldecoder("utf-8")(errors="replace")
        why: Why = "length"
        while len(written) < most:
            if stop():
                why = "stopped"
                break
            if written:
                course.take_in(written[-1])
            token = course.pick(sampler)
            if token is None or self._model.ends(token):
                why = "end"
                break
            written.append(token)
            if text := utf8.decode(self._model.piece(token)):
                yield Text(text)
        if rest := utf8.decode(b"", final=True):
            yield Text(rest)
        return why

    def _slot_for(self, request: Request, tokens: list[int], more: int) -> Slot:
        """The request's slot, holding what it has read of this prompt already."""
        if len(tokens) + more > self._room:
            raise EngineError(
                f"This is too long for the model: {len(tokens)} tokens and {more} to answer, and it can "
                f"hold {self._room}. Shorten it, or begin a new conversation."
            )
        wardrobe = self._wardrobe
        outfit = wardrobe.usual if request.adapters is None else wardrobe.choose(request.adapters)
        wardrobe.tidy(outfit)
        return self._slots.take(request.slot, tokens, outfit)

    def _beginning(self, slot: Slot, request: Request, tokens: list[int]) -> Beginning | None:
        """The prompt's fixed beginning if it is to be read and kept; one that was kept is loaded instead."""
        if self._states is None or request.slot != CONVERSATION:
            return None
        fixed = self._with_bos(self._template.beginning(request.messages))
        length = common(self._tokens(fixed), tokens[:-1])
        if length < WORTH_KEEPING or length <= len(slot.tokens):
            return None
        place = self._states.place(slot.outfit, tokens[:length])
        state = self._states.load(place) if place else None
        if state is not None and self._slots.restore(slot, tokens[:length], state):
            return None
        return Beginning(place, length) if place else None

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
        for _ in self._slots.read(slot, tokens, lambda: False):
            pass
        scores = [_log_softmax(self._context.logits(-1), ending[0])]
        for at in range(0, len(ending) - 1, OUTPUTS):
            part = ending[at : min(at + OUTPUTS, len(ending) - 1)]
            self._slots.take_in(slot, part, outputs=len(part))
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


def _log_softmax(logits: NDArray[np.float32], token: int) -> float:
    shifted = logits.astype(np.float64) - logits.max()
    return float(shifted[token] - np.log(np.exp(shifted).sum()))
