"""The long chat of the benchmark: its talk, where its facts stand, and what is counted of its gists."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import pytest

from app.core import Dormouse
from app.events import Bus
from app.home import Home
from benchmarks import long
from benchmarks._served import rows
from memory.records import Gist, GistLine
from tests.scripted import ScriptedEmbedder, ScriptedEngine

NOW = datetime(2026, 5, 3, tzinfo=UTC)
FACTS = rows([long.FACTS])


def test_the_talk_goes_on_and_tells_nothing_of_the_facts():
    talk = list(itertools.islice(long.exchanges(), 1200))
    assert all(asked and reply and "{" not in asked + reply for asked, reply in talk)
    assert len(set(talk[:300])) >= 290
    said = " ".join(asked + reply for asked, reply in talk).casefold()
    telling = [fact["answer"] for fact in FACTS if any(letter.isupper() for letter in fact["answer"])]
    assert telling and not [answer for answer in telling if answer.casefold() in said]


def test_each_fact_says_what_is_asked_for():
    assert len(FACTS) >= 40 and len({fact["question"] for fact in FACTS}) == len(FACTS)
    assert all(fact["answer"] in fact["said"] and fact["answer"] not in fact["question"] for fact in FACTS)


@pytest.mark.parametrize("times", [0, 3])
def test_the_facts_are_spread_over_a_chat_of_the_length_that_is_asked_for(tmp_path, times):
    dormouse = Dormouse(Home(tmp_path), Bus(), lambda *_: ScriptedEngine(), ScriptedEmbedder)
    dormouse.start(tend=False)
    said = long._said(dormouse, FACTS, times)
    dormouse.close()
    at = [number for number, (asked, _) in enumerate(said) if asked in {fact["said"] for fact in FACTS}]
    assert len(at) == len(FACTS)
    gaps = [after - before for before, after in itertools.pairwise([-1, *at, len(said)])]
    assert max(gaps) <= 2 + 1.5 * (len(said) - len(FACTS)) / len(FACTS)
    words = sum(len(text.split()) for exchange in said for text in exchange)
    assert words >= times * 4096
    turns = long._dated(said)
    assert len({turn.created.astimezone().month for turn in turns}) == 1 and turns[-1].created < datetime.now(
        UTC
    )


def test_what_the_gists_keep_is_counted():
    line = GistLine(1, 0, 9, 0.9, f"So: {FACTS[0]['said']}", NOW)
    gist = Gist(1, "session", "2026-05", NOW, NOW, 900, 1, (1, 2), (line,))
    figures = long._gists([gist], long._just_now([("x" * 800, "y" * 200)]), FACTS[:4])
    assert (figures["sessions"], figures["months"]) == (1, 0)
    assert figures["session_keeps"] == 0.25 and figures["month_keeps"] == 0.0
    assert figures["keeps_at"] == {"200": 0.0, "400": 0.0, "800": 0.0}, "the line is longer than that"
    assert figures["session_ratio"] == round(1000 / len(line.text), 1)
