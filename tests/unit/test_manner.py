"""How the user wants to be answered: what is read from their words, and what is not."""

import pytest

from memory.extract import notice
from memory.manner import MANNER, NOTHING, Manner, one_off, read, stated, together
from tests.scripted import ScriptedEmbedder


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("Two sentences at most, thank you", Manner(sentences=2)),
        ("one-liners only", Manner(lines=1)),
        ("Keep it under 40 words.", Manner(words=40)),
        ("I'd like short answers from now on", Manner(brief=True)),
        ("please, no smileys", Manner(without=frozenset({"emoji"}))),
        ("ALL CAPS PLEASE, MY EYES", Manner(case="upper")),
        ("no capitals ever", Manner(case="lower")),
        ("Never open with Well or Great", Manner(no_opening=frozenset({"well", "great"}))),
        ("don't call me dear or love", Manner(banned=frozenset({"dear", "love"}))),
        ("Please never use the word moist", Manner(banned=frozenset({"moist"}))),
        ("start with a plain yes or no", Manner(yes_no=True)),
        ("I want times on the 24h clock", Manner(clock=24)),
        ("am and pm please, I never learned the other", Manner(clock=12)),
        ("recipes in grams please", Manner(units="grams")),
        ("kilometres, not miles", Manner(units="metric")),
        ("British spelling please", Manner(spelling="british")),
        ("bullet points please", Manner(listing="bullets")),
        ("don't give me bullet points", Manner(listing="none")),
        ("number the steps", Manner(listing="numbers")),
        ("finish every message with 'over'", Manner(closing="over")),
        ("Bitte immer ohne Emojis", Manner(without=frozenset({"emoji"}))),
    ],
)
def test_what_is_asked_for(said, wanted):
    assert read(said) == wanted


@pytest.mark.parametrize(
    "said",
    [
        "My dog is called Bullet and walks in a line.",
        "I weigh 80 kilos and walk 5 miles a day",
        "I work 12 hour shifts",
        "She sent me no letters and no word",
        "There's a capital letter on the gate",
        "We have a yes man at work",
    ],
)
def test_ordinary_words_ask_for_nothing(said):
    assert list(stated(said)) == []


def test_what_belongs_to_one_request_is_not_for_good():
    assert list(stated("In two sentences, what is gravity?")) == []
    assert list(stated("Write me a poem in capitals.")) == []
    assert one_off("In two sentences, what is gravity?") == Manner(sentences=2)
    said = "Two sentences from now on, please. What is gravity?"
    assert [said[start:end] for start, end in stated(said)] == ["Two sentences from now on, please."]


def test_the_later_wish_wins_and_others_stay():
    both = together(["two sentences, no emojis", "three sentences is fine", "no exclamation marks"])
    assert both == Manner(sentences=3, without=frozenset({"emoji", "exclamation"}))
    assert together([]) == NOTHING


def test_it_is_noticed_word_for_word_and_once():
    class Nobody:
        def complete(self, *_args, **_more):
            return "{}"

    said = "Call it a whim, but no emojis in my answers."
    facts = notice(said, ScriptedEmbedder(), Nobody())
    assert [(fact.attribute, fact.value) for fact in facts] == [(MANNER, said)]
    assert said[facts[0].start : facts[0].end] == said
