"""Noticing: only what stands in the user's own words, and only when the model is sure enough."""

from __future__ import annotations

import pytest

from memory.extract import Candidate, find, looks_like_code, notice, parse, readable, reply_for


class Scripted:
    """A completer that says what it is told to, and keeps what it was asked."""

    def __init__(self, reply: str, margin: float = 3.0) -> None:
        self.reply, self.margin = reply, margin
        self.read: list[str] = []

    def complete(self, system, user, *, prefix="", grammar=None, max_tokens=256):
        assert self.reply.startswith(prefix)
        self.read.append(user)
        return self.reply

    def log_odds(self, system, user, replies):
        assert list(replies) == ["{}", '{"']
        return [-self.margin, 0.0]


def test_a_fact_is_found_with_its_place():
    message = "we've named the puppy  Professor\nWhiskers, btw"
    found = notice(message, Scripted('{"dog\'s name": "professor whiskers"}'))
    assert found == [Candidate("dog's name", "Professor Whiskers", 23, 41, pytest.approx(0.95, abs=0.01))]
    assert message[23:41] == "Professor\nWhiskers"


def test_a_value_that_the_message_does_not_hold_is_dropped():
    reply = '{"home": "Paris", "dog\'s name": "Pim", "cat\'s name": "Pi"}'
    assert [c.value for c in notice("My dog is Pim", Scripted(reply))] == ["Pim"]


def test_nothing_is_asked_for_when_nothing_is_likelier():
    completer = Scripted('{"home": "Clun"}', margin=-5.0)
    assert notice("Is Clun nice?", completer) == [] and completer.read == []
    assert notice("Is Clun nice?", completer, threshold=-20.0) != []


@pytest.mark.parametrize("message", ["", "  \n", "```\nname = 'Quill'\n```", "> I live in Clun\n"])
def test_what_the_user_did_not_say_is_not_read(message):
    completer = Scripted('{"name": "Quill"}')
    assert notice(message, completer) == [] and completer.read == []


def test_code_is_not_read_but_talk_about_it_is():
    assert looks_like_code("for (int i = 0; i < n; i++) { total += prices[i]; } return total;")
    assert not looks_like_code(
        "I'm Ada (she/her), and I write C++ & Rust at Tessellate Ltd; mostly compilers."
    )
    message = "I work at Tessellate, fix this:\n```\nx = Tess()\n```"
    assert notice(message, Scripted('{"workplace": "Tessellate"}'))[0].start == 10
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
