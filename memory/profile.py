"""The standing block: what Dormouse always has in mind, by topic, within a budget of tokens.

Topics and sub-topics are memobase's idea (see docs/lineage.md); they are in ``profile.toml``. The choice and
its order depend on nothing that changes from turn to turn, so that a prompt's beginning stays what it was
and need not be read again.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from memory import slots
from memory.database import now
from memory.lexical import words_of
from memory.recall import rough_tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from memory.records import Fact

BUDGET = 160
MARK = 2  # tokens of the dash and the line's end around a sentence
PINNED = "pinned"  # the topic of what is in mind only because the user wants it so


@dataclass(frozen=True, slots=True)
class Line:
    """A fact of the standing block, where it belongs and what it costs.

    ``tokens`` is about how many of the prompt it takes.
    """

    topic: str
    slot: str
    fact: Fact
    tokens: int


def profile(
    facts: Iterable[Fact],
    budget: int = BUDGET,
    count: Callable[[str], int] = rough_tokens,
    used: Callable[[], Mapping[int, int]] = dict,
    moment: datetime | None = None,
) -> list[Line]:
    """The standing block: what is pinned, then topic by topic, as much as fits.

    Args:
        facts: what is known; only what holds at the moment is taken, and one sentence once.
        budget: how many tokens it may cost.
        count: the tokens of a text.
        used: how many replies rested on a fact; asked only where not all fit, and then what was used more
            stays, among those of one slot. It should change seldom.
        moment: when; now by default.
    """
    moment = moment or now()
    lines = _once(sorted((_line(fact, count) for fact in facts if _belongs(fact, moment)), key=_place))
    if sum(line.tokens for line in lines) <= budget:
        return lines
    uses = used()
    chosen = []
    for line in sorted(lines, key=lambda line: (*_place(line)[:2], -uses.get(line.fact.id, 0), line.fact.id)):
        if line.tokens <= budget:
            chosen.append(line)
            budget -= line.tokens
    return sorted(chosen, key=_place)


def attributes() -> list[str]:
    """Every name under which a fact of the profile may be kept."""
    return [name for slot in _places() for name in slots.names_for(slot)]


def by_topic(lines: Sequence[Line]) -> dict[str, list[Line]]:
    """The block as it is shown to a person: topics in their order, pinned ones among their like."""
    topics = [PINNED, *_topics()]
    return {topic: found for topic in topics if (found := [line for line in lines if line.topic == topic])}


def holds(fact: Fact, moment: datetime) -> bool:
    """Whether a fact is true at a moment: not before its time has begun, and not once it is over."""
    begun = fact.valid_from is None or fact.valid_from <= moment
    return fact.state == "current" and begun and (fact.valid_to is None or fact.valid_to > moment)


def _belongs(fact: Fact, moment: datetime) -> bool:
    return holds(fact, moment) and (fact.pinned or _slot(fact) in _places())


def _slot(fact: Fact) -> str:
    return slots.slot_of(fact.attribute) if fact.subject == "user" else ""


def _line(fact: Fact, count: Callable[[str], int]) -> Line:
    slot = _slot(fact)
    topic = next((name for name, those in _topics().items() if slot in those), PINNED)
    return Line(topic, slot, fact, count(fact.sentence) + MARK)


def _once(lines: Iterable[Line]) -> list[Line]:
    """The first line of those that say the same, however it is spelt."""
    first: dict[str, Line] = {}
    for line in lines:
        first.setdefault(" ".join(words_of(line.fact.sentence)), line)
    return list(first.values())


def _place(line: Line) -> tuple[bool, int, int]:
    return (not line.fact.pinned, _places().get(line.slot, len(_places())), line.fact.id)


@cache
def _places() -> dict[str, int]:
    every = [slot for those in _topics().values() for slot in those]
    return {slot: place for place, slot in enumerate(every)}


@cache
def _topics() -> dict[str, list[str]]:
    topics: dict[str, list[str]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    return topics
