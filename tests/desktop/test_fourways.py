"""The same question four ways, in the window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt


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


def test_a_second_question_stops_the_first(qtbot, nights, face):
    nights._four.click()
    face.hold.clear()
    nights.four.question.setText("Where do I live?")
    nights.four.ask()
    assert said(nights) == ["…"] * 4
    nights.four.question.setText("What is my dog called?")
    nights.four.ask()
    face.hold.set()
    qtbot.waitUntil(lambda: said(nights)[-1] == "It is Pim.", timeout=3000)
