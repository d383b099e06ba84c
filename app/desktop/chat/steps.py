"""The versions of a message: which one is shown, and a step to the one before or after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from app.desktop.widgets.basic import icon_button, label, row

if TYPE_CHECKING:
    from memory.records import Turn

SIDE = 26


class Steps(QWidget):
    """‹ 2 / 3 ›"""

    chosen = Signal(int)

    def __init__(self, turn: Turn) -> None:
        super().__init__()
        self.setObjectName("versions")
        self._turn, self._at = turn, turn.versions.index(turn.id)
        count = len(turn.versions)
        words = f"{self._at + 1} / {count}"
        self.setAccessibleName(f"Version {self._at + 1} of {count}")
        shown = label(words, "small", "text-muted")
        shown.setToolTip("The other versions are kept, with what followed them")
        line = row(self, gap=0)
        line.addWidget(self._arrow("ph.caret-left", "versionBefore", "Show the version before", -1))
        line.addWidget(shown)
        line.addWidget(self._arrow("ph.caret-right", "versionAfter", "Show the version after", 1))

    def _arrow(self, icon: str, name: str, tip: str, step: int) -> QPushButton:
        to = self._at + step
        there = 0 <= to < len(self._turn.versions)
        made = icon_button(
            icon,
            name,
            tip,
            color="text-muted" if there else "text-disabled",
            side=SIDE,
            on=lambda: self.chosen.emit(self._turn.versions[to]),
        )
        made.setEnabled(there)
        return made
