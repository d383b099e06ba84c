"""What is on or off: noticing, looking up, starting with the session, staying in the tray."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from app.desktop.widgets.setting import Card
from app.desktop.widgets.switch import Switch

if TYPE_CHECKING:
    from app.desktop.face import Settings
    from app.desktop.tasks import Tasks

NOTICE = "After a reply I read what you typed, and propose what is worth keeping."
RECALL = "Before a reply I look up what bears on your words, in your memories and in earlier chats."
LOGIN = "I start when you log in, quietly, so that I can sleep at night."
ELSEWHERE = "On this system you arrange it yourself; the guide says how."
STAY = "When you close the window I stay in the tray, so that I can sleep at night."
NO_TRAY = "Your desktop has no tray, so closing the window ends me."


class Switches(Card):
    """Each switch is one setting, by the name it has in the file."""

    def __init__(self, tasks: Tasks, title: str, name: str) -> None:
        super().__init__(title, name)
        self._tasks = tasks
        self._switches: dict[str, Switch] = {}

    def switch(self, name: str, title: str, sentence: str, *, able: bool = True, also: str = "") -> Switch:
        """One more."""
        made = Switch(name, title)
        made.setEnabled(able)
        made.toggled.connect(lambda on: self.turn(name, on))
        self._switches[name] = made
        self.add(title, sentence, made, also=also)
        return made

    def turn(self, name: str, on: bool) -> None:
        self._tasks.write(lambda face: face.set_setting(name, on))

    def show_settings(self, settings: Settings) -> None:
        for name, switch in self._switches.items():
            if switch.isEnabled() and hasattr(settings, name):
                show(switch, getattr(settings, name))


class Memory(Switches):
    """What is noticed and looked up."""

    def __init__(self, tasks: Tasks) -> None:
        super().__init__(tasks, "What I notice", "memory")
        self.switch("notice", "Notice facts", NOTICE, also="memory learn")
        self.switch("recall", "Look up what I remember", RECALL, also="recall memory notes")


class Starting(Switches):
    """Starting with the session, and what closing the window does; ``changed`` tells of the latter."""

    changed = Signal()

    def __init__(self, tasks: Tasks, *, tray: bool) -> None:
        super().__init__(tasks, "Starting and staying", "starting")
        self._login = self.switch("login", "Start at login", LOGIN, also="autostart session boot")
        self._tray = tray
        self.switch("stay", "Stay when the window is closed", STAY if tray else NO_TRAY, able=tray,
                    also="tray close quit background")  # fmt: skip

    def show_login(self, on: bool | None) -> None:
        """None where it cannot be arranged from here."""
        show(self._login, bool(on))
        self._login.setEnabled(on is not None)
        self._login.setToolTip("" if on is not None else ELSEWHERE)

    def turn(self, name: str, on: bool) -> None:
        if name == "login":
            self._tasks.write(lambda face: face.start_at_login(on))
        else:
            super().turn(name, on)
            self.changed.emit()


def show(switch: Switch, on: bool) -> None:
    """Show a value without setting it."""
    switch.blockSignals(True)
    switch.setChecked(on)
    switch.blockSignals(False)
    switch.update()
