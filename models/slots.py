"""What the sequences of a context hold: read on where that can be, dropped where it must be.

Each slot remembers its tokens and what was worn while they were read: llama.cpp does not notice that its
cache was made by other weights.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from models.engine import EngineError, Reading
from models.native import BATCH, Aborted
from models.states import LARGEST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from models.native import Context
    from models.pace import Pace
    from models.states import Place
    from models.wardrobe import Outfit, Wardrobe

    Stop: TypeAlias = Callable[[], bool]

SLOTS = 2
CONVERSATION, SIDE = 0, 1  # the slot that somebody waits for, and the other one
WORTH_KEEPING = 64  # tokens; fewer are read as fast as they are loaded or copied


@dataclass(slots=True)
class Slot:
    """A sequence of the context: what it holds and what was worn while that was read."""

    number: int
    tokens: list[int] = field(default_factory=list)
    outfit: Outfit = ()


@dataclass(slots=True)
class Beginning:
    """A prompt's beginning that is to be read anew, and its state once it was."""

    place: Place
    length: int
    state: bytes = b""


class Slots:
    """The slots of one context.

    Args:
        context: what llama.cpp keeps.
        cut: whether what was read can be dropped from a position on, as a recurrent state cannot.
    """

    def __init__(self, context: Context, wardrobe: Wardrobe, pace: Pace, *, cut: bool) -> None:
        self._context, self._wardrobe, self._pace, self._cut = context, wardrobe, pace, cut
        self._all = tuple(Slot(number) for number in range(SLOTS))

    @property
    def side(self) -> Slot:
        """The slot that nobody waits for."""
        return self._all[SIDE]

    def take(self, number: int, tokens: Sequence[int], outfit: Outfit) -> Slot:
        """A slot that holds what it has read of these tokens already, all but the last."""
        slot = self._all[number]
        self.forget(slot, common(slot.tokens, tokens[:-1]) if outfit == slot.outfit else 0)
        slot.outfit = outfit
        return slot

    def forget(self, slot: Slot, keep: int) -> None:
        """Drop what a slot holds from a position on; all of it where the model knows no halves."""
        if keep < len(slot.tokens):
            del slot.tokens[keep:]
            self._trim(slot)

    def begin_as(self, slot: Slot, other: Slot, tokens: Sequence[int]) -> None:
        """Give a slot what another one has read of these tokens; nothing where that is not worth it."""
        self.forget(slot, 0)
        slot.outfit = other.outfit
        shared = common(other.tokens, tokens[:-1])
        if self._cut and shared >= WORTH_KEEPING:
            self._context.copy(other.number, slot.number)
            slot.tokens[:] = other.tokens
            self.forget(slot, shared)

    def restore(self, slot: Slot, tokens: Sequence[int], state: bytes) -> bool:
        """Put a saved state and its tokens in a slot's place; where it does not fit the slot is empty."""
        loaded = self._context.restore(slot.number, state)
        slot.tokens[:] = tokens if loaded else ()
        return loaded

    def read(
        self, slot: Slot, tokens: Sequence[int], stop: Stop, beginning: Beginning | None = None
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
            self.take_in(slot, tokens[at:end], outputs=int(end == len(tokens)), stop=stop)
            if beginning and end == cut:
                beginning.state = self._context.state(slot.number, LARGEST)
            yield Reading((end - start) / (len(tokens) - start))
            at = end

    def take_in(self, slot: Slot, tokens: Sequence[int], *, outputs: int, stop: Stop | None = None) -> None:
        """Read tokens at the end of a slot; logits are kept for the last ``outputs`` of them."""
        self._prepare(slot)
        with self._whole(slot):
            self._context.read(slot.number, len(slot.tokens), tokens, outputs, stop)
        slot.tokens += tokens

    def take_in_beside(self, token: int, slots: Sequence[Slot]) -> None:
        """Read a token at the end of several slots that wear the same; row i of the logits is the i-th's."""
        self._prepare(slots[0])
        with self._whole(*slots):
            self._context.read_beside(token, [(slot.number, len(slot.tokens)) for slot in slots])
        for slot in slots:
            slot.tokens.append(token)

    @contextmanager
    def _whole(self, *slots: Slot) -> Iterator[None]:
        """A reading that fails leaves its slots without anything of it."""
        try:
            yield
        except (Aborted, EngineError):
            for slot in slots:
                self._trim(slot)
            raise

    def _trim(self, slot: Slot) -> None:
        """Drop what a slot holds beyond its tokens; all of it where the model knows no halves."""
        if not self._context.forget(slot.number, len(slot.tokens)):
            self._context.forget(slot.number, 0)
            slot.tokens.clear()

    def _prepare(self, slot: Slot) -> None:
        self._wardrobe.put_on(slot.outfit)
        self._context.use_threads(self._pace.threads())

    def logits(self, row: int) -> NDArray[np.float32]:
        """A view of the last reading's logits: valid until the next one."""
        return self._context.logits(row)


def common(left: Sequence[int], right: Sequence[int]) -> int:
    """How many tokens two sequences begin with in common."""
    for i, (a, b) in enumerate(zip(left, right, strict=False)):
        if a != b:
            return i
    return min(len(left), len(right))
