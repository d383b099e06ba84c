"""A card in the side panel: a memory that was in mind, or one that was just noticed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame

from app.desktop.widgets.basic import Elided, Words, button, column, icon_label, row

Act = Callable[[], object]


class NoteCard(QFrame):
    """Text, source, quiet buttons."""

    def __init__(self, text: str, source: str, *, learned: bool = False) -> None:
        super().__init__()
        self.setObjectName("noteCard")
        self.setProperty("kind", "card")
        self.setAccessibleName(text)
        self._column = column(self, margins=(6, 12, 8, 8), gap=5)
        said = Words(text)
        said.setContentsMargins(6, 0, 4, 0)
        self._column.addWidget(said)
        if source:
            line = row(gap=8, margins=(6, 0, 4, 0))
            color = "learned" if learned else "text-muted"
            line.addWidget(icon_label("ph.moon" if learned else "ph.chat-circle-text", color, 14))
            line.addWidget(Elided(source, "small", color), 1)
            self._column.addLayout(line)
        self._buttons = row(gap=2, margins=(0, 2, 0, 0))
        self._column.addLayout(self._buttons)
        self._buttons.addStretch(1)
        self._count = 0

    def offer(self, words: str, icon: str, act: Act, *, kind: str = "quiet") -> NoteCard:
        """Add a button."""
        made = button(words, f"note{words}", kind=kind, icon=icon, height=26, on=act)
        made.setProperty("tight", True)
        made.setStyleSheet("padding: 0 7px;")
        if kind == "keep":
            self._buttons.setContentsMargins(6, 4, 0, 4)
            self._buttons.setSpacing(8)
        self._buttons.insertWidget(self._count, made)
        self._count += 1
        return self
