"""How often replies rested on what is known: counted from the notes that every reply keeps.

Nothing is counted up anywhere, so nothing has to be kept right, forgotten or carried over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from memory.database import now
from memory.schema import TurnRow

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from memory.store import Store


class Usage:
    """What replies of earlier months rested on: the same all month long, and so counted once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._counted: tuple[datetime | None, Mapping[int, int]] = (None, {})

    def of_facts(self) -> Mapping[int, int]:
        """The number of replies that rested on a fact, by its id."""
        month = now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        if self._counted[0] != month:
            with self._store.read() as session:
                self._counted = (month, uses(session, month)["fact"])
        return self._counted[1]


def fact_uses(store: Store) -> Mapping[int, int]:
    """The number of replies that rested on a fact until now, by its id."""
    with store.read() as session:
        return uses(session)["fact"]


def uses(session: Session, before: datetime | None = None) -> dict[str, dict[int, int]]:
    """How many replies rested on each turn and on each fact, as far as any did: kind, id, number."""
    note = func.json_each(TurnRow.notes).table_valued("value", joins_implicitly=True)
    query = select(note.c.value, func.count()).select_from(TurnRow, note)
    query = query.where(TurnRow.speaker == "assistant").group_by(note.c.value)
    if before is not None:
        query = query.where(TurnRow.created < before)
    found: dict[str, dict[int, int]] = {"turn": {}, "fact": {}}
    for name, number in session.execute(query):
        kind, _, item = name.partition(":")
        if kind in found and item.isdigit():
            found[kind][int(item)] = number
    return found
