"""Copies of the memory: those that hold what was forgotten are known, whatever they are called."""

from __future__ import annotations

import shutil

import pytest

from memory.copies import holds
from memory.forget import forget_conversation
from memory.store import Store


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "memory.sqlite3")
    yield store
    store.close()


def say(store, *texts):
    chat = store.new_conversation()
    for text in texts:
        store.add_turn(chat.id, "user", text)
    return chat


def test_a_copy_from_before_holds_a_forgotten_chat_and_others_do_not(tmp_path, store):
    say(store, "hello")
    before = store.backup(tmp_path / "before.sqlite3")
    chat = say(store, *(f"line {number}" for number in range(40)))
    between = store.backup(tmp_path / "between.sqlite3")
    gone = forget_conversation(store, chat.id)
    after = store.backup(tmp_path / "after.sqlite3")
    assert len(gone.said) == len(gone.turns) == 40
    assert [holds(copy, gone) for copy in (before, between, after)] == [False, True, False]
    left = {path.name for path in tmp_path.glob("*.sqlite3*")}
    assert not {name for name in left if name.startswith(("before", "between", "after")) and "-" in name}


def test_a_copy_of_another_future_is_left_alone(tmp_path, store):
    """After an older copy was put in place, new messages have the ids of others in the newer copy."""
    say(store, "hello")
    older = store.backup(tmp_path / "older.sqlite3")
    theirs = say(store, "something else")
    newer = store.backup(tmp_path / "newer.sqlite3")
    shutil.copy(older, tmp_path / "put-back.sqlite3")
    again = Store(tmp_path / "put-back.sqlite3")
    ours = say(again, "a secret")
    assert again.turns(ours.id)[0].id == store.turns(theirs.id)[0].id
    assert not holds(newer, forget_conversation(again, ours.id))
    again.close()
    assert holds(newer, forget_conversation(store, theirs.id))


def test_what_is_no_memory_holds_nothing(tmp_path, store):
    strange = tmp_path / "strange.sqlite3"
    strange.write_bytes(b"not a database at all " * 100)
    assert not holds(strange, forget_conversation(store, say(store, "hello").id))
