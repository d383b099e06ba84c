"""How the row of one fact changes: what every act on facts, one or many, is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from memory import journal, phrases, plans
from memory.database import now
from memory.known import decided, row_of
from memory.records import FactState, MemoryRefused
from memory.rows import notify_index
from memory.schema import FactRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


def new_row(
    attribute: str, value: str, sentence: str = "", subject: str = "user", topic: str = ""
) -> FactRow:
    """A fact by its name and value; sentence and topic follow from them where they are not given."""
    name, value = phrases.canonical(attribute), value.strip()
    if not name or not value:
        raise MemoryRefused("A memory needs both a name and a value, such as “home” and “Clun”.")
    return FactRow(
        subject=subject,
        attribute=name,
        value=value,
        sentence=sentence.strip() or phrases.sentence_for(name, value, subject),
        topic=topic or phrases.topic_of(name),
        recorded=now(),
    )


def retract(row: FactRow) -> None:
    """No longer held true; a proposal is turned down."""
    row.state, row.retracted = "retracted", now()
    row.valid_to = row.valid_to or row.retracted


def restore(session: Session, row: FactRow) -> None:
    """Take back a retraction; what contradicts or repeats what is known now waits for a yes."""
    if row.state != "retracted":
        raise MemoryRefused("Only a memory that was marked as no longer true can be restored.")
    if row.valid_to == row.retracted:
        row.valid_to = None
    row.state, row.retracted = _restored(session, row), None


def _restored(session: Session, row: FactRow) -> FactState:
    if row.superseded_by is not None:
        return "superseded"
    if row.valid_to is not None and row.valid_to <= now():
        return "expired"
    state = standing(row, row.valid_to is None)
    if state == "planned" or row.subject != "user" or decided(session, row).action == "add":
        return state
    return "proposed"


def standing(row: FactRow, may_be_planned: bool) -> FactState:
    """The state of what holds, or will on the day from which it does."""
    return "planned" if may_be_planned and plans.is_ahead(row.valid_from) else "current"


def last(session: Session, fact_id: int) -> FactRow:
    """A fact that can be replaced: one that was replaced already has a successor."""
    row = row_of(session, fact_id)
    if row.superseded_by is not None:
        raise MemoryRefused("That memory was replaced already. Change the one that took its place.")
    return row


def write_down(session: Session, sentence: str, changes: Sequence[journal.Change]) -> int:
    """Keep what was done for undo, and have the index look again; returns the step of undo."""
    step = journal.record(session, sentence, changes)
    notify_index(session, "fact", [row.id for row, _ in changes if isinstance(row, FactRow)])
    return step
