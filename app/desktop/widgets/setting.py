"""A card of settings, and a row in it: what it is, a sentence about it, and what changes it."""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from app.desktop.widgets.basic import Words, column, label, row, rule


class Setting(QWidget):
    """One row; its controls stand to the right of the words, what belongs to it goes ``under`` them.

    Args:
        title: what it is.
        sentence: what it does.
        controls: what changes it.
        also: other words by which it is found.
    """

    def __init__(self, title: str, sentence: str, *controls: QWidget, also: str = "") -> None:
        super().__init__()
        self.said = folded(f"{title} {sentence} {also}")
        self.under = column(self, gap=8)
        line = row(gap=16)
        texts = column(gap=0)
        texts.addWidget(label(title, weight=500))
        texts.addWidget(Words(sentence, "small", "text-muted"))
        line.addLayout(texts, 1)
        ends = row(gap=8)
        for control in controls:
            ends.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addLayout(ends)
        self.under.addLayout(line)


class Card(QFrame):
    """Settings that belong together, under a title, with a rule between them."""

    def __init__(self, title: str, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("kind", "card")
        self._title = folded(title)
        self._rows: list[tuple[QFrame, Setting]] = []
        self._inside = column(self, margins=(16, 14, 16, 14), gap=12)
        self._inside.addWidget(label(title, "heading"))

    def add(self, title: str, sentence: str, *controls: QWidget, also: str = "") -> Setting:
        """One more setting."""
        made, line = Setting(title, sentence, *controls, also=also), rule()
        line.setVisible(bool(self._rows))
        self._rows.append((line, made))
        self._inside.addWidget(line)
        self._inside.addWidget(made)
        return made

    def find(self, words: list[str]) -> bool:
        """Show the settings that hold all of these (folded) words; whether there is any."""
        first = True
        for line, one in self._rows:
            fits = all(word in one.said or word in self._title for word in words)
            one.setVisible(fits)
            line.setVisible(fits and not first)
            first = first and not fits
        self.setVisible(not first)
        return not first


def folded(text: str) -> str:
    """Small letters without accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
