"""Fact sentences become questions in the first and third person, and answers in the second."""

import pytest

from consolidation.grammar import base_form, contracted, take_apart, with_gap
from memory.phrases import SENTENCES, sentence_for

CASES = [
    ("The user lives in Clun.", "Clun", "where do I live", "where I live", "You live in Clun."),
    (
        "The user's dog's name is Pim.",
        "Pim",
        "what is my dog's name",
        "what my dog's name is",
        "Your dog's name is Pim.",
    ),
    (
        "The user's dog is called Pim.",
        "Pim",
        "what is my dog called",
        "what my dog is called",
        "Your dog is called Pim.",
    ),
    ("The user works as a cooper.", "cooper", "what do I work as", "what I work as", "You work as a cooper."),
    (
        "The user is allergic to figs.",
        "figs",
        "what am I allergic to",
        "what I am allergic to",
        "You are allergic to figs.",
    ),
    (
        "The user's doctor is Dr Wren.",
        "Dr Wren",
        "who is my doctor",
        "who my doctor is",
        "Your doctor is Dr Wren.",
    ),
    (
        "The user has this health condition: gout.",
        "gout",
        "which health condition do I have",
        "which health condition I have",
        "You have this health condition: gout.",
    ),
    (
        "The user's goal is: row home.",
        "row home",
        "what is my goal",
        "what my goal is",
        "Your goal is: row home.",
    ),
    ("The user is 34 years old.", "34", "how old am I", "how old I am", "You are 34 years old."),
    ("The user was born in 1987.", "1987", "when was I born", "when I was born", "You were born in 1987."),
    (
        "The user's aunt mends clocks at Ely.",
        "Ely",
        "where does my aunt mend clocks",
        "where my aunt mends clocks",
        "Your aunt mends clocks at Ely.",
    ),
    (
        "The user plays whist with Mrs Oak on Fridays.",
        "Mrs Oak",
        "who do I play whist with on Fridays",
        "who I play whist with on Fridays",
        "You play whist with Mrs Oak on Fridays.",
    ),
    (
        "The user keeps two Fenwick ducks.",
        "Fenwick",
        "which ducks do I keep",
        "which ducks I keep",
        "You keep two Fenwick ducks.",
    ),
    (
        "The user goes to a pub called the Vole.",
        "Vole",
        "which pub do I go to",
        "which pub I go to",
        "You go to a pub called the Vole.",
    ),
    (
        "The first play the user saw was Hob.",
        "Hob",
        "what was the first play I saw",
        "what the first play I saw was",
        "The first play you saw was Hob.",
    ),
    (
        "The user learned to row from Sister Agnes.",
        "Sister Agnes",
        "who did I learn to row from",
        "who I learned to row from",
        "You learned to row from Sister Agnes.",
    ),
    (
        "The user always has toast with honey.",
        "toast",
        "what do I always have with honey",
        "what I always have with honey",
        "You always have toast with honey.",
    ),
    (
        "The user's exam will be at Marl Hall.",
        "Marl Hall",
        "where will my exam be",
        "where my exam will be",
        "Your exam will be at Marl Hall.",
    ),
    (
        "The user's mother taught the user to bake stollen.",
        "stollen",
        "what did my mother teach me to bake",
        "what my mother taught me to bake",
        "Your mother taught you to bake stollen.",
    ),
]


@pytest.mark.parametrize(("sentence", "value", "question", "clause", "answer"), CASES)
def test_a_sentence_is_asked_and_answered(sentence, value, question, clause, answer):
    frame = take_apart(sentence, value)
    assert (frame.question(), frame.clause(), frame.statement()) == (question, clause, answer)


def test_the_same_about_somebody_else():
    frame = take_apart("The user lives in Clun.", "Clun")
    assert (frame.question("Ines"), frame.clause("Ines")) == ("where does Ines live", "where Ines lives")
    frame = take_apart("The user's dog is called Pim.", "Pim")
    assert frame.question("Ines") == "what is Ines's dog called"


def test_another_value_makes_another_answer():
    assert take_apart("The user lives in Clun.", "Clun").statement("you", "Ely") == "You live in Ely."


@pytest.mark.parametrize("name", sorted(SENTENCES))
def test_every_sentence_that_memory_writes_can_be_asked(name):
    frame = take_apart(sentence_for(name, "Quillmere"), "Quillmere")
    assert frame is not None
    assert "Quillmere" in frame.statement() and frame.statement().startswith("You")
    assert "Quillmere" not in frame.question()


@pytest.mark.parametrize(
    ("sentence", "value"), [("Nonsense.", "Pim"), ("Pim.", "Pim"), ("", ""), ("Pim's the user's dog.", "Pim")]
)
def test_what_cannot_be_taken_apart_is_left_alone(sentence, value):
    assert take_apart(sentence, value) is None


def test_a_gap_works_where_the_rules_do_not():
    assert with_gap("Mondays, the user's brass band", "brass band") == "Mondays, my ___"


@pytest.mark.parametrize(
    ("verb", "base", "asks"),
    [
        ("lives", "live", "does"),
        ("studies", "study", "does"),
        ("watches", "watch", "does"),
        ("met", "meet", "did"),
        ("stopped", "stop", "did"),
        ("called", "call", "did"),
        ("moved", "move", "did"),
        ("live", "live", "do"),
    ],
)
def test_verbs(verb, base, asks):
    assert base_form(verb) == (base, asks)


def test_contractions():
    assert contracted("what is my dog called") == "what's my dog called"
    assert contracted("what I am allergic to") == "what I'm allergic to"
