"""The memory skill's text: what code makes of it stays true to what was written."""

import random

import pytest

from app.prompt import with_notes
from consolidation.skill.build import Text, held_out


@pytest.fixture(scope="module")
def text():
    return Text()


def test_what_is_held_out_is_not_trained_on(text):
    asked = {example.messages[-1].content for example in text.epoch(0)}
    assert text.held_questions and text.held_messages
    assert not asked & {with_notes(item.question, item.notes) for item in text.held_questions}
    assert not asked & {item.message for item in text.held_messages}
    assert not any(held_out(item.question) for item in text.questions)


def test_questions_beside_plain_notes_are_answered_from_them(text):
    made = list(text._stiff(random.Random(3), 100))
    assert made and all(item.answer.rstrip(".").casefold() in str(item.notes).casefold() for item in made)


def test_epochs_differ_and_can_be_repeated(text):
    assert text.epoch(1) == text.epoch(1) != text.epoch(2)
