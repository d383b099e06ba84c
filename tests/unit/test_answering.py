import math

import pytest

from app import answering
from app.prompt import with_notes
from models.engine import Done, Message, Reading, Request, Sampling, Text
from tests.scripted import ScriptedEngine

NOTES = ["The user's cat is Bo.", "The user lives in Clun (Shropshire)."]
ASKED = Request((Message("user", with_notes("my dog?", NOTES)),), Sampling(20))


def events(engine, stop=lambda: False):
    return list(answering.answer(engine, ASKED, NOTES, stop))


def test_a_likely_opening_is_said_and_gone_on_with():
    engine = ScriptedEngine("that.")
    engine.abstains = True
    told = events(engine)
    assert [event.text for event in told if isinstance(event, Text)] == ["You haven't told me", "that."]
    assert engine.requests[-1].prefix == "You haven't told me" and isinstance(told[-1], Done)


def test_an_unlikely_opening_is_ruled_out():
    engine = ScriptedEngine("Bo.")
    told = events(engine)
    assert [type(event) for event in told] == [Reading, Text, Done]
    assert engine.requests[-1].sampling.grammar == answering.anything_but(answering.OPENING)
    assert engine.requests[-1].sampling.max_tokens == 20 and not engine.requests[-1].prefix
    assert engine.requests[-1].sampling.favoured.split() == ["cat", "Bo", "lives", "Clun", "Shropshire"]


def test_stop_is_heard_while_the_prompt_is_read():
    engine = ScriptedEngine()
    assert events(engine, lambda: True) == [Reading(1.0), Done("stopped", 0, 0, 0)]
    assert not engine.scored


@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_odds_are_those_of_the_whole_opening(share):
    class Even(ScriptedEngine):
        def score(self, request, replies):
            return [[math.log(share) / 2, math.log(share) / 2, -7.0]]

    assert answering.odds(Even(), ASKED) == pytest.approx(math.log(share / (1 - share)))


def test_what_is_too_long_is_left_to_the_engine_to_refuse():
    engine = ScriptedEngine("Bo.", context=10)
    events(engine)
    assert len(engine.requests) == 1 and engine.requests[0] == ASKED
