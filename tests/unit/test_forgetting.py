"""Forgetting reaches what is only half there: names that were cut off, and what a kill left undone."""

from __future__ import annotations

import pytest

from app.core import Dormouse
from app.events import Bus
from app.home import Home
from memory.extract import Candidate
from memory.facts import Facts
from memory.store import Store, title_from
from tests.scripted import ScriptedEmbedder, ScriptedEngine

SECRET = "Quorbline"


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "memory.sqlite3")
    yield store
    store.close()


@pytest.fixture
def facts(store):
    return Facts(store)


@pytest.fixture
def open_home(tmp_path):
    """Dormouse on one home, as often as it is asked for; the one before is closed."""
    made = []

    def opened():
        close()
        made.append(
            Dormouse(Home(tmp_path / "home"), Bus(), lambda *_: ScriptedEngine("Noted."), ScriptedEmbedder)
        )
        made[-1].start(tend=False)
        return made[-1]

    def close():
        for each in made:
            each.close()

    yield opened
    close()


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


@pytest.mark.parametrize("when", ["start", "forgetting"])
def test_half_copies_that_a_kill_left_are_removed(open_home, when):
    dormouse = open_home()
    fact = dormouse.add_fact("boat", SECRET)
    left = dormouse.home.path / "restoring-abc"
    left.mkdir()
    (left / "memory.sqlite3").write_text(SECRET)
    for name in ("dormouse-1.sqlite3.partial", "dormouse-1.sqlite3.partial-journal"):
        (dormouse.home.backups / name).write_text(SECRET)
    if when == "start":
        dormouse = open_home()
    else:
        dormouse.forget(fact.id)
    assert not left.exists() and not list(dormouse.home.backups.iterdir())
