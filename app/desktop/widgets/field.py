"""Fields: a line to type in, a search line, and a line with a sentence under it when it is wrong."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from app.desktop import style
from app.desktop.widgets.basic import Words, column, icon_label, label, row


def line(name: str, words: str, placeholder: str = "") -> QLineEdit:
    """A line to type in."""
    made = QLineEdit()
    made.setObjectName(name)
    made.setAccessibleName(words)
    made.setPlaceholderText(placeholder)
    style.sized(made, height=32)
    style.font(made, "body")
    return made


def search(name: str, words: str, key: str = "") -> QLineEdit:
    """A search line with its lens, and the key that leads here."""
    made = line(name, words, words)
    made.setTextMargins(24, 0, 44 if key else 0, 0)
    inside = row(made, margins=(10, 0, 9, 0))
    inside.addWidget(icon_label("ph.magnifying-glass"))
    inside.addStretch(1)
    if key:
        hint = label(key, "code", "text-muted", px=11)
        hint.setProperty("kind", "key")
        hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        inside.addWidget(hint)
        made.textChanged.connect(lambda text: hint.setVisible(not text))
    return made


class Checked(QWidget):
    """A field with room for one sentence that says what to type."""

    def __init__(self, field: QLineEdit) -> None:
        super().__init__()
        self.field = field
        inside = column(self, gap=4)
        inside.addWidget(field)
        self._words = Words("", "small", "danger")
        self._words.setObjectName(f"{field.objectName()}Problem")
        self._words.hide()
        inside.addWidget(self._words)
        field.textChanged.connect(lambda _text: self.wrong(""))

    def wrong(self, sentence: str) -> None:
        """Say what is wrong; nothing clears it."""
        style.restyle(self.field, wrong="true" if sentence else "false")
        self._words.say(sentence)
        self._words.setVisible(bool(sentence))
