"""Noticing: only what stands in the user's own words, and only where the reader is sure enough."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from memory.extract import Candidate, looks_like_code, notice, parse, pieces, readable, reply_for
from memory.phrases import NOTE, find
from models.engine import Marked, Span


class Namer:
    """A completer that says what it is told to, and keeps what it was asked."""

    def __init__(self, reply: str) -> None:
        self.reply = reply
        self.read: list[str] = []

    def complete(self, system, user, *, prefix="", grammar=None, max_tokens=256):
        assert self.reply.startswith(prefix) and grammar
        self.read.append(user)
        return self.reply


class Marker:
    """A reader that marks these words."""

    def __init__(self, *words: str, odds: float = 3.0) -> None:
        self.words, self.odds = words, odds
        self.read: list[str] = []

    def mark(self, message):
        self.read.append(message)
        spans = [Span(*match.span(), 0.9) for word in self.words for match in re.finditer(word, message)]
        return Marked(self.odds, tuple(spans))


def test_a_fact_is_found_with_its_place():
    message = "we've named the puppy  Professor\nWhiskers, btw"
    found = notice(message, Marker("Professor\nWhiskers"), Namer('{"dog\'s name": "Professor Whiskers"}'))
    assert found == [Candidate("dog's name", "Professor Whiskers", 23, 41, pytest.approx(0.857, abs=0.001))]
    assert message[23:41] == "Professor\nWhiskers"


def test_nothing_is_named_where_nothing_is_likelier():
    namer = Namer('{"home": "Clun"}')
    assert notice("Is Clun nice?", Marker("Clun", odds=-5.0), namer) == [] and namer.read == []
    assert notice("Is Clun nice?", Marker("Clun", odds=-5.0), namer, threshold=-20.0) != []
    assert notice("Hello", Marker(), namer) == [] and len(namer.read) == 1


def test_what_has_no_sure_name_is_kept_in_the_users_own_words():
    message = "Hello there! My sister just opened a bakery in Clun, and I bake. Bye."
    (found,) = notice(message, Marker("Clun"), Namer('{"allergy": "walnuts"}'))
    assert (found.attribute, found.value) == (NOTE, "Clun")
    assert found.sentence == 'The user said: "My sister just opened a bakery in Clun, and I bake."'


def test_a_name_that_was_cut_off_costs_only_itself():
    namer = Namer('{"dog\'s name": "Pim", "cat\'s na')
    found = notice("My dog is Pim, my cat Bo", Marker("Pim", "Bo"), namer)
    assert [(fact.attribute, fact.value) for fact in found] == [("dog's name", "Pim"), (NOTE, "Bo")]


@pytest.mark.parametrize("message", ["", "  \n", "```\nname = 'Quill'\n```", "> I live in Clun\n"])
def test_what_the_user_did_not_say_is_not_read(message):
    marker = Marker("Quill", "Clun")
    assert notice(message, marker, Namer('{"name": "Quill"}')) == [] and marker.read == []


def test_a_long_message_is_read_in_pieces_of_whole_sentences():
    text = "I mended the gate. " * 60 + "My dog is Pim."
    parts = list(pieces(text, 400))
    assert all(text[start : start + len(part)] == part and len(part) <= 400 for start, part in parts)
    assert "".join(part for _, part in parts) == text
    found = notice(text, Marker("Pim"), Namer('{"dog\'s name": "Pim"}'))
    assert [text[fact.start : fact.end] for fact in found] == ["Pim"]


def test_what_the_reader_names_is_not_asked_for():
    class Naming(Marker):
        def mark(self, message):
            marked = super().mark(message)
            return Marked(marked.odds, tuple(replace(span, name="home") for span in marked.spans))

    namer = Namer("")
    (found,) = notice("I live in Clun", Naming("Clun"), namer)
    assert (found.attribute, found.value) == ("home", "Clun") and namer.read == []


def test_code_is_not_read_but_talk_about_it_is():
    assert looks_like_code("for (int i = 0; i < n; i++) { total += prices[i]; } return total;")
    assert not looks_like_code(
        "I'm Ada (she/her), and I write C++ & Rust at Tessellate Ltd; mostly compilers."
    )
    message = "I work at Tessellate, fix this:\n```\nx = Tess()\n```"
    assert notice(message, Marker("Tessellate"), Namer('{"workplace": "Tessellate"}'))[0].start == 10
    assert len(readable(message)) == len(message)


@pytest.mark.parametrize(
    ("reply", "pairs"),
    [
        ("{}", []),
        ('{"likes": "rye", "likes": "goats"}', [("likes", "rye"), ("likes", "goats")]),
        ('{"dog\'s name": "Pim", "home": "Cl', [("dog's name", "Pim")]),
        ('{"size": "5\\"", "x": "a\\qb"}', [("size", '5"')]),
        ("gibberish", []),
    ],
)
def test_replies_are_read_as_far_as_they_can_be(reply, pairs):
    assert parse(reply) == pairs


def test_the_reply_for_facts_is_read_back():
    facts = [("dog's name", 'Pim "the Dim"'), ("home", "Orléans")]
    assert parse(reply_for(facts)) == facts
    assert reply_for([]) == "{}" and reply_for(facts[1:]) == '{"home": "Orléans"}'


def test_apostrophes_and_case_do_not_matter_but_word_ends_do():
    assert find("st wendreda's", "at St Wendreda’s church") == (3, 16)
    assert find("Pi", "Pim") is None and find("C++", "I use C++ daily") == (6, 9)
