"""The one theme: colours, fonts and sizes by name, from ``tokens.json``. No widget holds a colour."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication

TOKENS = Path(__file__).with_name("tokens.json")
CHOICES = ("system", "day", "night")
WEIGHTS = {400: QFont.Weight.Normal, 500: QFont.Weight.Medium, 600: QFont.Weight.DemiBold}


class Theme(QObject):
    """Follows the system unless day or night was chosen; tells when anything changed."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._tokens: dict[str, Any] = json.loads(TOKENS.read_text(encoding="utf-8"))
        self.choice = "system"
        self.scale = 1.0
        self.name = self._wanted()
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._system_changed)

    def choose(self, choice: str) -> None:
        """``system``, ``day`` or ``night``."""
        self.choice = choice if choice in CHOICES else "system"
        self._settle()

    def set_scale(self, scale: float) -> None:
        """How large all text is drawn; 1.0 is as designed."""
        wanted = min(2.0, max(0.8, scale))
        if wanted != self.scale:
            self.scale = wanted
            self.changed.emit()

    def hex(self, token: str) -> str:
        return str(self._tokens["color"][self.name][token])

    def color(self, token: str) -> QColor:
        return QColor(self.hex(token))

    def heat(self, step: int) -> QColor:
        """The colour of a step of a heat map, from 0."""
        steps = self._tokens["heat"][self.name]
        return QColor(str(steps[min(step, len(steps) - 1)]))

    def colors(self) -> dict[str, str]:
        return dict(self._tokens["color"][self.name])

    def px(self, role: str) -> int:
        """The text size of a role, scaled."""
        return round(self._tokens["type"][role]["px"] * self.scale)

    def line(self, role: str) -> int:
        """The line height of a role, scaled."""
        return round(self._tokens["type"][role]["line"] * self.scale)

    def font(self, role: str, *, px: int | None = None, weight: int | None = None) -> QFont:
        """The font of a role; figures line up, code has no ligatures."""
        kind = self._tokens["type"][role]
        font = QFont()
        font.setFamilies(self._families(kind["family"]))
        font.setPixelSize(round((px or kind["px"]) * self.scale))
        font.setWeight(WEIGHTS[weight or kind["weight"]])
        features = {"display": "lnum", "text": "tnum"}
        if kind["family"] in features:
            font.setFeature(QFont.Tag.fromString(features[kind["family"]]), 1)
        else:
            font.setFeature(QFont.Tag.fromString("calt"), 0)
        return font

    def size(self, name: str) -> int:
        return int(self._tokens["size"][name])

    def radius(self, name: str) -> int:
        return int(self._tokens["radius"][name])

    def fade(self) -> int:
        return int(self._tokens["motion"]["fade-ms"])

    def family(self, kind: str) -> str:
        return str(self._tokens["font"][kind])

    def _families(self, kind: str) -> list[str]:
        return [name.strip().strip("'") for name in self.family(kind).split(",")]

    def _wanted(self) -> str:
        if self.choice != "system":
            return self.choice
        dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return "night" if dark else "day"

    def _system_changed(self) -> None:
        self._settle()

    def _settle(self) -> None:
        wanted = self._wanted()
        if wanted != self.name:
            self.name = wanted
            self.changed.emit()


@cache
def current() -> Theme:
    """The theme of this application (a ``QApplication`` must exist)."""
    return Theme()
