"""Whether the weights say what the store holds: asked after every night, closed-book. The store is right."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from consolidation.dream import unlike
from consolidation.phrasing import Asking
from consolidation.served import holds

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from consolidation.phrasing import Told
    from consolidation.served import Served
    from memory.records import Fact

ROOM = 24  # tokens of a reply beyond what its value takes


def kept(facts: Sequence[Fact], unknown: Collection[int], tonight: int) -> list[dict[str, int]]:
    """By the night that brought them first: how many of the facts the weights give by heart."""
    asked: dict[int, list[bool]] = {}
    for fact in facts:
        brought_by = min((night for night in fact.nights if night != tonight), default=tonight)
        asked.setdefault(brought_by, []).append(fact.id not in unknown)
    return [
        {"night": night, "right": sum(marks), "asked": len(marks)} for night, marks in sorted(asked.items())
    ]


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
