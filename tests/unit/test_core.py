"""The face, on real parts except for a scripted engine and embedder."""

import shutil
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.core import Dormouse
from app.events import Bus, Changed, EngineState, Failed, IndexProgress, Noticed
from app.home import Home, HomeBusy
from consolidation.sleep import lock_of
from memory.gists import Gists
from memory.records import MemoryRefused, Speaker, Turn
from models.engine import ModelRefused
from tests.scripted import ScriptedEmbedder, ScriptedEngine


def script(request):
    """Notices a dog's name, and otherwise repeats its last note."""
    last = request.messages[-1].content
    if request.messages[0].content.startswith("Extract"):
        return 'dog\'s name": "Pim"}' if "Pim" in last else '"}'
    return "Noted." if "- " not in last else last.split("- ")[1].split("\n")[0]


@pytest.fixture
def told():
    return []


@pytest.fixture
def engines():
    return []


@pytest.fixture
def dormouse(tmp_path, told, engines):
    bus = Bus()
    bus.listen(told.append)

    def open_engine(path, settings):
        if path.suffix != ".gguf":
            raise ModelRefused(f"{path.name} is not a model.")
        engines.append(ScriptedEngine(script))
        return engines[-1]

    made = Dormouse(Home(tmp_path / "home"), bus, open_engine, ScriptedEmbedder)
    made.start()
    yield made
    made.close()


def test_a_day(dormouse, told):
    first = dormouse.new_conversation()
    dormouse.ask(first.id, "My dog is called Pim.")
    assert dormouse.idle.settle(20)
    [fact] = dormouse.facts(state="current")
    assert (fact.attribute, fact.value, fact.conversation_id) == ("dog's name", "Pim", first.id)
    assert [event.facts for event in told if isinstance(event, Noticed)] == [(fact,)]

    second = dormouse.new_conversation()
    reply = dormouse.ask(second.id, "What is my dog's name?")
    assert f"fact:{fact.id}" in reply.notes and "Pim" in reply.text
    assert dormouse.notes_of(reply.id)[0].text == fact.sentence
    assert dormouse.context_used() > 0 and dormouse.model_state() == "awake"
    assert [turn.id for turn in dormouse.search("called pim")]


def test_a_private_chat_leaves_nothing_behind(dormouse):
    chat = dormouse.new_conversation(remembered=False)
    dormouse.ask(chat.id, "My dog is called Pim.")
    dormouse.idle.settle(20)
    assert not dormouse.facts()
    assert not dormouse.recall("What is my dog called?")


def test_a_long_chat_is_condensed_when_all_is_quiet_and_goes_on(dormouse, engines):
    dormouse.idle.settle(20)
    engines[0].info = replace(engines[0].info, context=2048)  # words, as the scripted engine counts
    chat, long_ago = dormouse.new_conversation(), datetime.now(UTC) - timedelta(days=1)
    texts = ["My sister is called Odile", "Noted."] + ["What do herons eat? " * 40, "Fish."] * 20
    speakers: list[Speaker] = ["user", "assistant"]
    turns = [Turn(0, 0, speakers[at % 2], text, long_ago) for at, text in enumerate(texts)]
    dormouse.store.add_turns(chat.id, turns)
    assert dormouse.idle.settle(20) and dormouse.idle.settle(20)  # a round may have been on its way
    assert [line.text for gist in dormouse.gists() for line in gist.lines] == ["My sister is called Odile"]
    dormouse.ask(chat.id, "And otters?")
    first, second = engines[0].requests[-1].messages[1:3]
    assert first.content.startswith("Earlier in this chat I said:\n- My sister is called Odile\n\nWhat do")
    assert second.role == "assistant"


def test_what_was_said_just_before_the_end_is_noticed_at_the_next_start(tmp_path, told):
    home = Home(tmp_path / "home")
    engine = ScriptedEngine(script)
    first = Dormouse(home, Bus(), lambda *_: engine, ScriptedEmbedder)
    first.start(tend=False)
    first.ask(first.new_conversation().id, "My dog is called Pim.")
    first.close()
    second = Dormouse(Home(home.path), Bus(), lambda *_: engine, ScriptedEmbedder)
    second.start()
    assert second.idle.settle(20)
    assert [fact.value for fact in second.facts()] == ["Pim"]
    second.close()


def test_facts_are_written_changed_and_taken_back(dormouse, told):
    fact = dormouse.add_fact("home", "Clun")
    moved = dormouse.edit_fact(fact.id, "home", "Ludlow")
    assert [each.value for each in dormouse.history(moved.id)] == ["Clun", "Ludlow"]
    assert dormouse.undo() and [each.value for each in dormouse.facts(state="current")] == ["Clun"]
    assert dormouse.redo() and [each.value for each in dormouse.facts(state="current")] == ["Ludlow"]
    dormouse.pin(moved.id, True)
    dormouse.retract(moved.id)
    assert not dormouse.facts(state="current")
    assert sum(isinstance(event, Changed) and "facts" in event.kinds for event in told) >= 6


def test_forgetting_reaches_every_file_and_every_night(dormouse):
    chat = dormouse.new_conversation()
    dormouse.ask(chat.id, "My dog is called Pim.")
    dormouse.idle.settle(20)
    [fact] = dormouse.facts()
    adapter = dormouse.home.adapters / "night-1.gguf"
    adapter.write_bytes(b"GGUF")
    night = dormouse.store.add_night(state="worn", adapter=adapter.name, scale=1.0, facts=(fact.id,))
    report = dormouse.home.reports / "night-1.json"
    report.write_text('{"Pim": 1, "learned": ["The user\'s dog is Pim."]}', "utf-8")
    Gists(dormouse.store).make(dormouse.serving.reader(), 1000, datetime.now(UTC) + timedelta(days=40))
    assert [line.text for gist in dormouse.gists() for line in gist.lines] == ["My dog is called Pim."] * 2
    copy = dormouse.backup()
    dormouse.serving.dress()
    assert "night:1" in dormouse.serving.worn()

    gone = dormouse.forget(fact.id)
    assert gone.nights == (night.id,) and not dormouse.facts() and not dormouse.gists()
    assert "night:1" not in dormouse.serving.worn() and not adapter.exists() and not copy.exists()
    assert report.read_text("utf-8").count("Pim") == 1  # a key is no secret
    report.unlink()
    for path in dormouse.home.path.rglob("*"):
        assert not path.is_file() or b"Pim" not in path.read_bytes(), path


def test_forgetting_a_chat_that_told_no_fact_reaches_copies_and_every_byte(dormouse):
    other = dormouse.new_conversation()
    dormouse.ask(other.id, "Good evening.")
    earlier = dormouse.backup(dormouse.home.backups / "earlier.sqlite3")
    chat = dormouse.new_conversation()
    dormouse.ask(chat.id, "Quillfeather came by at noon, and it rained.")
    dormouse.idle.settle(20)
    copy = dormouse.backup()
    assert not dormouse.facts() and b"Quillfeather" in copy.read_bytes()

    dormouse.forget_conversation(chat.id)
    assert not copy.exists() and earlier.exists()
    for path in dormouse.home.path.rglob("*"):
        assert not path.is_file() or b"Quillfeather" not in path.read_bytes(), path


def test_the_home_has_one_owner_and_others_are_guests(dormouse):
    other = Dormouse(Home(dormouse.home.path), Bus(), lambda *_: ScriptedEngine(), ScriptedEmbedder)
    with pytest.raises(HomeBusy):
        other.start()
    other.start(guest=True)
    other.add_fact("home", "Clun")
    other.close()
    assert [fact.value for fact in dormouse.facts()] == ["Clun"]


def test_a_refused_model_changes_nothing(dormouse, engines, tmp_path, told):
    dormouse.ask(dormouse.new_conversation().id, "hello")
    before = dormouse.settings()
    with pytest.raises(ModelRefused):
        dormouse.use_model(tmp_path / "letter.txt")
    assert dormouse.settings() == before and dormouse.model_state() == "awake"
    assert dormouse.serving.engine() is engines[0] and not engines[0].closed

    dormouse.use_model(tmp_path / "other.gguf")
    assert engines[0].closed and dormouse.serving.engine() is engines[1]
    assert dormouse.settings().model.endswith("other.gguf")
    assert [event.state for event in told if isinstance(event, EngineState)][-1] == "awake"


def test_nights_are_turned_down_and_taken_off(dormouse):
    dormouse.ask(dormouse.new_conversation().id, "hello")
    (dormouse.home.adapters / "night-1.gguf").write_bytes(b"GGUF")
    night = dormouse.store.add_night(state="worn", adapter="night-1.gguf", scale=0.75, examined_scale=0.75)
    dormouse.set_scale(night.id, 0.5)
    assert dormouse.serving._engine.wearing[-1].scale == 0.5
    assert dormouse.set_scale(night.id, 3).scale == 0.75  # no further than its exam
    dormouse.undo_night(night.id)
    assert not [worn for worn in dormouse.serving.worn() if worn.startswith("night")]
    other = dormouse.store.add_night(state="kept")
    with pytest.raises(MemoryRefused):
        dormouse.set_scale(other.id, 1.0)


def test_a_model_that_was_moved_does_not_silence_the_day(dormouse, tmp_path):
    (dormouse.home.adapters / "night-1.gguf").write_bytes(b"GGUF")
    dormouse.store.add_night("base", state="worn", adapter="night-1.gguf", scale=1.0)
    dormouse.home.change("model", str(tmp_path / "moved.gguf"))
    assert dormouse.serving.worn() == ()


def test_a_night_that_does_not_hear_is_ended_for_good(dormouse):
    dormouse.idle.close()  # its clock would go on with the night
    night = dormouse.store.add_night("base")
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as child:
        dormouse.sleeping._kill(child)
    assert dormouse.store.night(night.id).state == "cancelled"


def test_a_night_of_another_process_is_left_to_it(dormouse):
    dormouse.idle.close()  # its clock would go on with the night
    night = dormouse.store.add_night("base")
    with lock_of(dormouse.home.path):
        assert dormouse.sleeping.asleep
        with pytest.raises(MemoryRefused, match="cancel it there"):
            dormouse.cancel_night()
        assert dormouse.store.night(night.id).state == "selecting"
    dormouse.cancel_night()
    assert dormouse.store.night(night.id).state == "cancelled"


def test_a_night_that_cannot_be_worn_does_not_silence_the_day(dormouse, engines, told):
    chat = dormouse.new_conversation()
    dormouse.ask(chat.id, "hello")
    (dormouse.home.adapters / "night-1.gguf").write_bytes(b"broken")
    dormouse.store.add_night(state="worn", adapter="night-1.gguf", scale=1.0)
    engines[0].refuses = "night-1.gguf"
    assert dormouse.ask(chat.id, "and now?").state == "complete"
    assert [event.sentence for event in told if isinstance(event, Failed)]


def test_the_clock(dormouse):
    schedule = dormouse.set_schedule(enabled=True, hour=4, minute=30, plugged_in=False, idle=False)
    assert (schedule.hour, schedule.minute) == (4, 30) and schedule.next_run.astimezone().hour == 4
    assert (
        dormouse.set_schedule(enabled=False, hour=4, minute=30, plugged_in=False, idle=False).next_run is None
    )


def test_the_user_never_waits_for_chores(dormouse, engines):
    """A question that comes while a message is being read is answered first."""
    chat = dormouse.new_conversation()
    dormouse.ask(chat.id, "My dog is called Pim.")
    engines[0].pace = lambda: time.sleep(0.05)
    dormouse.ask(chat.id, "And now?")
    engines[0].pace = lambda: None
    assert dormouse.idle.settle(20)
    assert [fact.value for fact in dormouse.facts()] == ["Pim"]


def test_the_doctor_looks_at_every_part(dormouse):
    checks = {check.name: check for check in dormouse.doctor()}
    assert set(checks) == {"home", "settings", "memory", "index", "model", "adapters"}
    assert all(check.ok for name, check in checks.items() if name != "home"), checks


def test_a_deleted_index_is_read_again_in_the_background_and_says_how_far_it_is(dormouse, told):
    for number in range(100):
        dormouse.add_fact(f"thing {number}", "a brass key")
    assert dormouse.idle.settle(20)
    dormouse.close()
    shutil.rmtree(dormouse.home.index)
    told.clear()
    dormouse.start()
    assert dormouse.recall("Which thing is a brass key?")
    assert dormouse.idle.settle(20)
    shares = [event.share for event in told if isinstance(event, IndexProgress) and event.again]
    assert len(shares) > 1 and shares == sorted(shares) and shares[-1] == 1.0


def test_two_who_tend_the_index_at_once_share_it(dormouse, caplog, monkeypatch):
    dormouse.idle.close()
    dormouse.add_fact("home", "Clun")
    dormouse.memory.close()
    together = threading.Barrier(4)
    embedder = dormouse.serving.embedder()

    def slowly():  # as a real one wakes
        time.sleep(0.1)
        return embedder

    monkeypatch.setattr(dormouse.serving, "embedder", slowly)

    def tend():
        together.wait()
        dormouse.memory.tend(lambda: False)

    threads = [threading.Thread(target=tend) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not [record for record in caplog.records if "damaged" in record.message]
    assert [note.text for note in dormouse.recall("Where do I live, Clun?")]
