"""Copies of the memory: whether one of them still holds what was forgotten, and forgetting it there too."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy.exc import DatabaseError

from memory.forget import forget_again
from memory.records import MemoryRefused
from memory.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from memory.records import Forgotten

SAID = "SELECT id, created FROM turn WHERE id IN (SELECT value FROM json_each(?))"


def holds(copy: Path, gone: Forgotten) -> bool:
    """Whether a copy has any of the messages that are gone, known by their id and the moment they were said.

    The moment tells them apart after an older copy was put in place: new messages then have ids that newer
    copies know for others. A file that is no copy of a memory holds none.
    """
    said = dict(zip(gone.turns, gone.said, strict=True))
    ids = json.dumps(list(said))
    try:
        # immutable: looking leaves no file beside it
        with closing(sqlite3.connect(f"{copy.absolute().as_uri()}?immutable=1", uri=True)) as connection:
            rows = connection.execute(SAID, (ids,)).fetchall()
    except sqlite3.DatabaseError:
        return False
    return any(_utc(created) == said[turn] for turn, created in rows)


def forget_in(copy: Path, gone: Forgotten) -> bool:
    """Forget it in a copy, which keeps the rest; False where that failed."""
    try:
        store = Store(copy, copy.parent)
        try:
            forget_again(store, gone)
            store.scrub()
        finally:
            store.close()
    except (MemoryRefused, DatabaseError):
        return False
    return True


def _utc(stored: str) -> datetime:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC)
