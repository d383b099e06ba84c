from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtNetwork import QLocalSocket

from app.desktop.door import QUICK, RAISE, Door, knock, name_of
from tests.desktop.scripted import TONIGHT


@pytest.fixture
def quick(window):
    made = window.ask_quickly()
    yield made
    made.close()
    made.deleteLater()


def ask(qtbot, quick, text):
    qtbot.keyClicks(quick.composer.field, text)
    qtbot.keyClick(quick.composer.field, Qt.Key.Key_Return)


def test_enter_asks_and_the_reply_is_written_there(qtbot, window, face, quick):
    assert quick.isVisible() and not quick._answer.isVisible()
    low = quick.height()
    face.pace = 0.004
    ask(qtbot, quick, "Can I make it tonight?")
    qtbot.waitUntil(lambda: quick._state_line.word.text() == "writing", timeout=3000)
    qtbot.waitUntil(lambda: quick._live is None, timeout=5000)
    assert quick._reply.source == TONIGHT and quick._state_line.word.text() == ""
    assert quick.height() > low
    made = max(face.chats)
    assert face.chats[made].title == "Can I make it tonight?" and face.chats[made].remembered


def test_a_second_question_goes_on_and_a_new_opening_begins(qtbot, window, face, quick):
    for text in ("One?", "Two?"):
        ask(qtbot, quick, text)
        qtbot.waitUntil(lambda: quick._number is not None and quick._live is None, timeout=3000)
    assert [turn.text for turn in face.said[max(face.chats)] if turn.speaker == "user"] == ["One?", "Two?"]
    quick.escape()
    assert not quick.isVisible()
    window.ask_quickly()
    assert quick._number is None and not quick._answer.isVisible()


def test_esc_stops_and_then_goes(qtbot, window, face, quick):
    face.hold.clear()
    ask(qtbot, quick, "A long one?")
    qtbot.waitUntil(lambda: quick._state_line.word.text().startswith("reading"), timeout=3000)
    qtbot.keyClick(quick.composer.field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: face.stopped.is_set(), timeout=3000)
    assert quick.isVisible()
    face.hold.set()
    qtbot.waitUntil(lambda: quick._live is None, timeout=3000)
    qtbot.keyClick(quick.composer.field, Qt.Key.Key_Escape)
    assert not quick.isVisible()


def test_it_goes_on_in_the_window_while_the_reply_is_written(qtbot, window, face, quick):
    window.hide()
    face.hold.clear()
    ask(qtbot, quick, "And then?")
    qtbot.waitUntil(lambda: quick._state_line.word.text().startswith("reading"), timeout=3000)
    quick._open.click()
    assert window.isVisible() and not quick.isVisible()
    assert window.chat.conversation == max(face.chats) and window.chat.conversation in window.chat.live
    face.hold.set()
    qtbot.waitUntil(lambda: not window.chat.live, timeout=3000)
    assert window.chat.pane.transcript.last_reply().text == TONIGHT


def test_a_refusal_is_said(qtbot, window, face, quick):
    def refuse(*_):
        raise RuntimeError("The model does not wake up.")

    face.ask = refuse
    ask(qtbot, quick, "Hello?")
    qtbot.waitUntil(lambda: "does not wake" in quick._state_line.about.text(), timeout=3000)
    assert quick.composer.send_button.isVisible()


def test_alone_without_a_tray_it_ends_the_program(qtbot, window, quick):
    window.hide()
    with qtbot.waitSignal(window.left, timeout=3000):
        quick.escape()


def knocking(home, word):
    """Knock as a second start does, from a process of its own; it prints whether one heard."""
    code = "import sys; from pathlib import Path; from app.desktop.door import knock; "
    code += "print(knock(Path(sys.argv[1]), sys.argv[2]))"
    return subprocess.Popen([sys.executable, "-c", code, str(home), word], stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize(
    ("word", "heard"), [(RAISE, True), (QUICK, True), ("forget everything", False), ("", False)]
)
def test_a_second_start_is_heard_and_nothing_else(qtbot, tmp_path, word, heard):
    door, told = Door(tmp_path), []
    assert door.is_open
    door.knocked.connect(told.append)
    with knocking(tmp_path, word) as process:
        qtbot.waitUntil(lambda: process.poll() is not None, timeout=60_000)
        assert process.stdout.read().strip() == str(heard)
    assert told == ([word] if heard else [])
    door.shut()


def test_a_door_that_a_killed_one_left_is_opened_again(qtbot, tmp_path):
    assert knock(tmp_path, RAISE) is False
    Path(name_of(tmp_path)).touch()
    door = Door(tmp_path)
    assert door.is_open
    door.shut()
    assert not Path(name_of(tmp_path)).exists()


def test_only_its_owner_may_knock(qtbot, tmp_path):
    door = Door(tmp_path)
    assert Path(name_of(tmp_path)).stat().st_mode & 0o077 == 0
    door.shut()
    socket = QLocalSocket()
    socket.connectToServer(name_of(tmp_path))
    assert not socket.waitForConnected(200)
