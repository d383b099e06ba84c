"""Opens the window: first the window, then, in the background, the assistant behind it."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.desktop import immortal, style, theme
from app.desktop.bridge import Bridge
from app.desktop.tasks import Tasks
from app.desktop.widgets.ring import Ring
from app.desktop.window import Window

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.desktop.face import Face
    from app.events import Bus


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


def run(face_factory: Callable[[], Face], bus: Bus, *, look: str = "system", font_scale: float = 1.0) -> int:
    """Show the window, start the assistant behind it, and stay until the window is closed.

    Args:
        face_factory: makes the assistant (``start`` is called on it); runs on a background thread.
        bus: where the assistant tells what happens.
        look: ``system``, ``day`` or ``night``; known before the assistant is, so that nothing flashes.
        font_scale: how large text is drawn.
    """
    app = application()
    window = build(bus, look=look, font_scale=font_scale)
    window.show()
    QTimer.singleShot(0, window, lambda: window.tasks.open(face_factory))
    with _interruptible(window):
        return app.exec()


class _interruptible:
    """Lets Ctrl+C in a terminal close the window: Python sees signals only between Qt's events."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._beat = QTimer(window, interval=300)
        self._beat.timeout.connect(lambda: None)

    def __enter__(self) -> None:
        self._beat.start()
        self._before = signal.signal(signal.SIGINT, lambda _number, _frame: self._window.close())

    def __exit__(self, *_problem: object) -> None:
        self._beat.stop()
        signal.signal(signal.SIGINT, self._before)
