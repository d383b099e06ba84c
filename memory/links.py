"""Facts lead to facts: what is known about the people and things that a fact names, two steps far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from memory.lexical import WORD, scored_facts, words_of
from memory.rows import among, as_facts
from memory.schema import FactRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

    from memory.records import Fact

HOPS = 2
FIRST, MOST = 2, 4  # facts that are gone on from, and those that are found by going
FADING = 0.7  # of a fact's score that passes to what it leads to
POOL = 50


def linked(session: Session, facts: Sequence[tuple[Fact, float]]) -> list[tuple[Fact, float]]:
    """Current facts about what these name, and about what those name, each with its share of the score."""
    seen = {fact.id for fact, _ in facts}
    found: list[tuple[Fact, float]] = []
    front = list(facts[:FIRST])
    for _ in range(HOPS):
        reached: list[tuple[Fact, float]] = []
        for fact, score in front:
            if len(found) + len(reached) < MOST:  # what would be cut off is not looked for
                reached += [(other, score * FADING) for other in _about(session, names_in(fact), seen)]
        found, front = found + reached, reached
    return found[:MOST]


def names_in(fact: Fact) -> list[str]:
    """The words of a fact's value that name somebody or something: with a capital, or alone."""
    words = WORD.findall(fact.value)
    return [word.casefold() for word in words if word[0].isupper() or len(words_of(fact.value)) == 1]


def _about(session: Session, names: Iterable[str], seen: set[int]) -> list[Fact]:
    """Facts that say something of these names, each only once."""
    words = list(names)
    hits = scored_facts(session, words, POOL) if words else {}
    query = select(FactRow).where(among(FactRow.id, hits.keys() - seen), FactRow.state == "current")
    others = sorted(as_facts(session, session.scalars(query).all()), key=lambda fact: -hits[fact.id])
    seen.update(fact.id for fact in others)
    return others
