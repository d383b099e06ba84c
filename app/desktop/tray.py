"""The tray: whether Dormouse is awake or asleep, and the few things one wants without the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from app.desktop import acts, icons, words
from app.desktop.actions import ACTIONS

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from app.desktop.face import Face, Schedule
    from app.desktop.window import Window
    from app.events import NightEnded, NightProgress

SIZES = (16, 22, 24, 32, 48)
TOLD = "told of the tray"  # the mark: said once in a home's life
STAYS = "I am still here, so that I can sleep at night. Quit from this menu, or change it in the settings."


class Tray(QObject):
    """An icon with a menu. What is said here holds none of the user's words: others may see it."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._report: int | None = None
        self.icon = QSystemTrayIcon(_mark("dormouse-awake-small"), self)
        self.menu = QMenu()
        self.menu.setObjectName("trayMenu")
        self._open = self._item("Open Dormouse", "ph.app-window", window.come_up)
        self._item("Ask quickly…", "ph.chat-circle-dots", window.ask_quickly)
        self._night = self._item(*_of("sleep"), self._sleep_or_wake)
        self.menu.addSeparator()
        self._item("Quit", "ph.power", window.leave)
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(self._pressed)
        self.icon.messageClicked.connect(self._read)
        window.bridge.night.connect(self._sleeps)
        window.bridge.night_ended.connect(self._woke)
        window.bridge.changed.connect(lambda _event: self.refresh())
        self._asleep = False
        self.icon.setToolTip("Dormouse")
        self.refresh()
        self.icon.show()

    def refresh(self) -> None:
        """Read when the next night is."""
        self._window.tasks.read(lambda face: face.schedule(), self._show_schedule, owner=self)

    def say_morning(self, event: NightEnded) -> None:
        """A message of the system; pressed, it opens the report."""
        self._report = event.night_id or None
        sentence = "The morning report is ready." if event.night_id else "The night is over."
        self.icon.showMessage("Good morning", sentence, _mark("dormouse-awake-small"))

    def say_stays(self) -> None:
        """The first time that closing the window leaves it here."""
        self._window.tasks.write(_first_time, self._told, owner=self)

    def _told(self, first: bool) -> None:
        if first:
            self._report = None
            self.icon.showMessage("Dormouse", STAYS, _mark("dormouse-awake-small"))

    def _item(self, text: str, icon: str, act: object) -> QAction:
        made = self.menu.addAction(icons.pixmap(icon, "text-muted", 16), text)
        made.triggered.connect(lambda _checked=False: act())
        return made

    def _pressed(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self._window.come_up()

    def _read(self) -> None:
        self._window.come_up()
        if self._report is not None:
            self._window.show_night(self._report)

    def _sleep_or_wake(self) -> None:
        if self._asleep:
            acts.wake(self._window)
        else:
            self._window.tasks.talk(lambda face: face.start_night())

    def _sleeps(self, event: NightProgress) -> None:
        self.icon.setToolTip(f"Dormouse is asleep, {event.share:.0%} of this step")
        self._show_asleep(True)

    def _woke(self, _event: NightEnded) -> None:
        self._show_asleep(False)
        self.refresh()

    def _show_asleep(self, on: bool) -> None:
        if on != self._asleep:
            self._asleep = on
            self.icon.setIcon(_mark("dormouse-small" if on else "dormouse-awake-small"))
            text, icon = _of("wake" if on else "sleep")
            self._night.setText(text)
            self._night.setIcon(icons.pixmap(icon, "text-muted", 16))

    def _show_schedule(self, schedule: Schedule) -> None:
        if self._asleep:
            return
        when = f"{schedule.hour:02}:{schedule.minute:02}"
        if schedule.next_run is not None:
            when = words.clock(schedule.next_run)
        self.icon.setToolTip(
            f"Dormouse is awake; next sleep {when}" if schedule.enabled else "Dormouse is awake"
        )


def _of(key: str) -> tuple[str, str]:
    """What the table calls an action, and its picture."""
    return next((action.words, action.icon) for action in ACTIONS if action.key == key)


def _mark(name: str) -> QIcon:
    icon = QIcon()
    for size in SIZES:
        icon.addPixmap(icons.mark(name, size))
    return icon


def _first_time(face: Face) -> bool:
    """Whether it was never said; from now on it was."""
    first = not face.home.mark(TOLD)
    if first:
        face.home.set_mark(TOLD, True)
    return first
