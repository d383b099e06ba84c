from __future__ import annotations

import pytest
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QSystemTrayIcon

from app.desktop import main
from app.desktop.tray import TOLD, Tray
from app.events import NightEnded, NightProgress


@pytest.fixture
def tray(qtbot, window):
    made = Tray(window)
    window.tray = made
    said = []
    made.icon.showMessage = lambda title, text, *_more: said.append((title, text))
    made.said = said
    yield made
    window.tray = None


def close(window):
    event = QCloseEvent()
    window.closeEvent(event)
    return event


def items(tray):
    return [action.text() for action in tray.menu.actions() if action.text()]


def press(tray, text):
    next(action for action in tray.menu.actions() if action.text() == text).trigger()


def test_without_a_tray_closing_ends_it(qtbot, window, face):
    with qtbot.waitSignal(window.left, timeout=3000):
        assert close(window).isAccepted()
    assert "close" in face.calls


def test_with_a_tray_closing_keeps_it_and_says_so_once(qtbot, window, face, tray):
    assert not close(window).isAccepted()
    assert not window.isVisible() and "close" not in face.calls
    qtbot.waitUntil(lambda: face.home.marks.get(TOLD) is True, timeout=3000)
    qtbot.waitUntil(lambda: len(tray.said) == 1, timeout=3000)
    tray.icon.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
    assert window.isVisible()
    close(window)
    qtbot.wait(60)
    assert len(tray.said) == 1


def test_the_setting_has_closing_end_it(qtbot, window, face, tray):
    window.tasks.write(lambda face: face.set_setting("stay", False), lambda _: window.settings_changed())
    qtbot.waitUntil(lambda: not window.keeps, timeout=3000)
    assert close(window).isAccepted()


def test_quit_ends_it_whatever_the_setting(qtbot, window, face, tray):
    with qtbot.waitSignal(window.left, timeout=3000):
        press(tray, "Quit")
    assert "close" in face.calls and not window.again


def test_the_tray_tells_day_from_night(qtbot, window, bus, tray):
    qtbot.waitUntil(lambda: "next sleep 03:00" in tray.icon.toolTip(), timeout=3000)
    assert items(tray) == ["Open Dormouse", "Ask quickly…", "Sleep now", "Quit"]
    awake = tray.icon.icon().cacheKey()
    bus.tell(NightProgress(42, "train", 0.42))
    qtbot.waitUntil(lambda: "asleep, 42%" in tray.icon.toolTip(), timeout=3000)
    assert items(tray)[2] == "Cancel the night" and tray.icon.icon().cacheKey() != awake
    bus.tell(NightEnded(42, "Slept well."))
    qtbot.waitUntil(lambda: items(tray)[2] == "Sleep now", timeout=3000)


def test_sleep_and_wake_from_the_tray(qtbot, window, face, tray):
    face.hold.clear()
    press(tray, "Sleep now")
    qtbot.waitUntil(lambda: items(tray)[2] == "Cancel the night", timeout=3000)
    press(tray, "Cancel the night")
    qtbot.waitUntil(lambda: "cancel" in face.calls, timeout=3000)


def test_the_morning_opens_its_report_from_the_window(qtbot, window, bus):
    bus.tell(NightEnded(40, "Slept well: 6 learned."))
    qtbot.waitUntil(lambda: window.toast.act_button.isVisible(), timeout=3000)
    assert window.toast.act_button.text() == "Read the report"
    window.toast.act_button.click()
    assert window.rail_place() == "nights" and not window.toast.isVisible()
    assert window.page("nights")._chosen == 40
    window.toast.say("Something else.")
    assert not window.toast.act_button.isVisible()


def test_the_morning_is_told_by_the_system_when_nobody_looks(qtbot, window, bus, tray):
    close(window)
    bus.tell(NightEnded(40, "Slept well: Marta's birthday learned."))
    qtbot.waitUntil(lambda: ("Good morning", "The morning report is ready.") in tray.said, timeout=3000)
    assert "Marta" not in str(tray.said)  # others may see it
    tray.icon.messageClicked.emit()
    assert window.isVisible() and window.rail_place() == "nights"


def test_a_night_that_never_began_has_no_report(qtbot, window, bus):
    bus.tell(NightEnded(0, "The night did not begin."))
    qtbot.waitUntil(lambda: window.toast.text.text() == "The night did not begin.", timeout=3000)
    assert not window.toast.act_button.isVisible()


def test_no_tray_at_login_folds_the_window_up_in_the_end(qtbot, window, monkeypatch):
    monkeypatch.setattr(main, "PAUSE", 5)
    window.hide()
    main.look_again(window, 2)
    qtbot.waitUntil(window.isMinimized, timeout=3000)
    window.come_up()
    assert not window.isMinimized()
