"""The store: what is said is kept, found and put away."""

from __future__ import annotations

import json
import sqlite3
import stat
import sys
import threading

import pytest

from memory.facts import Facts
from memory.forget import forget_facts
from memory.one_chat import export_chat
from memory.records import MemoryRefused
from memory.store import Store
from memory.transfer import bring_in, export


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "home" / "memory.sqlite3")
    yield store
    store.close()


def test_turns_come_back_in_order_and_name_the_conversation(store):
    chat = store.new_conversation()
    store.add_turn(chat.id, "user", "My dog is called Pim.")
    store.add_turn(chat.id, "assistant", "Noted.", notes=("fact:1",), worn=("night-1",))
    turns = store.turns(chat.id)
    assert [turn.text for turn in turns] == ["My dog is called Pim.", "Noted."]
    assert turns[1].notes == ("fact:1",) and turns[1].worn == ("night-1",)
    assert store.turns(chat.id, limit=1) == turns[1:]
    kept = store.conversation(chat.id)
    assert kept.title == "My dog is called Pim." and kept.turns == 2
    assert kept.created.tzinfo is not None


def test_a_reply_that_a_crash_cut_off_is_marked(store):
    chat = store.new_conversation()
    turn = store.add_turn(chat.id, "assistant", "", state="writing")
    store.extend_turn(turn.id, "Half a sen", "writing")
    assert store.close_open_turns() == 1
    assert store.turn(turn.id).state == "interrupted" and store.turn(turn.id).text == "Half a sen"
    assert store.close_open_turns() == 0


@pytest.mark.parametrize(
    "typed", ['"', "NEAR(", "a AND", "text:*", "-", "'; DROP TABLE turn; --", "(", "^x", ""]
)
def test_what_is_typed_into_search_is_never_syntax(store, typed):
    chat = store.new_conversation()
    store.add_turn(chat.id, "user", "Crème brûlée on Friday")
    assert isinstance(store.search_turns(typed, 5), list)
    assert isinstance(store.conversations(typed), list)


def test_search_finds_unfinished_words_and_ignores_accents(store):
    chat = store.new_conversation()
    turn = store.add_turn(chat.id, "user", "Crème brûlée on Friday")
    assert store.search_turns("creme bru", 5) == [turn]
    assert store.search_turns("creme monday", 5) == []
    assert [found.id for found in store.conversations("friday")] == [chat.id]


def test_a_chat_comes_back_whatever_was_changed_since(store):
    chat = store.new_conversation()
    store.add_turn(chat.id, "user", "Pim barks")
    store.delete_conversation(chat.id)
    fact = Facts(store).add("home", "Clun")
    assert store.restore_conversation(chat.id).id == chat.id
    assert [found.id for found in store.conversations()] == [chat.id]
    assert store.search_turns("Pim", 5) and Facts(store).fact(fact.id).value == "Clun"


def test_a_deleted_chat_is_gone_until_undo(store):
    chat = store.new_conversation()
    store.add_turn(chat.id, "user", "Pim barks")
    store.delete_conversation(chat.id)
    assert store.conversations() == [] and store.search_turns("Pim", 5) == []
    with pytest.raises(MemoryRefused, match="no longer there"):
        store.add_turn(chat.id, "user", "More")
    assert "Pim barks" in (Facts(store).undo() or "")
    assert [found.id for found in store.conversations()] == [chat.id]


def test_what_follows_a_turn_can_be_dropped(store):
    chat = store.new_conversation()
    first = store.add_turn(chat.id, "user", "One")
    store.add_turn(chat.id, "assistant", "Two")
    store.add_turn(chat.id, "user", "Three")
    assert store.delete_turns_after(first.id) == 2
    assert store.turns(chat.id) == [first]


def test_a_failed_write_leaves_nothing(store):
    chat = store.new_conversation()
    with pytest.raises(ValueError, match="stop"), store.write() as session:
        session.connection().exec_driver_sql("UPDATE conversation SET title = 'half'")
        raise ValueError("stop")
    assert store.conversation(chat.id).title == ""


def test_many_threads_may_write(store):
    chat = store.new_conversation()

    def say(name: int) -> None:
        for number in range(10):
            store.add_turn(chat.id, "user", f"{name}-{number}")

    threads = [threading.Thread(target=say, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.turns(chat.id)) == 40


def test_turns_of_private_chats_are_not_indexed(store):
    chat = store.new_conversation(remembered=False)
    turn = store.add_turn(chat.id, "user", "A secret")
    assert store.outbox() == []
    assert store.texts_to_index("turn", [turn.id]) == {turn.id: ""}


def test_nights_are_registered_with_their_facts_and_items(store):
    fact = Facts(store).add("dog's name", "Pim")
    night = store.add_night("abc", facts=[fact.id])
    store.add_night_items(night.id, [(fact.id, "What is my dog called?", "Pim."), (None, "2+2?", "4.")])
    night = store.update_night(night.id, state="worn", adapter="night-1.gguf", scale=0.75)
    assert (night.state, night.scale, night.facts) == ("worn", 0.75, (fact.id,))
    assert [item.fact_id for item in store.night_items(night.id)] == [fact.id, None]
    assert Facts(store).fact(fact.id).nights == (night.id,)
    with pytest.raises(TypeError):
        store.update_night(night.id, mood="good")


def test_a_backup_holds_the_newest_rows(store, tmp_path):
    chat = store.new_conversation()
    store.add_turn(chat.id, "user", "The newest row")
    copy = store.backup(tmp_path / "copies" / "copy.sqlite3")
    restored = Store(copy)
    assert restored.turns(chat.id)[0].text == "The newest row"
    restored.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps its own access lists")
def test_nobody_else_may_read_the_files(store, tmp_path):
    store.new_conversation()
    files = [path for path in (tmp_path / "home").iterdir() if path.is_file()]
    assert files and all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in files)
    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700


def test_everything_goes_out_and_comes_in_again(store, tmp_path):
    chat = store.new_conversation()
    said = store.add_turn(chat.id, "user", "I live in Clun", name="Ada")
    facts = Facts(store)
    old = facts.add("home", "Clun", turn_id=said.id, span=(10, 14), origin="said")
    new = facts.supersede(old.id, "Ludlow")
    store.add_turn(chat.id, "assistant", "Noted", notes=(f"fact:{new.id}",))
    store.add_night("abc", facts=[new.id], state="worn")
    file = tmp_path / "all.jsonl"
    assert export(store, file) == 9

    other = Store(tmp_path / "other" / "memory.sqlite3")
    other.new_conversation("already here")
    assert bring_in(other, file).facts == 2
    (there,) = [found for found in other.conversations() if found.title != "already here"]
    turns = other.turns(there.id)
    current = Facts(other).current()[0]
    assert turns[0].name == "Ada" and turns[0].created == said.created
    assert current.value == "Ludlow" and turns[1].notes == (f"fact:{current.id}",)
    first = Facts(other).history(current.id)[0]
    assert first.superseded_by == current.id and first.quote == "I live in Clun" and first.span == (10, 14)
    assert other.nights()[0].state == "undone"
    other.close()


def test_a_broken_export_changes_nothing(store, tmp_path):
    file = tmp_path / "broken.jsonl"
    file.write_text('{"dormouse": 1}\n{"table": "conversation", "id": 1, "title": "x", "crea')
    with pytest.raises(MemoryRefused, match="Line 2"):
        bring_in(store, file)
    assert store.conversations() == []


def test_the_database_keeps_its_promises(store):
    with sqlite3.connect(store.path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()
    assert store.is_sound()


def test_undo_does_not_silently_make_a_private_chat_remembered(store):
    chat = store.new_conversation("Pim")
    store.rename_conversation(chat.id, "Fred")
    store.set_remembered(chat.id, False)
    assert "no longer remembered" in (Facts(store).undo() or "")
    store.set_remembered(chat.id, False)
    store.delete_conversation(chat.id)
    Facts(store).undo()
    assert store.conversation(chat.id).remembered is False


def test_an_error_of_the_database_does_not_quote_the_user(store):
    with pytest.raises(Exception, match="FOREIGN KEY") as raised:
        Facts(store).add("dog's name", "Quillfeather", turn_id=99)
    assert "Quillfeather" not in str(raised.value)


def test_half_a_backup_is_not_left_behind(store, tmp_path):
    target = tmp_path / "copies" / "copy.sqlite3"
    target.mkdir(parents=True)
    with pytest.raises(OSError):
        store.backup(target)
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize(
    ("before", "after"), [("replaced", "undone"), ("training", "undone"), ("kept", "kept")]
)
def test_a_night_that_comes_in_is_history_and_owns_no_file(store, tmp_path, before, after):
    store.add_night("abc", state=before, adapter="night-0001.gguf")
    export(store, tmp_path / "all.jsonl")
    other = Store(tmp_path / "other" / "memory.sqlite3")
    bring_in(other, tmp_path / "all.jsonl")
    assert (other.nights()[0].state, other.nights()[0].adapter) == (after, "")
    other.close()


def test_a_memory_that_cannot_be_opened_is_not_called_damaged(tmp_path):
    (tmp_path / "memory.sqlite3").mkdir()
    with pytest.raises(MemoryRefused, match="cannot be opened now"):
        Store(tmp_path / "memory.sqlite3")


def test_chats_are_pinned_filed_and_found_however_old(store):
    old, filed = store.new_conversation("Old"), store.new_conversation("Filed")
    store.pin_conversation(old.id, True)
    store.file_conversation(filed.id, "  Summer \n trips ")
    for number in range(4):
        store.new_conversation(f"New {number}")
    titles = [each.title for each in store.conversations(limit=2)]
    assert titles == ["New 3", "New 2", "Filed", "Old"]
    assert store.conversation(old.id).pinned and store.conversation(filed.id).folder == "Summer trips"
    store.pin_conversation(old.id, False)
    assert len(store.conversations(limit=2)) == 3


def test_a_folder_is_renamed_and_emptied_and_all_of_it_undone(store):
    facts = Facts(store)
    one, two = store.new_conversation("One"), store.new_conversation("Two")
    for chat in (one, two):
        store.file_conversation(chat.id, "Trips")
    assert store.rename_folder("Trips", "Travel") == [one.id, two.id]
    assert store.rename_folder("Travel", "") == [one.id, two.id]
    assert {each.folder for each in store.conversations()} == {""}
    assert facts.undo() == "Undid: took the chats out of “Travel”"
    assert {each.folder for each in store.conversations()} == {"Travel"}
    facts.undo()
    facts.undo()
    assert [each.folder for each in store.conversations()] == ["", "Trips"]


@pytest.mark.parametrize("kind", ["markdown", "json"])
def test_one_chat_is_written_in_every_version_for_the_user_only(store, tmp_path, kind):
    chat = store.new_conversation("Otters")
    store.add_turn(chat.id, "user", "An otter?")
    first = store.add_turn(chat.id, "assistant", "It swims.")
    other = store.add_turn(chat.id, "assistant", "It dives.", instead_of=first.id)
    path = tmp_path / "chat"
    assert export_chat(store, chat.id, path, kind) == 3
    assert sys.platform == "win32" or stat.S_IMODE(path.stat().st_mode) == 0o600
    text = path.read_text("utf-8")
    if kind == "markdown":
        assert text.startswith("# Otters\n") and text.index("It dives.") < text.index("It swims.")
        return
    told = json.loads(text)
    assert [each["text"] for each in told["messages"]] == ["An otter?", "It dives."]
    assert told["other_versions"][0]["versions"] == [first.id, other.id]


def test_a_folder_that_is_named_after_what_is_forgotten_is_gone(store):
    chat = store.new_conversation("Vet")
    store.file_conversation(chat.id, "Pim and the rest")
    store.file_conversation(chat.id, "Pim")
    fact = Facts(store).add("dog's name", "Pim")
    forget_facts(store, [fact.id])
    store.scrub()
    assert store.conversation(chat.id).folder == "" and b"Pim" not in store.path.read_bytes()
