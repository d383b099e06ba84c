"""Whether the window is there: raised, kept in the tray, small for one question, or gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMainWindow

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent

    from app.desktop.bridge import Bridge
    from app.desktop.chat.live import Live
    from app.desktop.quick import Quick
    from app.desktop.tasks import Tasks
    from app.desktop.tray import Tray
    from app.desktop.widgets.toast import Toast
    from app.events import NightEnded

LONG = 15_000
MORNING = 60_000


class Presence(QMainWindow):
    """The part of the window that comes and goes. ``left`` tells that it is gone for good."""

    left = Signal()
    tasks: Tasks
    bridge: Bridge
    toast: Toast
    chat: Any

    def __init__(self) -> None:
        super().__init__()
        self.tray: Tray | None = None
        self.keeps = True  # the setting: closing leaves it in the tray, where there is one
        self.again = False  # whether whoever opened it shall start anew
        self._leaving = False
        self._quick: Quick | None = None

    def come_up(self) -> None:
        """Before everything else, with the keyboard."""
        self.show()
        self.setWindowState(self.windowState() & ~self.windowState().WindowMinimized)
        self.raise_()
        self.activateWindow()

    def ask_quickly(self) -> Quick:
        """The small window for one question."""
        if self._quick is None:
            from app.desktop.quick import Quick  # made when it is first asked for: the start stays short

            self._quick = Quick(self.tasks, self.bridge)
            self._quick.opened.connect(self._go_on)
            self._quick.gone.connect(self._alone)
        self._quick.come()
        return self._quick

    def leave(self, *, again: bool = False) -> None:
        """Close it, tray or not; with ``again``, to be opened anew."""
        self._leaving, self.again = True, again
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Whatever waited for its ten seconds is done now; nothing is lost by closing."""
        self.toast.settle()
        if self.tray is not None and self.keeps and not self._leaving:
            event.ignore()
            self.hide()
            self.tray.say_stays()
            return
        self._shut()
        super().closeEvent(event)
        self.left.emit()

    def show_night(self, number: int) -> None:
        """One night's report."""
        raise NotImplementedError

    def open_chat(self, conversation: int, turn: object) -> None:
        """A chat, at a turn or at its end."""
        raise NotImplementedError

    def _shut(self) -> None:
        if self._quick is not None:
            self._quick.close()
        if self.tray is not None:
            self.tray.icon.hide()
        self.bridge.close()
        self.hide()
        self.tasks.close()

    def _alone(self) -> None:
        """The small window was all there was, and has gone."""
        if not self.isVisible() and self.tray is None:
            self.leave()

    def _go_on(self, number: int, live: Live | None) -> None:
        """A chat that began in the small window, with its reply if that is on its way."""
        if live is not None:
            self.chat.live[number] = live
        self.come_up()
        self.open_chat(number, None)

    def _tell_morning(self, event: NightEnded) -> None:
        """Where one looks: in the window, and from the tray if that is out of sight."""
        number = event.night_id
        act = ("Read the report", lambda: self.show_night(number)) if number else None
        self.toast.say(event.sentence or "The night is over.", act=act, stays=MORNING if number else LONG)
        if self.tray is not None and not self.isActiveWindow():
            self.tray.say_morning(event)
