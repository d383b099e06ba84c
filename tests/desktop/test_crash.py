from __future__ import annotations

import logging
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel

from app.desktop.crash import Alarm, Crash, trace

SECRET = "Quorbline"
LOG = Path("/home/you/logs/dormouse.log")


@pytest.fixture
def alarm(qtbot, window):
    before = sys.excepthook
    made = Alarm(window, LOG, lambda: window.leave(again=True))
    yield made
    made.off()
    assert sys.excepthook is before


def break_(alarm, kind=RuntimeError):
    try:
        raise kind(f"{SECRET} told me this")
    except kind:
        sys.excepthook(*sys.exc_info())


def said(dialog):
    return " ".join(label.text() for label in dialog.findChildren(QLabel))


def test_it_is_calm_says_where_the_log_is_and_holds_nothing_of_the_users(qtbot, alarm, caplog):
    with caplog.at_level(logging.ERROR):
        break_(alarm)
    text = said(alarm.dialog)
    assert "Nothing that you sent is lost" in text and str(LOG) in text and "RuntimeError" in text
    assert "tests/desktop/test_crash.py" in text
    assert SECRET not in text + caplog.text + alarm.dialog.accessibleDescription()
    assert "RuntimeError" in caplog.text and "test_crash.py" in caplog.text


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return])
def test_escape_and_enter_go_on(qtbot, window, alarm, key):
    break_(alarm)
    with qtbot.waitSignal(alarm.dialog.finished, timeout=3000):
        qtbot.keyClick(alarm.dialog, key)
    assert window.isVisible() and alarm.dialog is None


def test_start_again_leaves_with_the_wish_to_come_back(qtbot, window, face, alarm):
    break_(alarm)
    with qtbot.waitSignal(window.left, timeout=3000):
        alarm.dialog.findChild(object, "crashAgain").click()
    assert window.again and "close" in face.calls


def test_one_word_at_a_time_and_once_about_each_place(qtbot, window, alarm):
    for _ in range(3):
        break_(alarm)
    assert len(window.findChildren(Crash)) == 1
    alarm.dialog.accept()
    qtbot.wait(20)
    break_(alarm)
    assert alarm.dialog is None
    try:
        _ = {}["elsewhere"]
    except KeyError:
        sys.excepthook(*sys.exc_info())
    assert alarm.dialog is not None


@pytest.mark.qt_no_exception_capture
def test_what_breaks_in_a_slot_arrives_here(qtbot, alarm):
    def slot():
        raise ValueError(SECRET)

    QTimer.singleShot(0, slot)
    qtbot.waitUntil(lambda: alarm.dialog is not None, timeout=3000)
    assert "ValueError" in said(alarm.dialog)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_ends_is_logged_without_its_words(qtbot, alarm, caplog):
    def fall():
        raise OSError(SECRET)

    with caplog.at_level(logging.ERROR):
        thread = threading.Thread(target=fall)
        thread.start()
        thread.join()
    assert "OSError" in caplog.text and SECRET not in caplog.text
    assert alarm.dialog is None


def test_a_trace_names_no_folder_of_the_user():
    try:
        Path("/no/such/file").read_text()
    except OSError as problem:
        lines = trace(type(problem), problem.__traceback__)
    assert lines[0].startswith("tests/desktop/test_crash.py:") and lines[-1] == "FileNotFoundError"
    assert not [line for line in lines if line.startswith("/")]
