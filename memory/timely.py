"""What bears on the time that a question is about. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from memory.moments import Period
    from memory.records import Fact, Turn

TOLD_WITHIN = timedelta(days=14)  # after it happened
LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)
PAST = re.compile(
    r"\b(before|used to|previous(ly)?|former(ly)?|earlier|old|was|were|did|had|back then|last|since|when|"
    r"until|in the past|originally|history|changed?|vroeger|früher|avant|antes|prima)\b",
    re.IGNORECASE,
)
AHEAD = re.compile(
    r"\b(will|going to|gonna|mov(e|ing)|plan(s|ned|ning)?|soon|next|future|upcoming|coming|about to|"
    r"when|until|from now|bald|zukunft|bientôt|straks|pronto|presto)\b|'ll\b",
    re.IGNORECASE,
)
_EVENT = re.compile(r"\b(?P<side>before|after|since)\s+(?P<what>(?:i|we)\s+.+)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Event:
    """What a question takes its time from: "before I moved to Clun"."""

    what: str
    before: bool

    def period(self, fact: Fact, now: datetime) -> Period:
        """The time before or since what is known of it began."""
        began = fact.valid_from or fact.recorded
        return (LONG_AGO, began) if self.before else (began, now)


def states_asked(question: str, period: Period | None) -> tuple[str, ...]:
    """Which facts a question may be about: what is true, and what was or will be where it asks for that."""
    past = ("superseded", "expired") if period is not None or PAST.search(question) else ()
    ahead = ("planned",) if period is not None or AHEAD.search(question) else ()
    return ("current", *past, *ahead)


def event_of(question: str) -> Event | None:
    """The event that a question names, if it names one of the user's own."""
    match = _EVENT.search(question)
    return Event(match["what"], match["side"].casefold() == "before") if match else None


def within(facts: list[Fact], period: Period | None) -> list[Fact]:
    """Those that held in a time; all of them where none is known to have."""
    if period is None:
        return facts
    begin, end = period
    held = [fact for fact in facts if _began(fact) < end and (fact.valid_to is None or fact.valid_to > begin)]
    return held or facts


def _began(fact: Fact) -> datetime:
    return fact.valid_from or fact.recorded


def in_time(turn: Turn, period: Period) -> bool:
    """Said in that time or soon after it, when it was told."""
    begin, end = period
    return begin <= turn.created < end + TOLD_WITHIN
