"""Forgetting reaches what is only half there: names that were cut off, and what a kill left undone."""

from __future__ import annotations

import pytest

from memory.extract import Candidate
from memory.facts import Facts
from memory.store import Store, title_from


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "memory.sqlite3")
    yield store
    store.close()


@pytest.fixture
def facts(store):
    return Facts(store)


def holding(folder, word):
    """The files in a folder that have a word, in any case."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if word.lower().encode() in path.read_bytes().lower()]


@pytest.mark.parametrize("again", [False, True])
def test_a_chat_whose_name_was_cut_off_before_a_value_ends_loses_it(tmp_path, store, facts, again):
    """The message that told it is removed; another that the user sent elsewhere is blanked."""
    text = "Between us, the working title of my new novel is Salt Road of the Quiet Kings."
    value = "Salt Road of the Quiet Kings"
    chat = store.new_conversation()
    told = store.add_turn(chat.id, "user", text)
    start = text.index(value)
    learned = facts.learn(Candidate("novel's title", value, start, start + len(value), 0.9), told.id, text)
    if again:
        chat = store.new_conversation()
        store.add_turn(chat.id, "user", text + " Keep it.")
    assert "Salt Road" in store.conversation(chat.id).title
    other = store.new_conversation("Gardens")
    store.pin_conversation(other.id, True)
    store.pin_conversation(chat.id, True)
    store.rename_conversation(chat.id, "My novel")
    store.rename_conversation(chat.id, title_from(text))
    facts.forget(learned.id, with_turns=True)
    assert store.conversation(chat.id).title == ""
    store.scrub()
    store.close()
    assert holding(tmp_path, "Salt Road") == []
    assert facts.undo() == "Undid: pinned the chat “Gardens”"
