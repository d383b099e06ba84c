"""The memories looked at in several ways, narrowed, and changed together."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from app.desktop import words
from app.desktop.memories.narrowing import Narrowing, nights
from tests.desktop.scripted import Scripted, when

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def memories(qtbot, window):
    window.go("memories")
    page = window.page("memories")
    qtbot.waitUntil(lambda: len(page.table.rows.facts) == 12, timeout=3000)
    return page


def shown(page):
    return [fact.id for fact in page.table.rows.facts]


def test_each_part_narrows(bus):
    facts = list(Scripted(bus).known.values())
    typed = replace(facts[0], id=90, origin="typed", recorded=when(0))
    old = replace(facts[0], id=91, recorded=when(800))
    every = [*facts, typed, old]

    def kept(**parts):
        return {fact.id for fact in every if Narrowing(**parts).keeps(fact)}

    assert kept() == {fact.id for fact in every}
    assert kept(source="typed") == {90}
    assert kept(topic="Work") == {11}
    assert kept(night="41") == {4}
    assert kept(night="none") == {3, 31, 32, 33}
    assert kept(date="today") == {3, 31, 32, 33, 90}
    assert kept(date="7") == {3, 4, 5, 31, 32, 33, 90}
    assert kept(date="older") == {91}
    assert kept(topic="Home", date="30", night="28") == {7}
    assert list(nights(every))[:3] == ["", "none", "41"]


def test_a_date_is_a_day_on_this_clock(bus):
    midnight = words.now().replace(hour=0, minute=0, second=0, microsecond=0)
    fact = next(iter(Scripted(bus).known.values()))
    late, early = (replace(fact, recorded=midnight + timedelta(minutes=step)) for step in (-1, 1))
    assert [Narrowing(date="today").keeps(one) for one in (late, early)] == [False, True]


def test_filters_narrow_together_and_clear(qtbot, memories):
    memories.filters.night.choose("none")
    assert shown(memories) == [3]
    memories.filters.date.choose("older")
    assert shown(memories) == []
    clear = memories.findChild(QPushButton, "clearFilters")
    assert clear.isVisible()
    clear.click()
    qtbot.waitUntil(lambda: len(shown(memories)) == 12, timeout=3000)
    assert memories.filters.bare()


def test_a_topic_narrows_and_the_count_says_so(memories):
    memories.findChild(QPushButton, "topicHealth").click()
    assert shown(memories) == [1, 8]
    assert memories._keys.count.text() == "2 of 12 facts shown"
    assert memories.findChild(QPushButton, "topicHealth").isChecked()


def test_cards_show_and_choose_what_the_table_does(qtbot, memories, face):
    qtbot.keyClick(memories, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert memories.cards.isVisible()
    assert not memories.table.isVisible()
    second = memories.cards.model().index(1, memories.cards.modelColumn())
    memories.cards.scrollTo(second)
    place = memories.cards.visualRect(second).center()
    qtbot.mouseClick(memories.cards.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert memories.detail.fact.id == memories.table.current().id == shown(memories)[1]
    qtbot.keyClick(memories.cards, Qt.Key.Key_P)
    qtbot.waitUntil(lambda: not face.known[10].pinned, timeout=3000)


def test_typing_into_the_panel_survives_a_refresh(qtbot, memories):
    memories.table.choose(4)
    memories.detail.edit()
    memories.detail.form.value.field.setText("half a word")
    memories.refresh()
    qtbot.wait(150)
    assert memories.detail.form.isVisible()
    assert memories.detail.form.value.field.text() == "half a word"
