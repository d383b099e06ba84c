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
    from memory.records import Fact

ROOM = 24  # tokens of a reply beyond what its value takes


def by_heart(served: Served, facts: Sequence[Told], seed: int = 0) -> list[tuple[Told, str]]:
    """What the weights say to each fact that can be asked for, in words that no night was trained on."""
    rng = random.Random(seed)
    asked = [(told, unlike(Asking(told).held().direct, rng)[:1]) for told in facts]
    return [
        (told, served.reply(question, most=len(told.value) // 2 + ROOM).text)
        for told, questions in asked
        for question in questions
    ]


def agrees(told: Told, said: str) -> bool:
    """Whether that is what the store holds."""
    return holds(said, told.value)


def kept(facts: Sequence[Fact], said: Sequence[tuple[Told, str]], tonight: int) -> list[dict[str, int]]:
    """By the night that brought them first: how many of the facts that were asked for are known by heart."""
    known = {told.fact_id: agrees(told, text) for told, text in said}
    asked: dict[int, list[bool]] = {}
    for fact in (fact for fact in facts if fact.id in known):
        brought_by = min((night for night in fact.nights if night != tonight), default=tonight)
        asked.setdefault(brought_by, []).append(known[fact.id])
    return [
        {"night": night, "right": sum(marks), "asked": len(marks)} for night, marks in sorted(asked.items())
    ]
