"""Which way the memories are looked at: one switch."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QFrame, QPushButton

from app.desktop import icons, style
from app.desktop.widgets.basic import button, row

VIEWS = (
    ("table", "Table", "ph.table"),
    ("cards", "Cards", "ph.cards"),
    ("timeline", "Timeline", "ph.clock-counter-clockwise"),
    ("map", "Map", "ph.map-trifold"),
)


class Views(QFrame):
    """One is always chosen; Alt with a figure chooses too."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("views")
        self.setAccessibleName("How to look at the memories")
        self.setProperty("kind", "segments")
        inside = row(self, gap=0)
        self._group, self.parts = QButtonGroup(self), dict[str, QPushButton]()
        for number, (key, word, icon) in enumerate(VIEWS):
            self.parts[key] = made = self._part(number, key, word, icon)
            inside.addWidget(made)
        self.key = VIEWS[0][0]
        self.parts[self.key].setChecked(True)

    def choose(self, key: str) -> None:
        """Look at them this way."""
        if key == self.key:
            return
        self.key = key
        self.parts[key].setChecked(True)
        self.chosen.emit(key)

    def fold(self, narrow: bool) -> None:
        """Only icons, where there is no room for words."""
        for key, word, _icon in VIEWS:
            self.parts[key].setText("" if narrow else f" {word}")

    def _part(self, number: int, key: str, word: str, icon: str) -> QPushButton:
        made = button(word, f"view{word}", kind="segment", icon=icon, tip=f"{word} (Alt+{number + 1})")
        made.setAccessibleName(word)
        made.setCheckable(True)
        style.restyle(made, place="first" if not number else "last" if key == VIEWS[-1][0] else "middle")
        made.toggled.connect(lambda on: icons.put(made, icon, "accent-ink" if on else "text", 16))
        made.clicked.connect(lambda _checked=False: self.choose(key))
        self._group.addButton(made)
        keys = QShortcut(QKeySequence(f"Alt+{number + 1}"), self, context=Qt.ShortcutContext.WindowShortcut)
        keys.activated.connect(lambda: self.choose(key))
        return made
