from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QPlainTextEdit, QTextEdit

from app.desktop.gate import Gate, Occupied
from app.desktop.settings.data import holds
from app.desktop.settings.everything import WORDS
from app.desktop.widgets.question import Question
from app.desktop.widgets.setting import Setting
from app.desktop.widgets.switch import Switch
from tests.desktop.renewed import Backup

COPY = Path("/tmp/Dormouse 2025-05-12.sqlite3")


@pytest.fixture
def page(qtbot, window):
    window.go("settings")
    made = window.page("settings")
    qtbot.waitUntil(lambda: made._data._place.text() != "", timeout=3000)
    return made


def shown(page):
    return [one.said.split(" ")[0] for one in page.findChildren(Setting) if one.isVisibleTo(page)]


def question(qtbot, window):
    qtbot.waitUntil(lambda: window.findChild(Question) is not None, timeout=3000)
    return window.findChild(Question)


def everything_said(window):
    """All that can be read in the window, seen or not."""
    texts = [label.text() for label in window.findChildren(QLabel)]
    for kind in (QTextEdit, QPlainTextEdit):
        texts += [field.toPlainText() for field in window.findChildren(kind)]
    return " ".join(texts)


@pytest.mark.parametrize(
    ("typed", "found"),
    [("theme", ["theme"]), ("DARK", ["theme"]), ("backup copy", ["back", "restore"]), ("wipe", ["forget"])],
)
def test_settings_are_found_by_their_words(page, typed, found):
    page.search.setText(typed)
    assert shown(page) == found
    page.escape()
    assert len(shown(page)) > 8


def test_no_setting_is_said(page):
    page.search.setText("zebra")
    assert shown(page) == [] and "zebra" in page._nothing.plain and page._nothing.isVisibleTo(page)


def test_ctrl_f_searches_here(qtbot, window, page):
    qtbot.keyClick(page, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.focusWidget() is page.search


@pytest.mark.parametrize("name", ["notice", "recall"])
def test_switches_are_kept(qtbot, page, face, name):
    page.findChild(Switch, name).click()
    qtbot.waitUntil(lambda: getattr(face.chosen, name) is False, timeout=3000)


def test_start_at_login_is_arranged(qtbot, page, face):
    page.findChild(Switch, "login").click()
    qtbot.waitUntil(lambda: face.login is True, timeout=3000)


def test_where_login_cannot_be_arranged_it_says_so(qtbot, page):
    page._starting.show_login(None)
    switch = page.findChild(Switch, "login")
    assert not switch.isEnabled() and "guide" in switch.toolTip()


def test_without_a_tray_staying_is_off_with_its_reason(page):
    assert not page.findChild(Switch, "stay").isEnabled()
    assert not page.findChild(Switch, "stay").isChecked()
    assert any("no tray" in label.text() for label in page._starting.findChildren(QLabel))


@pytest.mark.parametrize("name", ["backup", "restore"])
def test_files_are_asked_for_without_blocking(page, name):
    page.press(name)
    dialog = page.findChild(QFileDialog)
    assert dialog.isVisible()
    dialog.reject()


def test_a_restore_shows_what_it_would_replace_and_enter_leaves_it(qtbot, window, page, face):
    page._data.look_at(COPY)
    asked = question(qtbot, window)
    said = " ".join(label.text() for label in asked.findChildren(QLabel))
    assert "1 chat with 2 messages, the newest from 12 May 2025; 1 memory" in said
    assert f"{len(face.chats)} chats" in said and "kept beside" in said and "comes back" in said
    assert asked.no.isDefault() and asked.no.text() == "Leave it as it is"
    with qtbot.waitSignal(asked.finished, timeout=3000):
        qtbot.keyClick(asked, Qt.Key.Key_Return)
    assert not [call for call in face.calls if call.startswith("restore")]


def test_a_restored_memory_is_all_that_is_seen(qtbot, window, page, face):
    for place in ("memories", "nights", "chat", "settings"):
        window.go(place)
    window.chat.open(1)
    window.chat.pane.composer.put("Half a thought")
    qtbot.waitUntil(lambda: "cashew pesto" in everything_said(window), timeout=3000)
    page._data.look_at(COPY)
    question(qtbot, window).yes.click()
    qtbot.waitUntil(lambda: "replaced-20260101" in window.toast.text.text(), timeout=3000)
    assert face.calls[-1] == f"restore {COPY.name}"
    qtbot.waitUntil(lambda: window.chat.chats.list.rows.rowCount() == 2, timeout=3000)  # a heading, a chat
    qtbot.wait(150)
    said = everything_said(window)
    assert window.rail_place() == "chat"
    assert not [word for word in ("cashew pesto for four", "Half a thought", "Porto") if word in said]
    window.go("memories")
    qtbot.waitUntil(lambda: len(window.page("memories")._facts) == 1, timeout=3000)


def test_what_is_no_backup_is_refused_where_it_was_asked(qtbot, window, page):
    page._data.look_at(Path("/tmp/notes.sqlite3"))
    qtbot.waitUntil(lambda: page._data._refusal.isVisible(), timeout=3000)
    assert "is no backup" in page._data._refusal.plain
    assert window.findChild(Question) is None


def test_everything_is_forgotten_only_when_it_was_typed(qtbot, window, page, face):
    page.press("forgetEverything")
    asked = question(qtbot, window)
    assert asked.focusWidget() is asked.typed and not asked.yes.isEnabled()
    qtbot.keyClicks(asked.typed, "forget every")
    assert not asked.yes.isEnabled()
    qtbot.keyClicks(asked.typed, "thing")
    assert asked.typed.text() == WORDS and asked.yes.isEnabled()
    asked.yes.click()
    qtbot.waitUntil(lambda: "Everything is forgotten" in window.toast.text.text(), timeout=3000)
    assert "my list.txt" in window.toast.text.text()
    qtbot.waitUntil(lambda: window.chat.chats.nothing.isVisibleTo(window), timeout=3000)
    qtbot.wait(150)
    assert "pesto" not in everything_said(window).casefold()


def test_what_waits_to_be_undone_is_settled_in_the_old_memory(qtbot, window, page, face):
    window.page("memories").forget(1)
    page._everything.forget()
    qtbot.waitUntil(lambda: "forget everything" in face.calls, timeout=3000)
    assert face.calls.index("forget 1") < face.calls.index("forget everything")


def test_nothing_is_read_or_written_meanwhile(qtbot, window, face, page):
    order = []
    face.hold.clear()
    page._data.restore(COPY)
    qtbot.waitUntil(lambda: f"restore {COPY.name}" in face.calls, timeout=3000)
    window.tasks.write(lambda _face: order.append("write"))
    window.tasks.read(lambda _face: order.append("read"), lambda _: None)
    qtbot.wait(100)
    assert order == []
    face.hold.set()
    qtbot.waitUntil(lambda: sorted(order) == ["read", "write"], timeout=3000)


def test_the_gate_waits_for_what_is_inside_and_gives_up_on_what_hangs():
    gate, inside, leave, done = Gate(patience=0.2), threading.Event(), threading.Event(), []

    def visit():
        with gate.together():
            inside.set()
            leave.wait(5)

    thread = threading.Thread(target=visit)
    thread.start()
    inside.wait(5)
    with pytest.raises(Occupied, match="try again"), gate.alone():
        done.append("never")
    with gate.together(counts=False):
        leave.set()
        thread.join()
        with gate.alone():
            done.append("alone")
    assert done == ["alone"]


def test_how_much_a_backup_holds_in_words():
    assert holds(Backup(0, 0, 0, None)) == "0 chats with 0 messages; 0 memories"
