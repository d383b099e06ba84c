"""What waits for a yes or a no, and what a yes would change. No Qt; belongs on a background thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.desktop import words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.desktop.face import Face
    from memory.records import Fact, Step

SHOWN = 50
CHANGED_SINCE = "Something else was changed since, so this stays as it is."


@dataclass(frozen=True, slots=True)
class Proposal:
    """A fact that is only proposed; ``old`` is what it would replace, or only say less precisely."""

    fact: Fact
    old: Fact | None = None
    finer: bool = False
    source: str = ""

    @property
    def change(self) -> str:
        """``home: Clun → Ludlow``, or nothing when it replaces nothing."""
        if self.old is None:
            return ""
        day = f" on {words.date(self.day)}" if self.day else ""
        return f"{self.fact.attribute}: {self.old.value} → {self.fact.value}{day}"

    @property
    def day(self) -> datetime | None:
        """When the change is still to come."""
        begins = self.fact.valid_from
        return begins if begins is not None and begins > words.now() else None


def waiting(face: Face, search: str = "") -> tuple[list[Proposal], list[Fact]]:
    """The newest proposals with what they would replace, and all of them as facts."""
    facts = sorted(face.facts(search, "proposed"), key=lambda fact: -fact.id)
    titles = {chat.id: chat.title for chat in face.conversations("")}
    return [_proposal(face, fact, titles) for fact in facts[:SHOWN]], facts


def keep(face: Face, facts: Sequence[Fact]) -> Step:
    """A yes to each that waits, in the order they were said: the last one holds."""
    return face.accept_all([fact.id for fact in facts if fact.state == "proposed"])


def dismiss(face: Face, facts: Sequence[Fact]) -> Step:
    """A no to each that waits."""
    return face.retract_all([fact.id for fact in facts if fact.state == "proposed"])


def correct(face: Face, fact_id: int, attribute: str, value: str) -> Fact:
    """Nearly right: it takes the place of what it would replace, as it is said now."""
    face.accept(fact_id)
    return face.edit_fact(fact_id, attribute, value)


def take_back(face: Face, facts: Sequence[Fact]) -> str:
    """Undo what was last done to these; something else that was changed since is left alone, and said so."""
    for fact in sorted(facts, key=lambda fact: -fact.id):
        said = face.undo()
        if said is None or fact.sentence not in said:
            if said is not None:
                face.redo()
            return CHANGED_SINCE
    return ""


def _proposal(face: Face, fact: Fact, titles: dict[int, str]) -> Proposal:
    old, finer = face.would_replace(fact.id)
    return Proposal(fact, old, finer, titles.get(fact.conversation_id or 0, ""))
