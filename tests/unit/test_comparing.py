"""One question four ways: what each is given, and that nothing of it is kept."""

import pytest

from app.core import Dormouse
from app.events import Bus
from app.home import Home
from consolidation.nights import Nights
from models import catalogue
from tests.scripted import ScriptedEmbedder, ScriptedEngine
from tests.sleeping import adapter


@pytest.fixture
def engine():
    return ScriptedEngine("As I was told.")


@pytest.fixture
def dormouse(tmp_path, engine):
    made = Dormouse(Home(tmp_path / "home"), Bus(), lambda path, settings: engine, ScriptedEmbedder)
    made.start(tend=False)
    yield made
    made.close()


def worn_by_night(dormouse):
    """A night that is worn; its file does not matter to a scripted engine."""
    nights = Nights(dormouse.store, dormouse.home.adapters)
    night = nights.begin(catalogue.sha256(dormouse.serving.model))
    adapter().write(dormouse.home.adapters / nights.file_name(night.id))
    nights.promote(night.id, "hash", 1.0, "", "")
    return nights.file_name(night.id)


def test_each_way_has_what_it_says_and_nothing_else(dormouse, engine):
    dormouse.add_fact("dog's name", "Pim")
    night = worn_by_night(dormouse)
    dormouse.memory.tend(lambda: False)
    replies = list(dormouse.compare("Write a poem about my dog."))
    assert [reply.way for reply in replies] == ["off", "recall", "weights", "both"]
    assert [bool(reply.notes) for reply in replies] == [False, True, False, True]
    asked = [request for request in engine.requests if request.sampling.max_tokens]
    assert [("Pim" in str(request.messages)) for request in asked] == [False, True, False, True]
    wears = [night in [worn.path.name for worn in request.adapters] for request in asked]
    assert wears == [False, False, True, True]
    assert {request.slot for request in asked} == {1}, "the conversation is not read again afterwards"


def test_nothing_is_kept(dormouse):
    list(dormouse.compare("What is my dog called?"))
    assert dormouse.conversations() == [] and dormouse.facts() == []


def test_what_is_only_asked_for_is_said_as_it_was_remembered(dormouse, engine):
    dormouse.add_fact("dog's name", "Pim")
    dormouse.memory.tend(lambda: False)
    replies = {reply.way: reply.text for reply in dormouse.compare("What is my dog's name?")}
    assert "Pim" in replies["recall"] and "Pim" in replies["both"] and "Pim" not in replies["off"]
