"""A backup put in the place of what is here, and everything forgotten, on a real home."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from app.core import Dormouse
from app.events import Bus, Changed
from app.home import Home, HomeBusy
from app.renewing import NOT_ITS_OWN, REPLACING
from consolidation.sleep import lock_of
from memory.backups import look
from memory.records import MemoryRefused
from models.catalogue import sha256
from tests.scripted import ScriptedEmbedder, ScriptedEngine

SECRET = "Quorbline"
FIXTURES = Path(__file__).parents[1] / "fixtures"


@pytest.fixture
def told():
    return []


@pytest.fixture
def dormouse(tmp_path, told):
    bus = Bus()
    bus.listen(told.append)
    made = Dormouse(
        Home(tmp_path / "home"), bus, lambda _path, _settings: ScriptedEngine("Noted."), ScriptedEmbedder
    )
    made.start()
    yield made
    made.close()


def say(dormouse, text):
    chat = dormouse.new_conversation()
    dormouse.ask(chat.id, text)
    assert dormouse.idle.settle(30)
    return chat


def night(dormouse, name, words):
    """A night that was worn, with weights of its own."""
    path = dormouse.home.adapters / name
    path.write_bytes(words.encode())
    return dormouse.store.add_night(
        "b" * 64, state="worn", adapter=name, adapter_sha256=sha256(path), scale=1.0, examined_scale=1.0
    )


def holding(folder, word):
    """The files in a folder that have a word, in any case."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if word.lower().encode() in path.read_bytes().lower()]


def test_a_backup_takes_the_place_of_what_is_here(dormouse, tmp_path, told):
    say(dormouse, "Good morning.")
    dormouse.add_fact("boat", "Maud")
    copy = dormouse.backup(tmp_path / "copy.sqlite3")
    say(dormouse, "Good evening.")
    dormouse.add_fact("second boat", SECRET)

    there, here = dormouse.look_at_backup(copy)
    assert (there.chats, there.facts, here.chats, here.facts) == (1, 1, 2, 2)
    assert there.newest < here.newest

    told.clear()
    aside = dormouse.restore_backup(copy)
    assert [fact.value for fact in dormouse.facts(state="current")] == ["Maud"]
    assert len(dormouse.conversations()) == 1
    assert any(isinstance(event, Changed) and "facts" in event.kinds for event in told)
    assert dormouse.idle.settle(30)
    assert any("Maud" in note.text for note in dormouse.recall("What is my boat called?"))
    assert dormouse.home.owned

    # what was replaced is kept for its owner alone, and can be put back in turn
    assert aside.parent == dormouse.home.backups and stat.S_IMODE(aside.stat().st_mode) == 0o600
    dormouse.restore_backup(aside)
    assert {fact.value for fact in dormouse.facts(state="current")} == {"Maud", SECRET}


def test_what_lies_beside_belongs_to_the_memory_that_is_there(dormouse, tmp_path):
    own, gone = night(dormouse, "night-0001.gguf", "own"), night(dormouse, "night-0002.gguf", "first")
    kept, other = dormouse.add_fact("boat", "Maud"), dormouse.add_fact("cat", "Bess")
    copy = dormouse.backup(tmp_path / "copy.sqlite3")
    (dormouse.home.adapters / "night-0002.gguf").write_bytes(b"trained anew")
    night(dormouse, "night-0003.gguf", SECRET)
    dormouse.edit_fact(other.id, "cat", "Tib")
    new = dormouse.add_fact("dog", "Pim")
    for fact in (kept, new):
        dormouse.veto(fact.id, True)
    (dormouse.home.states / "0.state").write_bytes(b"a saved state")

    dormouse.restore_backup(copy)
    nights = {each.id: each for each in dormouse.nights()}
    assert nights[own.id].state == "worn" and nights[own.id].adapter
    assert (nights[gone.id].state, nights[gone.id].sentence) == ("undone", NOT_ITS_OWN)
    assert [path.name for path in dormouse.home.adapters.glob("*.gguf")] == ["night-0001.gguf"]
    assert not list(dormouse.home.states.glob("*.state"))
    assert dormouse.sleeping.vetoed() == {kept.id}


class Killed(BaseException):
    """What ends the program at once."""


def killed(*_):
    raise Killed


@pytest.mark.parametrize("step", ["make_room", "settle"])
def test_a_restore_that_was_cut_off_is_finished_at_the_next_start(dormouse, tmp_path, monkeypatch, step):
    kept = dormouse.add_fact("boat", "Maud")
    copy = dormouse.backup(tmp_path / "copy.sqlite3")
    night(dormouse, "night-0001.gguf", SECRET)
    new = dormouse.add_fact("dog", SECRET)
    for fact in (kept, new):
        dormouse.veto(fact.id, True)
    home = dormouse.home
    (home.states / "0.state").write_text(SECRET)
    (home.index / "vectors").write_text(SECRET)
    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(f"app.renewing.{step}", killed)
        dormouse.restore_backup(copy)
    assert (home.adapters / "night-0001.gguf").exists()

    home.unlock()
    again = Dormouse(Home(home.path), Bus(), lambda *_: ScriptedEngine("Noted."), ScriptedEmbedder)
    again.start(tend=False)
    assert [fact.value for fact in again.facts()] == ["Maud"] and again.sleeping.vetoed() == {kept.id}
    assert {path.parent.name for path in holding(home.path, SECRET)} == {"backups"}
    again.close()
    # once: what is here from now on is its own
    (home.index / "vectors").write_text("filled again")
    again.start(tend=False)
    assert (home.index / "vectors").exists()
    again.close()


def test_a_restore_that_was_cut_off_before_anything_was_replaced_changes_nothing(
    dormouse, tmp_path, monkeypatch
):
    dormouse.add_fact("boat", "Maud")
    copy = dormouse.backup(tmp_path / "copy.sqlite3")
    own = night(dormouse, "night-0001.gguf", "own")
    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr("app.renewing.put_back", killed)
        dormouse.restore_backup(copy)
    assert dormouse.home.mark(REPLACING) is None
    assert dormouse.nights() == [own] and [fact.value for fact in dormouse.facts()] == ["Maud"]


def test_an_old_backup_is_brought_up_to_date_first(dormouse, tmp_path):
    old = tmp_path / "old.sqlite3"
    with closing(sqlite3.connect(old)) as connection:
        connection.executescript((FIXTURES / "home-0001.sql").read_text("utf-8"))
    before = old.read_bytes()
    dormouse.restore_backup(old)
    assert dormouse.conversations() and dormouse.doctor()[2].ok
    assert old.read_bytes() == before
    assert not list(dormouse.home.path.glob("restoring-*"))


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("notes.sqlite3", b"Dear diary", "is no backup"),
        ("broken.sqlite3", b"SQLite format 3\x00" + b"\xff" * 5000, "damaged"),
        ("missing.sqlite3", None, "is no backup"),
    ],
)
def test_what_cannot_be_restored_changes_nothing(dormouse, tmp_path, name, content, why):
    dormouse.add_fact("boat", "Maud")
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(MemoryRefused, match=why):
        dormouse.restore_backup(tmp_path / name)
    assert [fact.value for fact in dormouse.facts(state="current")] == ["Maud"]
    assert not list(dormouse.home.backups.iterdir())


def test_other_databases_newer_ones_and_the_memory_itself_are_refused(dormouse, tmp_path):
    other = tmp_path / "other.sqlite3"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE song (title TEXT)")
    newer = dormouse.backup(tmp_path / "newer.sqlite3")
    with closing(sqlite3.connect(newer)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    for path, why in ((other, "is no backup"), (newer, "newer"), (dormouse.home.database, "in use")):
        with pytest.raises(MemoryRefused, match=why):
            dormouse.look_at_backup(path)
    assert look(dormouse.home.database).chats == 0


def test_not_while_a_night_is_slept_and_not_by_a_guest(dormouse, tmp_path):
    copy = dormouse.backup(tmp_path / "copy.sqlite3")
    with lock_of(dormouse.home.path).acquire(blocking=False):
        for act in (lambda: dormouse.restore_backup(copy), dormouse.forget_everything):
            with pytest.raises(MemoryRefused, match="A night is in progress"):
                act()
    guest = Dormouse(Home(dormouse.home.path), Bus())
    guest.start(guest=True)
    with pytest.raises(HomeBusy):
        guest.forget_everything()
    guest.close()


def test_forgetting_everything_leaves_no_byte_of_it(dormouse, tmp_path):
    home = dormouse.home
    say(dormouse, f"My boat is called {SECRET}.")
    dormouse.add_fact("boat", SECRET)
    dormouse.backup()
    night(dormouse, "night-0001.gguf", SECRET)
    (home.path / "nights" / "0001").mkdir(parents=True)
    for path in (
        home.path / "nights" / "0001" / "items.json",
        home.reports / "0001.md",
        home.states / "0.state",
        home.log_file("engine"),
        home.path / "settings.broken.toml",
    ):
        path.write_text(SECRET)
    home.change("model", f"/tmp/{SECRET}.gguf")
    models = home.path / "models"
    models.mkdir(exist_ok=True)
    (models / "public.gguf").write_bytes(b"public")
    (home.path / "my own list.txt").write_text("bread")
    assert len(holding(home.path, SECRET)) > 6

    with home.logging():
        assert dormouse.forget_everything() == ["my own list.txt"]
        assert holding(home.path, SECRET) == []
        assert (models / "public.gguf").exists() and (home.path / "my own list.txt").exists()
        # a fresh home, at once
        assert (dormouse.conversations(), dormouse.facts(), dormouse.nights()) == ([], [], [])
        assert home.settings.model == "" and home.owned
        dormouse.add_fact("boat", "Maud")
        say(dormouse, "Good morning.")
        assert holding(home.path, SECRET) == []
    for folder in (home.path, home.index, home.backups):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
