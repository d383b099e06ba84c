"""How a fact takes its place: at once, or on the day from which it holds. Until then it is only planned.

"I'm moving to Porto in May" is no home before May: what is so now stays so until that day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from memory import journal
from memory.database import now
from memory.forget import lineage
from memory.known import decided, row_of
from memory.rows import image
from memory.schema import FactRow

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


def is_ahead(begins: datetime | None, moment: datetime | None = None) -> bool:
    """Whether what begins then has not begun yet."""
    return begins is not None and begins > (moment or now())


def settle(session: Session, row: FactRow, moment: datetime) -> tuple[str, list[journal.Change]]:
    """Take in what the user said yes to, or whose day has come, as it stands to what is known now.

    Returns what became of it, in a word, and the changed rows with their images.
    """
    decision = decided(session, row)
    changes: list[journal.Change] = [(row, image(row))]
    if decision.action == "leave":  # said twice, and taken in once already
        row.state, row.retracted = "retracted", now()
        return "known already", changes
    if is_ahead(row.valid_from, moment) and decision.action == "supersede":
        row.state = "planned"
        return "planned", changes
    row.state = "current"
    if decision.old is not None and decision.action in {"supersede", "merge"}:
        old = row_of(session, decision.old.id)
        changes.append((old, image(old)))
        take_place(old, row, decision.action == "merge")
    return "accepted", changes


def take_place(old: FactRow, new: FactRow, refines: bool) -> None:
    """What is only said more precisely takes the old one's time as well; else its own time begins."""
    if refines:
        new.valid_from = old.valid_from
    close(old, new, ended=(old.valid_from or old.recorded) if refines else new.valid_from or now())


def close(old: FactRow, new: FactRow, ended: datetime) -> None:
    old.state, old.superseded_by, old.valid_to = "superseded", new.id, ended


def keep_time(session: Session, moment: datetime) -> list[int]:
    """Begin what was planned for a day that has come, and end what is over; returns the changed facts.

    Time does this and not the user, so it is no step of undo. Nor is any more what the user did before to a
    plan whose day has come, to what it took the place of or to what led there: undone or done again, both
    would hold at once.
    """
    planned = select(FactRow).where(FactRow.state == "planned", FactRow.valid_from <= moment)
    changed: list[int] = []
    for row in session.scalars(planned.order_by(FactRow.valid_from, FactRow.id)).all():
        _, changes = settle(session, row, moment)
        session.flush()
        changed += [fact.id for fact, _ in changes if isinstance(fact, FactRow)]
    if changed:
        journal.drop_mentions(session, "fact", lineage(session, changed))
    over = select(FactRow).where(FactRow.state == "current", FactRow.valid_to <= moment)
    for row in session.scalars(over).all():
        row.state = "expired"
        changed.append(row.id)
    return changed
