"""Noticing and forgetting as the app does them, on real parts except for a scripted engine and embedder."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from app.core import Dormouse
from app.events import Bus
from app.home import Home
from app.noticing import MARK, Noticing
from app.remembering import Remembering
from memory.index import BATCH
from memory.records import MemoryRefused
from models.engine import EngineError
from tests.scripted import ScriptedEmbedder, ScriptedEngine


def script(request):
    return 'dog\'s name": "Pim"}' if request.messages[0].content.startswith("Extract") else "Noted."


class Narrow(ScriptedEngine):
    """Takes no long message."""

    def chat(self, request, stop=lambda: False):
        if len(request.messages[-1].content) > 100:
            raise EngineError("This is too long for the model.")
        return super().chat(request, stop)


def opened(home, guest=False):
    dormouse = Dormouse(home, Bus(), lambda *_: Narrow(script), ScriptedEmbedder)
    dormouse.start(guest=guest, tend=False)
    return dormouse


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


@pytest.fixture
def dormouse(home):
    dormouse = opened(home)
    yield dormouse
    dormouse.close()


def say(dormouse, *texts):
    chat = dormouse.new_conversation()
    return [dormouse.store.add_turn(chat.id, "user", text) for text in texts]


def notice(dormouse):
    dormouse.idle.start()
    assert dormouse.idle.settle(20)
    return [fact.value for fact in dormouse.facts()]


def test_a_message_too_long_for_the_model_does_not_stop_noticing(dormouse):
    _, after = say(dormouse, "my word " * 100, "My dog is called Pim.")
    assert notice(dormouse) == ["Pim"] and dormouse.home.mark(MARK) == after.id


def test_what_could_not_be_read_is_not_given_up_before_something_could_be(dormouse):
    say(dormouse, "my word " * 100)
    assert notice(dormouse) == [] and dormouse.home.mark(MARK) is None


def test_after_an_older_backup_was_put_in_place_noticing_goes_on(home):
    home.set_mark(MARK, 500)
    dormouse = opened(home)
    say(dormouse, "My dog is called Pim.")
    assert notice(dormouse) == ["Pim"]
    dormouse.close()


def test_only_the_users_own_words_that_may_be_found_wait_to_be_read(dormouse):
    store = dormouse.store
    first, changed = say(dormouse, "My dog is called Pim.", "My word is blue")
    private = store.new_conversation(remembered=False)
    store.add_turn(private.id, "user", "My cat is called Ada.")
    gone = store.new_conversation()
    store.add_turn(gone.id, "user", "My boat is called Wren.")
    store.delete_conversation(gone.id)
    store.add_turns(store.new_conversation().id, [replace(first, imported=True), replace(first, name="Bo")])
    store.add_turn(changed.conversation_id, "assistant", "Noted.")
    again = store.add_turn(changed.conversation_id, "user", "My word is red", instead_of=changed.id)
    for number in range(51):
        store.add_turn(store.new_conversation(f"Chat {number}").id, "assistant", "Hello.")
    noticing = Noticing(dormouse.home, store, dormouse.memory.facts, dormouse.serving, dormouse.bus)
    assert [turn.id for turn in noticing.waiting()] == [first.id, again.id]
    dormouse.home.set_mark(MARK, first.id)
    assert [turn.id for turn in noticing.waiting()] == [again.id]


def test_a_guest_does_not_wait_for_an_index_that_it_never_gets(dormouse, home):
    dormouse.add_fact("home", "Clun")
    guest = opened(Home(home.path), guest=True)
    began = time.monotonic()
    assert guest.memory.recall("Where do I live?", patience=5.0) == () and time.monotonic() - began < 2
    guest.close()


def test_forgetting_removes_what_nights_that_were_not_worn_left_behind(dormouse):
    fact = dormouse.add_fact("home", "Clun")
    cancelled, running = (
        dormouse.store.add_night(state="cancelled"),
        dormouse.store.add_night(state="training"),
    )
    for night in (cancelled, running):
        (dormouse.home.path / "nights" / f"{night.id:04}").mkdir(parents=True)
    dormouse.forget(fact.id)
    left = [path.name for path in (dormouse.home.path / "nights").glob("0*")]
    assert left == [f"{running.id:04}"], "the night in progress did not learn it"


def test_forgetting_stops_a_night_that_is_learning_it(dormouse):
    stopped = []

    def stop():
        stopped.append(True)
        raise MemoryRefused("It is slept elsewhere.")

    parts = (dormouse.home, dormouse.store, dormouse.serving, dormouse.bus)
    memory = Remembering(*parts, stop)
    fact, other = memory.facts.add("home", "Clun"), memory.facts.add("dog's name", "Pim")
    dormouse.store.add_night(state="training", facts=[fact.id])
    memory.forget(other.id)
    assert not stopped
    memory.forget(fact.id)
    assert stopped and dormouse.nights()[0].state == "undone"


def test_a_scrub_that_fails_comes_after_everything_else(dormouse):
    fact = dormouse.add_fact("home", "Clun")
    report = dormouse.home.reports / "night-1.md"
    report.write_text("Learned Clun.", "utf-8")
    # a folder where the automatic copies are cannot be unlinked
    (dormouse.home.backups / "before-0.sqlite3").mkdir()
    with pytest.raises(OSError):
        dormouse.forget(fact.id)
    assert report.read_text("utf-8") == "Learned (forgotten)."


def test_a_long_backlog_gives_way_between_batches(dormouse):
    say(dormouse, *(f"My number {number} is blue" for number in range(BATCH + 6)))
    dormouse.memory.tend(lambda: True)
    assert dormouse.store.outbox_size() == 6 and dormouse.recall("My number 3 is blue")
    dormouse.memory.tend(lambda: False)
    assert dormouse.store.outbox_size() == 0
