"""What the notes change: what the model says with them against what it would say without them.

A token gains what the notes bring it, so that what the model says anyway counts for less:
``with + strength * (with - without)``, context-aware decoding (Shi et al. 2023). Only tokens that are
plausible with the notes take part, the adaptive constraint of contrastive decoding (Li et al. 2023). That
two views are subtracted to quiet the noise they share is the Differential Transformer's idea (Ye et al.
2024),
and nothing else of it is here.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log as ln
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from models.sampler import Sampler
    from models.slots import Slot, Slots

    Logits: TypeAlias = NDArray[np.float32]

PLAUSIBLE = 0.1  # of the likeliest token's probability
_IMPLAUSIBLE = 1000.0  # nats; finite, so that where a grammar leaves nothing else the order is the plain one


@dataclass(frozen=True, slots=True)
class Against:
    """The logits without the notes, and how strongly they are held against those with them."""

    logits: Logits
    strength: float


def contrasted(logits: Logits, against: Against, bias: Logits | None = None) -> Logits:
    """Logits with the notes, after those without are held against them; all of shape (vocabulary,).

    What ``bias`` adds to a token counts once, and for its being plausible too.
    """
    gained = logits + against.strength * (logits - against.logits)
    if bias is not None:
        logits, gained = logits + bias, gained + bias
    plausible = logits >= logits.max() + ln(PLAUSIBLE)
    return np.where(plausible, gained, logits - _IMPLAUSIBLE)


class Alone:
    """A reply that goes on from its own prompt only, read already in its slot."""

    def __init__(self, slots: Slots, slot: Slot) -> None:
        self._slots, self._slot = slots, slot

    def pick(self, sampler: Sampler) -> int | None:
        """The reply's next token; None when the grammar allows none."""
        return sampler.pick(self._slots.logits(-1))

    def take_in(self, token: int) -> None:
        """Go on with a token of the reply."""
        self._slots.take_in(self._slot, [token], outputs=1)


class Contrast:
    """A reply's two prompts: its own in its slot, read already, and the one without notes in the side slot.

    What both begin with is copied, not read again. ``close`` leaves the slot as a plain reply's prompt would,
    and the side slot, which was borrowed, empty.
    """

    def __init__(self, slots: Slots, slot: Slot, strength: float) -> None:
        self._slots, self._slot, self._borrowed, self._strength = slots, slot, slots.side, strength
        self._read = len(slot.tokens)
        self._told = slots.logits(-1).copy()

    def read(self, without: Sequence[int], stop: Callable[[], bool]) -> None:
        """Read the prompt without notes; raises ``Aborted`` where ``stop`` said so."""
        self._slots.begin_as(self._borrowed, self._slot, without)
        for _ in self._slots.read(self._borrowed, without, stop):
            pass

    def pick(self, sampler: Sampler) -> int | None:
        """The reply's next token; None when the grammar allows none."""
        return sampler.pick(self._told, Against(self._slots.logits(-1), self._strength))

    def take_in(self, token: int) -> None:
        """Let both go on with a token of the reply."""
        self._slots.take_in_beside(token, (self._slot, self._borrowed))
        self._told = self._slots.logits(0)

    def close(self) -> None:
        self._slots.forget(self._slot, min(self._read, len(self._slot.tokens)))
        self._slots.forget(self._borrowed, 0)
