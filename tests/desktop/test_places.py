from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPushButton

from app.desktop import shots, theme
from app.desktop.memories.history import events
from app.desktop.rail import PLACES
from tests.desktop.scripted import Scripted


@pytest.fixture
def memories(qtbot, window):
    window.go("memories")
    page = window.page("memories")
    qtbot.waitUntil(lambda: len(page.table.rows.facts) == 12, timeout=3000)
    return page


def test_table_quote_and_way_to_the_chat(qtbot, window, memories):
    memories.choose(1)
    qtbot.waitUntil(lambda: memories.detail.fact.id == 1, timeout=3000)
    memories.detail.findChild(QPushButton, "openChat").click()
    qtbot.waitUntil(lambda: window.chat.conversation == 8 and window.rail_place() == "chat", timeout=3000)


def test_search_narrows(qtbot, memories):
    memories.search.setText("walnut")
    qtbot.waitUntil(lambda: len(memories.table.rows.facts) == 1, timeout=3000)


def test_add_says_what_is_missing_then_adds(qtbot, memories, face):
    memories.add()
    memories.form.save()
    assert "about" in memories.form.attribute._words.plain
    memories.form.attribute.field.setText("dog's name")
    memories.form.value.field.setText("Pim")
    memories.form.save()
    qtbot.waitUntil(
        lambda: memories.detail.fact is not None and memories.detail.fact.value == "Pim", timeout=3000
    )
    assert memories.table.rows.text(memories.detail.fact, 1) == "Your dog's name is Pim."


def test_edit_in_place_and_undo(qtbot, memories, face):
    memories.choose(1, edit=True)
    qtbot.waitUntil(lambda: memories.detail.form.isVisible(), timeout=3000)
    memories.detail.form.value.field.setText("hazelnuts")
    memories.detail.form.save()
    qtbot.waitUntil(lambda: face.known[1].value == "hazelnuts", timeout=3000)
    memories.acts.undo()
    qtbot.waitUntil(lambda: face.known[1].value == "walnuts", timeout=3000)


def test_forget_acts_at_once_and_can_be_undone(qtbot, window, memories, face):
    memories.forget(1)
    qtbot.waitUntil(lambda: face.known[1].state == "retracted", timeout=3000)
    qtbot.waitUntil(lambda: all(fact.id != 1 for fact in memories.table.rows.facts), timeout=3000)
    window.toast.undo_button.click()
    qtbot.waitUntil(lambda: face.known[1].state == "current", timeout=3000)
    assert "forget 1" not in face.calls


def test_forget_is_real_when_the_window_closes_first(qtbot, window, memories, face):
    memories.forget(1)
    qtbot.waitUntil(lambda: face.known[1].state == "retracted", timeout=3000)
    window.close()
    assert 1 not in face.known
    assert face.calls[-1] == "close"


def test_forget_for_good_asks_in_place(qtbot, memories, face):
    memories.choose(1)
    qtbot.waitUntil(lambda: memories.detail.fact.id == 1, timeout=3000)
    memories.detail.findChild(QPushButton, "forgetForGood").click()
    assert 1 in face.known
    memories.detail.findChild(QPushButton, "forgetForGoodYes").click()
    qtbot.waitUntil(lambda: 1 not in face.known, timeout=3000)


def test_keys_pin_and_forget(qtbot, memories, face):
    memories.table.choose(2)
    qtbot.keyClick(memories.table, Qt.Key.Key_P)
    qtbot.waitUntil(lambda: face.known[2].pinned, timeout=3000)
    qtbot.keyClick(memories.table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: face.known[2].state == "retracted", timeout=3000)


def test_history_tells_each_change(face):
    told = [text for _when, text, _night in events(face.history(1))]
    assert told == [
        "Learned on night 10",
        "Changed from “can't have walnuts” to “walnuts”",
        "Noticed in what you said",
    ]


def test_a_night_from_start_to_report(qtbot, window, face):
    window.go("nights")
    page = window.page("nights")
    qtbot.waitUntil(lambda: page._chosen == 41, timeout=3000)
    face.hold.clear()
    page.sleep()
    qtbot.waitUntil(lambda: page.progress.title.text() == "Asleep, night 42", timeout=3000)
    face.hold.set()
    qtbot.waitUntil(lambda: page._chosen == 42 and not page.progress.isVisible(), timeout=5000)


def test_a_night_can_be_cancelled(qtbot, window, face):
    window.go("nights")
    page = window.page("nights")
    face.hold.clear()
    page.sleep()
    qtbot.waitUntil(lambda: page.progress.title.text() == "Asleep, night 42", timeout=3000)
    page.progress._cancel.click()
    qtbot.waitUntil(lambda: not page.progress.isVisible(), timeout=5000)
    assert max(night.id for night in face.night_rows) == 41


def test_veto_scale_schedule_and_undo(qtbot, window, face):
    window.go("nights")
    page = window.page("nights")
    qtbot.waitUntil(lambda: page._chosen == 41, timeout=3000)
    page.tonight.veto.emit(3, True)
    page.dials.scaled.emit(41, 0.5)
    page.conditions.switches["idle"].setChecked(True)
    qtbot.waitUntil(
        lambda: face.plan.idle and 3 in face.vetoed and face.night_rows[-1].scale == 0.5, timeout=3000
    )
    page._undo_night()
    qtbot.waitUntil(lambda: face.night_rows[-1].state == "undone", timeout=3000)


def test_a_refused_model_says_why_in_place(qtbot, window, face):
    window.go("models")
    page = window.page("models")
    page.use(Path("notes.txt"))
    qtbot.waitUntil(lambda: "not a GGUF" in page.drop.words.plain, timeout=3000)
    page.use(Path("mine.gguf"))
    qtbot.waitUntil(
        lambda: face.chosen.model == "mine.gguf" and not page.drop.words.isVisible(), timeout=3000
    )


def test_theme_and_text_size_act_at_once(qtbot, window, face):
    window.go("settings")
    page = window.page("settings")
    page._looks._looks["night"].click()
    assert theme.current().name == "night"
    ground = window.grab().toImage().pixelColor(1200, 30).name().upper()
    assert ground == theme.current().hex("surface").upper()
    page._looks._scales[1.3].click()
    qtbot.waitUntil(lambda: face.chosen.theme == "night" and face.chosen.font_scale == 1.3, timeout=3000)


def test_backup(qtbot, window, tmp_path):
    window.go("settings")
    window.page("settings")._data.back_up(tmp_path / "copy.sqlite3")
    qtbot.waitUntil(lambda: (tmp_path / "copy.sqlite3").is_file(), timeout=3000)


def test_every_control_has_a_name(qtbot, window):
    for key, _words, _icon in PLACES:
        window.go(key)
        qtbot.wait(120)
    nameless = [
        (type(one).__name__, one.objectName())
        for kind in (QAbstractButton, QLineEdit)
        for one in window.findChildren(kind)
        if not (one.objectName() and one.accessibleName()) and not one.objectName().startswith("qt_")
    ]
    assert nameless == []


def test_pictures_of_every_place_in_both_themes(window, tmp_path):
    made = shots.take(window, tmp_path)
    assert len(made) == 10
    assert all(path.stat().st_size > 10_000 for path in made)


def test_an_empty_home_says_what_will_be_here(qtbot, open_window, bus):
    window = open_window(Scripted(bus, bare=True))
    for key, name in (("memories", "noFacts"), ("nights", "noNights")):
        window.go(key)
        qtbot.wait(150)
        assert any(box.isVisible() for box in window.findChildren(object) if box.objectName() == name)
