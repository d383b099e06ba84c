"""What was learned and what changed, month by month, and from when to when each fact holds. No Qt."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from app.desktop import words
from app.desktop.memories.states import STATES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from memory.records import Fact

BEFORE, AHEAD = timedelta(days=5 * 365), timedelta(days=2 * 365)
LEAST = timedelta(days=60)
AIR = 20  # of its length is free behind what is still to come


class Kind(NamedTuple):
    """How an event is shown: an icon, its colour, a word before the sentence, and how many are counted."""

    icon: str
    color: str
    word: str
    counted: str


KINDS = {
    "learned": Kind("ph.bookmark-simple", "accent-ink", "", "learned"),
    "changed": Kind("ph.arrows-clockwise", "accent-ink", "", "changed"),
    "planned": Kind(STATES["planned"].icon, "text-muted", "To come: ", "to come"),
    "waits": Kind(STATES["proposed"].icon, "warn", "Waits for you: ", "waiting"),
    "over": Kind(STATES["expired"].icon, "text-muted", "Over: ", "over"),
    "retracted": Kind(STATES["retracted"].icon, "text-muted", "Not so: ", "no longer true"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a fact; ``old`` is what it took the place of."""

    when: datetime
    kind: str
    fact: Fact
    old: Fact | None = None

    @property
    def text(self) -> str:
        """What happened, in words."""
        said = f"{KINDS[self.kind].word}{words.you(self.fact.sentence)}"
        return f"{said.rstrip('.')} (until then: {self.old.value})." if self.old else said


@dataclass(frozen=True, slots=True)
class Month:
    """A month's events, the newest first."""

    name: str
    events: tuple[Event, ...]

    @property
    def summary(self) -> str:
        """``5 learned, 2 changed``."""
        found = Counter(event.kind for event in self.events)
        return ", ".join(f"{found[kind]} {KINDS[kind].counted}" for kind in KINDS if found[kind])


def months(facts: Sequence[Fact]) -> list[Month]:
    """Every month in which something happened, the newest first."""
    found = sorted(_events(facts), key=lambda event: (event.when, event.fact.id), reverse=True)
    return [Month(name, tuple(those)) for name, those in groupby(found, lambda event: month_of(event.when))]


def month_of(when: datetime) -> str:
    """``June 2026``."""
    at = words.local(when)
    return f"{words.MONTHS[at.month - 1]} {at.year}"


def span(fact: Fact) -> tuple[datetime, datetime | None]:
    """From when to when a fact holds; without an end it still does."""
    end = fact.valid_to or fact.retracted
    if end is None and fact.state in ("superseded", "retracted", "expired"):
        end = fact.recorded
    return fact.valid_from or fact.recorded, end


def span_words(fact: Fact) -> str:
    """``True from 3 May to 9 June``."""
    begun, ended = span(fact)
    if ended is None:
        return f"True from {words.date(begun)}" + (", and still" if fact.state == "current" else "")
    if ended <= begun:
        return "Never by itself: said better by what took its place"
    return f"True from {words.date(begun)} to {words.date(ended)}"


def reach(facts: Iterable[Fact], now: datetime) -> tuple[datetime, datetime]:
    """From when to when the spans are drawn: what lies far outside is cut, so that the rest can be seen."""
    facts = list(facts)
    if not facts:
        return now - LEAST, now
    first = min(fact.recorded for fact in facts)
    begun = min(max(span(fact)[0], first - BEFORE) for fact in facts)
    ends = [span(fact)[1] or span(fact)[0] for fact in facts]
    ended = max(now, *(min(end, now + AHEAD) for end in ends))
    begun = min(begun, ended - LEAST)
    return begun, ended + (ended - begun) / AIR if ended > now else ended


def _events(facts: Iterable[Fact]) -> Iterable[Event]:
    facts = list(facts)
    before: dict[int, list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.superseded_by is not None:
            before[fact.superseded_by].append(fact)
    for fact in facts:
        # what was merged later into an older one did not change it on the day that it was told
        olds = [old for old in before[fact.id] if (old.recorded, old.id) < (fact.recorded, fact.id)]
        first = {"proposed": "waits", "planned": "planned"}.get(fact.state, "changed" if olds else "learned")
        yield Event(fact.recorded, first, fact, olds[-1] if olds else None)
        if fact.state == "retracted" and fact.retracted is not None:
            yield Event(fact.retracted, "retracted", fact)
        if fact.state == "expired" and fact.valid_to is not None:
            yield Event(fact.valid_to, "over", fact)
