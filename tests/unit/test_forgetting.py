"""Forgetting reaches what is only half there: names that were cut off, and what a kill left undone."""

from __future__ import annotations

import stat

import pytest

from app.core import Dormouse
from app.events import Bus
from app.home import Home
from app.owing import owing
from memory.extract import Candidate
from memory.facts import Facts
from memory.forget import forget_facts
from memory.records import Forgotten
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


class Killed(BaseException):
    """What ends the program at once."""


def learned(dormouse):
    """A fact that a night, a report, a log and a backup know of."""
    fact = dormouse.add_fact("boat", SECRET)
    adapter = dormouse.home.adapters / "night-1.gguf"
    adapter.write_bytes(SECRET.encode())
    dormouse.store.add_night(state="worn", adapter=adapter.name, scale=1.0, facts=(fact.id,))
    for path in (dormouse.home.reports / "0001.md", dormouse.home.log_file("sleep")):
        path.write_text(f"Learned {SECRET}.")
    (dormouse.home.states / "0.state").write_text(SECRET)
    dormouse.backup()
    return fact


@pytest.mark.parametrize("step", ["nights", "scrub"])
def test_what_a_forgetting_was_kept_from_doing_is_done_at_the_next_start(open_home, step):
    dormouse = open_home()
    home, fact = dormouse.home, learned(dormouse)

    def killed(*_):
        raise Killed

    dormouse.store.scrub = killed  # what comes last never comes
    if step == "nights":
        dormouse.memory._end_night = killed  # and nothing comes after the commit
    with pytest.raises(Killed):
        dormouse.forget(fact.id)
    assert dormouse.facts() == []
    [note] = home.path.glob("forgetting-*")
    assert stat.S_IMODE(note.stat().st_mode) == 0o600

    dormouse = open_home()
    assert not list(home.adapters.iterdir()) and dormouse.nights()[0].state == "undone"
    assert holding(home.path, SECRET) == []
    assert (home.reports / "0001.md").read_text("utf-8") == "Learned (forgotten)."
    assert not list(home.path.glob("forgetting-*"))


def test_a_forgetting_that_was_never_kept_changes_nothing(open_home):
    dormouse = open_home()
    home, fact = dormouse.home, learned(dormouse)

    def forget(before):
        with pytest.raises(Killed):
            forget_facts(dormouse.store, [fact.id], True, lambda gone: killed(before, gone))
        return Forgotten()

    def killed(before, gone):
        before(gone)
        raise Killed

    _, note = owing(home, forget)
    assert SECRET in note.read_text("utf-8")
    dormouse = open_home()
    assert [each.value for each in dormouse.facts()] == [SECRET] and not note.exists()
    assert dormouse.nights()[0].state == "worn" and (home.adapters / "night-1.gguf").exists()


def test_a_start_comes_through_where_forgetting_cannot_be_finished(open_home):
    dormouse = open_home()
    (dormouse.home.path / "forgetting-0.json").write_text("no note at all")
    assert open_home().facts() == []


def set_aside(dormouse, folder, *facts):
    """A restore after these facts were added: the memory that has them is set aside; returns where."""
    chat = dormouse.new_conversation()
    dormouse.ask(chat.id, f"Ask {SECRET} about the rowing club.")
    copy = dormouse.backup(folder / "copy.sqlite3")
    for attribute, value in facts:
        dormouse.add_fact(attribute, value)
    return chat, dormouse.restore_backup(copy)


def test_a_memory_that_was_set_aside_forgets_a_fact_and_keeps_the_rest(open_home, tmp_path):
    dormouse = open_home()
    _, aside = set_aside(dormouse, tmp_path, ("boat", SECRET), ("cat", "Bess"))
    dormouse.forget(dormouse.add_fact("boat", SECRET).id)
    assert holding(dormouse.home.path, SECRET) == []
    assert [path.name for path in dormouse.home.backups.iterdir()] == [aside.name]
    assert stat.S_IMODE(aside.stat().st_mode) == 0o600
    dormouse.restore_backup(aside)
    assert [fact.value for fact in dormouse.facts()] == ["Bess"]
    [chat] = dormouse.conversations()
    assert dormouse.turns(chat.id)[0].text == "Ask (forgotten) about the rowing club."


@pytest.mark.parametrize("what", ["chat", "word"])
def test_a_memory_that_was_set_aside_goes_where_it_cannot_forget(open_home, tmp_path, what):
    """A chat may have gone on there; a word may stand in another fact."""
    dormouse = open_home()
    chat, aside = set_aside(dormouse, tmp_path, ("dish", "tea and toast"))
    if what == "chat":
        dormouse.forget_conversation(chat.id)
    else:
        dormouse.forget(dormouse.add_fact("likes", "tea").id)
    assert not aside.exists() and not list(dormouse.home.backups.iterdir())
