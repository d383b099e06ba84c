"""Opens the window: first the window, then, in the background, the assistant behind it."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from app.desktop import immortal, style, theme
from app.desktop.bridge import Bridge
from app.desktop.tasks import Tasks
from app.desktop.widgets.ring import Ring
from app.desktop.window import Window

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.desktop.face import Face
    from app.events import Bus

IN_TRAY = "in-tray"
AGAIN = 75  # how the program ends to be started anew
TRIES, PAUSE = 10, 2000  # looks for a tray at login, milliseconds between them


def application() -> QApplication:
    """The one Qt application of this process."""
    immortal.keep_none()
    app = QApplication.instance()
    if isinstance(app, QApplication):
        return app
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Dormouse")
    app.setApplicationDisplayName("Dormouse")
    app.setDesktopFileName("dormouse")
    return app


def build(bus: Bus, *, look: str = "system", font_scale: float = 1.0) -> Window:
    """The window, without an assistant yet: ``window.tasks.open(make)`` gives it one."""
    app = application()
    now = theme.current()
    now.choice = look
    now.choose(look)
    now.scale = font_scale
    if not app.property("dressed"):
        style.apply(app)
        Ring(app)
        app.setProperty("dressed", True)
    return Window(Tasks(), Bridge(bus))


def run(
    face_factory: Callable[[], Face],
    bus: Bus,
    *,
    home: Path,
    log_file: Path,
    look: str = "system",
    font_scale: float = 1.0,
    how: str = "",
) -> int:
    """Show the window, start the assistant behind it, and stay until it is left.

    Args:
        face_factory: makes the assistant (``start`` is called on it); runs on a background thread.
        bus: where the assistant tells what happens.
        home: its folder, which names the door that a second start knocks at.
        log_file: shown when the window itself goes wrong.
        look: ``system``, ``day`` or ``night``; known before the assistant is, so that nothing flashes.
        font_scale: how large text is drawn.
        how: ``quick`` shows the small window alone, ``in-tray`` none where there is a tray.

    Returns: ``AGAIN`` when it is to be started anew.
    """
    app = application()
    window = build(bus, look=look, font_scale=font_scale)
    if not how:
        window.show()
    QTimer.singleShot(0, window, lambda: settle_in(window, home, log_file, how))
    QTimer.singleShot(0, window, lambda: window.tasks.open(face_factory))
    app.setQuitOnLastWindowClosed(False)
    window.left.connect(app.quit)
    with _interruptible(window):
        code = app.exec()
    return AGAIN if window.again else code


def settle_in(window: Window, home: Path, log_file: Path, how: str = "") -> None:
    """What the window needs once it is seen: the alarm, the tray, the door."""
    from app.desktop.crash import Alarm  # these come after the window, so that it is there at once
    from app.desktop.door import QUICK

    alarm = Alarm(window, log_file, lambda: window.leave(again=True))
    window.left.connect(alarm.off)
    window.tasks.ready.connect(lambda: open_door(window, home))
    window.tasks.refused.connect(lambda _sentence: window.come_up())  # that it says why is the least
    look_for_tray(window)
    if how == QUICK:
        window.ask_quickly()
    elif how == IN_TRAY:
        look_again(window, TRIES)


def look_for_tray(window: Window) -> bool:
    """Sit in the tray, if there is one."""
    if window.tray is None and QSystemTrayIcon.isSystemTrayAvailable():
        from app.desktop.tray import Tray

        window.tray = Tray(window)
    return window.tray is not None


def look_again(window: Window, tries: int) -> None:
    """At login the tray may come later than Dormouse; without one, the window waits folded up."""
    if look_for_tray(window):
        return
    if tries:
        QTimer.singleShot(PAUSE, window, lambda: look_again(window, tries - 1))
    else:
        window.showMinimized()


def open_door(window: Window, home: Path) -> None:
    """Hear a second start; the home is ours by now."""
    from app.desktop.door import QUICK, Door

    door = Door(home, window)
    door.knocked.connect(lambda word: window.ask_quickly() if word == QUICK else window.come_up())
    window.left.connect(door.shut)


class _interruptible:
    """Lets Ctrl+C in a terminal close the window: Python sees signals only between Qt's events."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._beat = QTimer(window, interval=300)
        self._beat.timeout.connect(lambda: None)

    def __enter__(self) -> None:
        self._beat.start()
        self._before = signal.signal(signal.SIGINT, lambda _number, _frame: self._window.leave())

    def __exit__(self, *_problem: object) -> None:
        self._beat.stop()
        signal.signal(signal.SIGINT, self._before)
