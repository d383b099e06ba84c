"""What narrows the memories beside words and a state: topic, source, night, date. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from app.desktop import words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from memory.records import Fact

SOURCES = {"": "Any source", "said": "Said in a chat", "typed": "Typed by you", "imported": "Imported"}
DATES = {
    "": "Any date",
    "today": "Today",
    "7": "The last 7 days",
    "30": "The last 30 days",
    "365": "The last year",
    "older": "Longer ago",
}
ANY_NIGHT, NO_NIGHT = "", "none"
NIGHTS_LISTED = 60


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Every part is empty where it narrows nothing."""

    topic: str = ""
    source: str = ""
    night: str = ANY_NIGHT
    date: str = ""

    def keeps(self, fact: Fact, today: datetime | None = None) -> bool:
        """Whether a fact is wanted."""
        return (
            (not self.topic or words.topic(fact.topic) == self.topic)
            and self.source in ("", fact.origin)
            and self._learned(fact)
            and self._recorded(fact, today or words.now())
        )

    def but_topic(self) -> Narrowing:
        """The same for every topic: what the chips count."""
        return replace(self, topic="")

    def _learned(self, fact: Fact) -> bool:
        if self.night == ANY_NIGHT:
            return True
        return not fact.nights if self.night == NO_NIGHT else int(self.night) in fact.nights

    def _recorded(self, fact: Fact, today: datetime) -> bool:
        if not self.date:
            return True
        days = (today.date() - words.local(fact.recorded).date()) / timedelta(days=1)
        if self.date == "today":
            return days <= 0
        return days > 365 if self.date == "older" else days < int(self.date)


def nights(facts: Iterable[Fact]) -> dict[str, str]:
    """The nights that can be chosen, the newest first."""
    found = sorted({night for fact in facts for night in fact.nights}, reverse=True)[:NIGHTS_LISTED]
    return {ANY_NIGHT: "Any night", NO_NIGHT: "Not learned yet"} | {str(one): f"Night {one}" for one in found}
