"""Rest and waking through the real index: what rests has no vector, and is back once it is needed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.core import Dormouse
from app.events import Bus
from app.home import Home
from memory.facts import Facts
from memory.index import Index
from memory.recall import Recall
from memory.records import Turn
from memory.resting import by_kind, resting
from memory.store import Store
from tests.scripted import ScriptedEmbedder, ScriptedEngine

LATER = datetime.now(UTC) + timedelta(days=100)
LONG_AGO = datetime(2020, 5, 3, 9, tzinfo=UTC)


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "memory.sqlite3")
    yield store
    store.close()


@pytest.fixture
def index(tmp_path):
    index = Index(tmp_path / "index", ScriptedEmbedder())
    yield index
    index.close()


def tend(store, index, capacity):
    index.rest(store, by_kind(resting(store, capacity, LATER)))
    index.drain(store)


def is_awake(index, fact):
    return fact.id in index.similarities("fact", index.embed("anything"), [fact.id])


@pytest.fixture
def boat(store, index):
    """Three old facts of which one is kept, and room for one."""
    facts = Facts(store)
    facts.pin(facts.add("hobby", "clock repair").id)
    facts.add("hobby", "fell running")
    boat = facts.add("hobby", "a boat of larch")
    tend(store, index, 10)
    assert index.count("fact") == 3
    tend(store, index, 1)
    assert index.count("fact") == 1 and not is_awake(index, boat)
    return boat


def test_what_rests_comes_to_mind_only_by_all_its_words(store, index, boat):
    recall = Recall(store, index, ScriptedEmbedder())
    assert "larch" not in str(recall.recall("is the user's hobby a rowing boat of oak?"))
    assert "larch" in str(recall.recall("hobby boat larch?"))
    assert Facts(store).facts("larch") == [boat]


def test_a_reply_that_uses_it_wakes_it(store, index, boat):
    store.add_turn(store.new_conversation().id, "assistant", "Larch.", notes=[f"fact:{boat.id}"])
    tend(store, index, 1)
    assert is_awake(index, boat)


@pytest.mark.parametrize("how", ["used", "pinned", "edited"])
def test_between_two_looks_at_everything_it_wakes_at_once(store, index, boat, how):
    if how == "used":
        store.add_turn(store.new_conversation().id, "assistant", "Larch.", notes=[f"fact:{boat.id}"])
    elif how == "pinned":
        Facts(store).pin(boat.id)
    else:
        Facts(store).edit(boat.id, sentence="The user keeps a boat of larch.")
    index.wake(store)
    index.drain(store)
    assert is_awake(index, boat) and index.count("fact") == 2
    tend(store, index, 1)
    assert is_awake(index, boat) == (how != "edited"), (
        "an edit counts for ninety days, and a hundred have passed"
    )


def test_a_pin_wakes_it_and_so_does_more_room(store, index, boat):
    Facts(store).pin(boat.id)
    tend(store, index, 1)
    assert is_awake(index, boat)
    tend(store, index, 10)
    assert index.count("fact") == 3


def test_an_index_that_is_made_anew_lets_the_same_rest(tmp_path, store, index, boat):
    index.close()
    again = Index(tmp_path / "other", ScriptedEmbedder())
    tend(store, again, 1)
    assert again.count("fact") == 1 and not is_awake(again, boat)
    again.close()


def test_a_start_with_more_room_finds_what_rested_before(tmp_path, store, index, boat):
    index.close()
    again = Index(tmp_path / "index", ScriptedEmbedder())
    tend(store, again, 10)
    assert again.count("fact") == 3 and is_awake(again, boat)
    again.close()


def test_a_home_that_is_full(tmp_path):
    home = Home(tmp_path / "home")
    store = Store(home.database, home.backups)
    chat = store.new_conversation()
    moments = [LONG_AGO + timedelta(hours=hour) for hour in range(1100)]
    said = [Turn(0, 0, "user", f"The tide table says {at:%j %H}", at) for at in moments]
    turns = store.add_turns(chat.id, said)
    store.close()
    home.change("vectors", 1000)
    dormouse = Dormouse(home, Bus(), lambda *_: ScriptedEngine(), ScriptedEmbedder)
    dormouse.start(tend=False)
    dormouse.memory.tend(lambda: False)
    rest = dormouse.resting()
    assert [item.id for item, _ in rest] == [turn.id for turn in turns[:100]]
    assert dormouse.memory._index.count("turn") == 1000
    assert all(sentence.startswith("It was said; no reply") for _, sentence in rest)
    assert len(dormouse.search("tide table says 124")) > 0
    dormouse.set_setting("vectors", 5000)
    dormouse.memory.tend(lambda: False)
    assert dormouse.memory._index.count("turn") == 1100 and not dormouse.resting()
    dormouse.close()
