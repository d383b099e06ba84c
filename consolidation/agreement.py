"""Whether the weights say what the store holds: asked after every night, closed-book. The store is right."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from consolidation.dream import unlike
from consolidation.phrasing import Asking
from consolidation.served import holds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consolidation.phrasing import Told
    from consolidation.served import Served

ROOM = 24  # tokens of a reply beyond what its value takes


def disagreements(served: Served, facts: Sequence[Told], seed: int = 0) -> list[tuple[Told, str]]:
    """The facts that the weights do not give by heart, each with what they say instead.

    One question a fact, in words that no night was trained on.
    """
    rng, found = random.Random(seed), []
    for told in facts:
        for question in unlike(Asking(told).held().direct, rng)[:1]:
            said = served.reply(question, most=len(told.value) // 2 + ROOM).text
            if not holds(said, told.value):
                found.append((told, said))
    return found
