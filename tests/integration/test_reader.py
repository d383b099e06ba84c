"""The reader that ships, in its process: it reads as it was taught."""

from __future__ import annotations

import pytest

from app.answering import settle
from models.engine import Span
from models.process import EmbedderProcess
from models.reader import NOTE, UNREAD, spans

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def reader():
    process = EmbedderProcess()
    yield process
    process.close()


def test_a_message_is_marked(reader):
    message = "My sister Odile lives in Clun, what could I cook for her?"
    marked = reader.mark(message)
    assert marked.odds > 0
    assert {message[span.start : span.end] for span in marked.spans} >= {"Odile", "Clun"}


@pytest.mark.parametrize(
    "message",
    ["What time is it in Lima?", "Write a limerick about a goat called Pim.", "hi", "", "?!", "\ud83d"],
)
def test_what_tells_nothing_is_not_marked(reader, message):
    assert reader.mark(message).odds < 0


NOTES = ["The user's dog's name is Pesto.", "The user works at the sawmill.", "The user lives in Clun."]


def test_a_question_finds_its_note(reader):
    weighed = reader.weigh("What's my dog called?", NOTES)
    assert max(range(3), key=lambda at: weighed.notes[at]) == 0
    assert weighed.told > max(weighed.untold, weighed.elsewhere)


def test_what_is_not_there_is_told_from_what_is_no_business_of_the_notes(reader):
    lacking = reader.weigh("What's my cat called?", NOTES[1:])
    assert lacking.untold > max(lacking.told, lacking.elsewhere)
    question = "How tall is Kilimanjaro?"
    assert settle(question, NOTES, reader.weigh(question, NOTES)).stands == "elsewhere"


def test_notes_that_do_not_fit_are_not_read(reader):
    weighed = reader.weigh("What's my dog called?", [*NOTES, *["word " * 2 * NOTE] * 20])
    assert len(weighed.notes) == 23 and weighed.notes[-1] == UNREAD and UNREAD not in weighed.notes[:3]
    assert reader.weigh("hello", []).notes == ()


def test_spans_are_whole_words_and_begin_with_a_begin():
    text = "in Clunbury"
    tags = [[0, -9, -9], [0, -9, -9], [-9, -9, 0], [-9, 0, -1], [-9, -9, 0], [0, -9, -9]]
    offsets = [(0, 0), (0, 2), (2, 2), (3, 7), (7, 9), (0, 0)]
    ((span, first, last),) = spans(text, tags, offsets)
    assert (span, first, last) == (Span(3, 11, pytest.approx(1.0)), 3, 4)
