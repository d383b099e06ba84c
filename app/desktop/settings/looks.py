"""How the window looks: the theme, and how large text is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from app.desktop import theme
from app.desktop.acts import SCALES
from app.desktop.widgets.basic import button, row
from app.desktop.widgets.setting import Card

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.desktop.face import Settings
    from app.desktop.tasks import Tasks

LOOKS = (("system", "Like the system", "ph.desktop"), ("day", "Day", "ph.sun"), ("night", "Night", "ph.moon"))


class Looks(Card):
    """In force at once, and kept."""

    def __init__(self, tasks: Tasks) -> None:
        super().__init__("How it looks", "looks")
        self._tasks = tasks
        self._looks = {
            key: _choice(text, f"theme_{key}", lambda key=key: self._look(key), icon)
            for key, text, icon in LOOKS
        }
        self._scales = {
            value: _choice(text, f"scale_{text}", lambda value=value: self._scale(value))
            for value, text in SCALES
        }
        self.add("Theme", "Paper by day, ink by night.", self._one_of(self._looks), also="colour dark light")
        self.add("Text size", "All text grows together.", self._one_of(self._scales), also="font zoom scale")

    def show_settings(self, settings: Settings) -> None:
        for buttons, value in ((self._looks, settings.theme), (self._scales, settings.font_scale)):
            if value in buttons:
                buttons[value].setChecked(True)

    def _one_of(self, buttons: dict[Any, QPushButton]) -> QWidget:
        made = QWidget()
        line = row(made, gap=6)
        group = QButtonGroup(made)
        for one in buttons.values():
            group.addButton(one)
            line.addWidget(one)
        return made

    def _look(self, choice: str) -> None:
        theme.current().choose(choice)
        self._tasks.write(lambda face: face.set_setting("theme", choice))

    def _scale(self, value: float) -> None:
        theme.current().set_scale(value)
        self._tasks.write(lambda face: face.set_setting("font_scale", value))


def _choice(text: str, name: str, on: Callable[[], object], icon: str = "") -> QPushButton:
    made = button(text, name, kind="filter", icon=icon, height=28, on=on)
    made.setCheckable(True)
    return made
