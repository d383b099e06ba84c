"""Homes of earlier versions open; a copy is made first; newer or broken ones are refused."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from memory.database import MIGRATIONS
from memory.facts import Facts
from memory.records import MemoryRefused
from memory.schema import KNOWN_VERSIONS, VERSION, Base
from memory.store import Store

FIXTURES = Path(__file__).parent.parent / "fixtures"
OLD_VERSIONS = KNOWN_VERSIONS[:-1]


def old_home(folder: Path, version: str) -> Path:
    path = folder / "memory.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((FIXTURES / f"home-{version}.sql").read_text(encoding="utf-8"))
    return path


@pytest.mark.parametrize("version", OLD_VERSIONS)
def test_a_home_of_an_earlier_version_opens_with_everything_in_it(tmp_path, version):
    store = Store(old_home(tmp_path, version))
    (chat,) = store.conversations()
    assert [turn.speaker for turn in store.turns(chat.id)] == ["user", "assistant"]
    assert [fact.value for fact in Facts(store).current()] == ["Ludlow", "Pim"]
    assert [turn.text for turn in store.search_turns("dog", 5)] == ["My dog is Pim and I live in Clun."]
    assert store.nights()[0].facts == (1,)
    (copy,) = (tmp_path / "backups").iterdir()
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (version,)
    store.close()
    Store(tmp_path / "memory.sqlite3").close()
    assert len(list((tmp_path / "backups").iterdir())) == 1  # nothing to migrate, nothing copied


def test_a_newer_home_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "memory.sqlite3"
    Store(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(MemoryRefused, match="newer Dormouse"):
        Store(path)


def test_a_file_that_is_no_database_is_refused_in_a_sentence(tmp_path):
    path = tmp_path / "memory.sqlite3"
    path.write_bytes(b"This is not a database. " * 100)
    with pytest.raises(MemoryRefused, match="damaged"):
        Store(path)
    assert path.read_bytes().startswith(b"This is not")


def test_the_tables_are_those_of_the_migrations(tmp_path):
    store = Store(tmp_path / "memory.sqlite3")
    with closing(sqlite3.connect(store.path)) as connection:
        for table in Base.metadata.sorted_tables:
            columns = {row[1]: bool(row[3]) for row in connection.execute(f"PRAGMA table_info({table.name})")}
            assert columns == {column.name: not column.nullable for column in table.columns}
    store.close()


def test_every_migration_is_known():
    script = ScriptDirectory(str(MIGRATIONS))
    assert script.get_current_head() == VERSION
    assert {found.revision for found in script.walk_revisions()} == set(KNOWN_VERSIONS)
