"""Which facts may say the same as another: offered when one is merged. No Qt."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from memory.records import Fact

MOST, ENOUGH = 5, 0.5
HOLDS = frozenset({"current", "planned", "proposed"})
SMALL = frozenset({"the", "and", "for", "with", "user", "his", "her", "its", "are", "was"})


def alike(fact: Fact, facts: Iterable[Fact]) -> list[Fact]:
    """Those that share a name or most of their words with it, the nearest first."""
    scored = [
        (_shared(fact, other), other) for other in facts if other.id != fact.id and other.state in HOLDS
    ]
    found = sorted((pair for pair in scored if pair[0] >= ENOUGH), key=lambda pair: (-pair[0], -pair[1].id))
    return [other for _score, other in found[:MOST]]


def _shared(one: Fact, other: Fact) -> float:
    """1 for the same name or for words that are all the other's too, 0 for none in common."""
    if one.subject == other.subject and one.attribute == other.attribute:
        return 1.0
    words, others = _words(one), _words(other)
    return len(words & others) / max(1, min(len(words), len(others)))


def _words(fact: Fact) -> set[str]:
    found = re.findall(r"\w+", f"{fact.attribute} {fact.value}".casefold())
    return {word for word in found if len(word) > 2 and word not in SMALL}
