"""Homes with more of everything than one statement of SQLite takes parameters."""

from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy import event

from memory.database import now
from memory.facts import Facts
from memory.forget import forget_conversation, forget_facts
from memory.readable import export_markdown
from memory.records import Turn
from memory.store import Store

MANY, ALLOWED = 200, 50  # of each thing; parameters


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "memory.sqlite3")
    yield store
    store.close()


@pytest.fixture
def chat(store):
    """A chat of many messages, each of which told a fact; afterwards little is allowed in one statement."""
    chat, facts = store.new_conversation(), Facts(store)
    turns = [Turn(0, 0, "user", f"My thing {number} is blue", now()) for number in range(MANY)]
    for number, turn in enumerate(store.add_turns(chat.id, turns)):
        facts.add(f"thing {number}", "blue", turn_id=turn.id, origin="said", span=(0, 2))
    event.listen(
        store._engine,
        "checkout",
        lambda connection, *_: connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, ALLOWED),
    )
    return chat.id


def test_the_limit_is_real(store, chat):
    with store.read() as session, pytest.raises(Exception, match="too many SQL variables"):
        marks = ",".join("?" * (ALLOWED + 1))
        session.connection().exec_driver_sql(f"SELECT 1 IN ({marks})", tuple(range(ALLOWED + 1)))


def test_lists_and_exports_are_whole(store, chat, tmp_path):
    facts = Facts(store)
    assert len(facts.current()) == len(facts.facts("thing")) == MANY
    assert all(fact.quote for fact in facts.facts())
    assert len(store.search_turns("blue", limit=MANY)) == len(store.turns(chat)) == MANY
    assert store.conversations("blue")[0].id == chat
    assert export_markdown(store, tmp_path / "out") == 2
    store.index_everything()
    work = [item for _, kind, item in store.outbox(10 * MANY) if kind == "turn"]
    assert len(work) == MANY and all(store.texts_to_index("turn", work).values())


def test_everything_is_forgotten(store, chat):
    facts = Facts(store)
    some = [fact.id for fact in facts.current()][: MANY // 2]
    assert len(forget_facts(store, some).facts) == MANY // 2
    gone = forget_conversation(store, chat)
    assert (len(gone.facts), len(gone.turns)) == (MANY - MANY // 2, MANY)
    assert facts.facts() == [] and store.search_turns("blue") == []
