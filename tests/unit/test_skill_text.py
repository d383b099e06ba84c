"""The memory skill's text: what code makes of it stays true to what was written."""

import random

import pytest

from app.prompt import with_notes
from consolidation.dream import declines
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


def test_questions_beside_plain_notes_are_answered_from_them_or_declined(text):
    made = list(text._stiff(random.Random(3), 300))
    told = [item for item in made if item.kind == "direct"]
    untold = [item for item in made if item.kind == "abstain"]
    assert len(told) + len(untold) == 300 and 0.15 < len(untold) / 300 < 0.5
    assert all(declines(item.answer) for item in untold)
    assert not any(declines(item.answer) for item in told)
    for item in told:
        value = item.answer.rstrip(".").split()[-1].casefold()
        assert any(value in note.casefold() for note in item.notes), item


def test_a_share_takes_less_of_what_is_written_and_all_that_code_makes(text):
    whole, half = text.epoch(1), text.epoch(1, share=0.5)
    assert len(half) - 700 == pytest.approx((len(whole) - 700) / 2, abs=1)


def test_epochs_differ_and_can_be_repeated(text):
    assert text.epoch(1) == text.epoch(1) != text.epoch(2)
