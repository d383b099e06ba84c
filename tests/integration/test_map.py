"""The map from the real index to the face: places for what is known, none for what is not."""

from __future__ import annotations

import pytest

from app.core import Dormouse
from app.events import Bus
from app.home import Home
from memory.records import MemoryRefused
from tests.scripted import ScriptedEmbedder, ScriptedEngine


@pytest.fixture
def dormouse(tmp_path):
    made = Dormouse(Home(tmp_path / "home"), Bus(), lambda *_: ScriptedEngine(), ScriptedEmbedder)
    made.start(tend=False)
    yield made
    made.close()


def test_facts_have_places_once_the_index_is_awake(dormouse):
    ids = [dormouse.add_fact("hobby", value).id for value in ("chess", "rowing", "bell ringing")]
    assert dormouse.map_places() is None
    dormouse.memory.tend(lambda: False)
    found = dormouse.map_places()
    assert sorted(place.fact_id for place in found) == ids
    assert all(-1 <= place.x <= 1 and -1 <= place.y <= 1 for place in found)
    new = dormouse.add_fact("hobby", "whittling").id
    assert new not in {place.fact_id for place in dormouse.map_places()}
    dormouse.memory.tend(lambda: False)
    assert new in {place.fact_id for place in dormouse.map_places()}
    dormouse.forget_all(ids[:2])
    assert {place.fact_id for place in dormouse.map_places()} == {ids[2], new}


def test_a_guest_is_told_where_the_map_is(dormouse):
    guest = Dormouse(Home(dormouse.home.path), Bus(), lambda *_: ScriptedEngine(), ScriptedEmbedder)
    guest.start(guest=True, tend=False)
    with pytest.raises(MemoryRefused):
        guest.map_places()
    guest.close()
