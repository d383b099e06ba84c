"""The same question four ways, in the window."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt

from models.engine import EngineError


@pytest.fixture
def nights(qtbot, window):
    window.go("nights")
    page = window.page("nights")
    qtbot.waitUntil(lambda: bool(page._nights), timeout=3000)
    return page


def said(nights):
    return [cell.words.plain for cell in nights.four.cells.values()]


def test_each_way_is_shown_with_what_it_was_given(qtbot, nights):
    nights._four.click()
    assert nights.four.isVisible() and nights.four.question.hasFocus()
    qtbot.keyClicks(nights.four.question, "What is my dog called?")
    qtbot.keyClick(nights.four.question, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: said(nights)[-1] == "It is Pim.", timeout=3000)
    assert said(nights) == ["I can't know that.", "It is Pim.", "It is Pip.", "It is Pim."]
    assert ["Your dog's name is Pim" in cell.given.plain for cell in nights.four.cells.values()] == [
        False,
        True,
        False,
        True,
    ]
    nights._four.click()
    assert nights.report.isVisible()


def test_nothing_is_asked_without_words(nights):
    nights._four.click()
    nights.four.ask()
    assert "Type a question" in nights.four._checked._words.plain
    assert said(nights) == ["", "", "", ""]


def asked(nights, question):
    nights.four.question.setText(question)
    nights.four.ask()


def test_a_second_question_stops_the_first(qtbot, nights, face):
    nights._four.click()
    face.hold.clear()
    asked(nights, "Where do I live?")
    assert said(nights) == ["…"] * 4
    asked(nights, "What is my dog called?")
    face.hold.set()
    qtbot.waitUntil(lambda: said(nights)[-1] == "It is Pim.", timeout=3000)
    qtbot.waitUntil(lambda: face.given_up == ["Where do I live?"], timeout=3000)
    assert said(nights)[0] == "I can't know that."


def test_an_error_is_said_and_no_cell_waits_any_more(qtbot, nights, face):
    nights._four.click()
    face.breaks_at = "weights"
    asked(nights, "What is my dog called?")
    problem = nights.four._checked._words
    qtbot.waitUntil(lambda: "file is gone" in problem.plain, timeout=3000)
    assert said(nights) == ["I can't know that.", "It is Pim.", "", ""]
    face.breaks_at = ""
    nights.four.ask()
    assert not problem.plain
    qtbot.waitUntil(lambda: said(nights)[-1] == "It is Pim.", timeout=3000)


def test_an_error_of_a_question_that_was_left_is_not_said(qtbot, nights, face):
    nights._four.click()
    come, go = threading.Event(), threading.Event()

    def break_late(question, stop):
        come.set()
        go.wait(5)
        raise EngineError("The model's file is gone.")

    face.compare, compare = break_late, face.compare
    asked(nights, "Where do I live?")
    assert come.wait(3)
    face.compare = compare
    face.hold.clear()
    asked(nights, "What is my dog called?")
    go.set()
    qtbot.wait(100)
    assert said(nights) == ["…"] * 4 and not nights.four._checked._words.plain
    face.hold.set()
    qtbot.waitUntil(lambda: said(nights)[-1] == "It is Pim.", timeout=3000)


def uncheck(window, nights):
    nights._four.click()


def choose_a_night(window, nights):
    nights.choose(nights._nights[0].id)


def close_elsewhere(window, nights):
    window.go("chat")
    window.hide()


@pytest.mark.parametrize("leave", [uncheck, choose_a_night, close_elsewhere])
def test_leaving_the_comparison_stops_it(qtbot, window, nights, face, leave):
    nights._four.click()
    face.hold.clear()
    asked(nights, "What is my dog called?")
    leave(window, nights)
    face.hold.set()
    qtbot.waitUntil(lambda: face.given_up == ["What is my dog called?"], timeout=3000)
    assert said(nights) == [""] * 4


def test_looking_elsewhere_does_not_stop_it(qtbot, window, nights, face):
    nights._four.click()
    face.hold.clear()
    asked(nights, "What is my dog called?")
    window.go("chat")
    face.hold.set()
    qtbot.waitUntil(lambda: said(nights)[-1] == "It is Pim.", timeout=3000)
    assert not face.given_up
