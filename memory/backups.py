"""Copies of the memory that the user made: what is in one, and how it is put in the place of what is here."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from memory.database import Database
from memory.records import MemoryRefused
from memory.schema import KNOWN_VERSIONS

COUNTS = (
    "SELECT (SELECT count(*) FROM conversation WHERE deleted IS NULL),"
    " (SELECT count(*) FROM turn), (SELECT count(*) FROM fact WHERE state = 'current'),"
    " (SELECT max(created) FROM turn)"
)
NO_BACKUP = "{} is no backup of Dormouse. Choose a file that “Back up” or dormouse backup made."
NEWER = "{} was written by a newer Dormouse. Install that version to restore it."
DAMAGED = "{} is damaged and cannot be restored. Choose another backup."


@dataclass(frozen=True, slots=True)
class Backup:
    """How much is in a copy of the memory, and when the newest message in it was said."""

    path: Path
    chats: int
    messages: int
    facts: int
    newest: datetime | None


def look(path: Path) -> Backup:
    """What is in a copy; raises ``MemoryRefused`` for a file that cannot be restored."""
    if not path.is_file():
        raise MemoryRefused(NO_BACKUP.format(path.name))
    try:
        with closing(_reading(path)) as connection:
            found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            if found is None or found[0] not in KNOWN_VERSIONS:
                raise MemoryRefused(NEWER.format(path.name))
            chats, messages, facts, newest = connection.execute(COUNTS).fetchone()
            sound = connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
    except sqlite3.OperationalError as error:  # no such table
        raise MemoryRefused(NO_BACKUP.format(path.name)) from error
    except sqlite3.DatabaseError as error:
        raise MemoryRefused(_why(path).format(path.name)) from error
    if not sound:
        raise MemoryRefused(DAMAGED.format(path.name))
    return Backup(path, chats, messages, facts, _utc(newest))


def put_back(path: Path, database: Path, aside: Path) -> None:
    """Make a memory what a copy of it is; until the copy is whole, sound and up to date nothing is touched.

    Args:
        path: the copy.
        database: the memory.
        aside: where what is replaced is kept.
    """
    look(path)
    with TemporaryDirectory(dir=database.parent, prefix="restoring-") as folder:
        ready = Path(folder) / "memory.sqlite3"
        with closing(_reading(path)) as source:
            _fill(ready, source)
        made = Database(ready, Path(folder))  # brings an older copy up to date
        made.close()
        live = Database(database)
        try:
            live.backup(aside)
        finally:
            live.close()
        with closing(sqlite3.connect(ready)) as source:
            _fill(database, source)


def sentences(path: Path) -> dict[int, str]:
    """The facts in a memory or a copy of it, by number."""
    with closing(_reading(path)) as connection:
        return dict(connection.execute("SELECT id, sentence FROM fact"))


def _fill(target: Path, source: sqlite3.Connection) -> None:
    """All of it in one transaction: whoever reads meanwhile sees the old or the new."""
    os.close(os.open(target, os.O_CREAT | os.O_RDWR, 0o600))
    with closing(sqlite3.connect(target, timeout=30)) as connection:
        source.backup(connection)


def _reading(path: Path) -> sqlite3.Connection:
    """Immutable: looking leaves no file beside it. What another program is writing is not."""
    writing = path.with_name(path.name + "-wal")
    how = "mode=ro" if writing.exists() else "immutable=1"
    return sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True)


def _why(path: Path) -> str:
    with path.open("rb") as file:
        return DAMAGED if file.read(15) == b"SQLite format 3" else NO_BACKUP


def _utc(stored: Any) -> datetime | None:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC) if stored else None
