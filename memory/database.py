"""The SQLite file: opened, backed up, migrated, and lent out one short transaction at a time."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, create_engine, event, text
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Session

from memory.records import MemoryRefused
from memory.schema import KNOWN_VERSIONS, VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # a turn that was said to be kept is kept through a power cut
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA busy_timeout=30000",
)
MIGRATIONS = Path(__file__).parent / "migrations"
NOT_NOW = (
    "The memory at {} cannot be opened now: another program holds it, the disk is full or it may not be "
    "written to. Mend that and start again; nothing was changed."
)


def now() -> datetime:
    return datetime.now(UTC)


class Database:
    """One SQLite file, shared by threads and by processes.

    Args:
        path: the file; it is made when missing.
        backups: where copies go before a migration; beside the file by default.
    """

    def __init__(self, path: Path, backups: Path | None = None) -> None:
        self.path = path
        self.backups = backups or path.parent / "backups"
        try:
            _make_private_folder(path.parent)
            _make_private_file(path)
        except OSError as error:
            raise MemoryRefused(NOT_NOW.format(path)) from error
        self._engine = create_engine(
            URL.create("sqlite", database=str(path)),
            connect_args={"timeout": 30},
            hide_parameters=True,  # an error's text may reach a log, and the parameters are the user's words
        )
        event.listen(self._engine, "connect", _prepare)
        event.listen(self._engine, "begin", _begin)
        self._writing = self._engine.execution_options(writes=True)
        try:
            self._migrate()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one moment of the database."""
        with Session(self._engine) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction: all of it is kept, or, after an exception, none of it."""
        with Session(self._writing) as session, session.begin():
            yield session

    def backup(self, target: Path) -> Path:
        """A complete copy, newest rows included, made while others may be writing."""
        _make_private_folder(target.parent)
        partial = target.with_name(target.name + ".partial")
        partial.unlink(missing_ok=True)
        _make_private_file(partial)
        try:
            with closing(sqlite3.connect(self.path)) as source, closing(sqlite3.connect(partial)) as copy:
                source.backup(copy)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)  # half a copy is no use, and forgetting would not know of it
        return target

    def scrub(self) -> None:
        """Leave no trace of deleted words in the file, its log or its automatic copies."""
        for copy in self.backups.glob("before-*.sqlite3"):
            copy.unlink()
        with self.write() as session:
            session.execute(text("INSERT INTO turn_fts(turn_fts) VALUES ('rebuild')"))
            session.execute(text("INSERT INTO fact_fts(fact_fts) VALUES ('rebuild')"))
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def is_sound(self) -> bool:
        """SQLite's own quick check of the file."""
        with self.read() as session:
            return session.execute(text("PRAGMA quick_check(1)")).scalar() == "ok"

    def _migrate(self) -> None:
        try:
            version = self._version()
        except OperationalError as error:
            raise MemoryRefused(NOT_NOW.format(self.path)) from error
        except DatabaseError as error:
            raise MemoryRefused(
                f"The memory at {self.path} cannot be read: it is damaged or not a Dormouse memory. "
                f"Put a backup from {self.backups} in its place, or move it away to start afresh."
            ) from error
        if version == VERSION:
            return
        if version is not None and version not in KNOWN_VERSIONS:
            raise MemoryRefused(
                "This memory was written by a newer Dormouse. Install that version again to open it; "
                "nothing was changed."
            )
        if version is not None:
            self.backup(self.backups / f"before-{VERSION}-{now():%Y%m%d-%H%M%S}.sqlite3")
        with self._writing.begin() as connection:
            _upgrade(connection)

    def _version(self) -> str | None:
        with self._engine.connect() as connection:
            found = connection.execute(text("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"))
            if found.first() is None:
                return None
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: Connection) -> None:
    from alembic import command  # only a home that must change pays for this import
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # the driver's own BEGINs come too late; ours are in _begin
    for pragma in PRAGMAS:
        connection.execute(pragma)


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("isolation_level") == "AUTOCOMMIT":
        return
    # a writer that begins as a reader can be refused when it starts to write: take the lock at once
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")


def _make_private_folder(path: Path) -> None:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def _make_private_file(path: Path) -> None:
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
