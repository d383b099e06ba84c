"""Two fields that make a fact: what it is about, and what is so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QSizePolicy

from app.desktop.widgets import field
from app.desktop.widgets.basic import button, column, label, row

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from memory.records import Fact


class FactForm(QFrame):
    """Adds or edits in place. Says under a field what is missing."""

    saved = Signal(str, str)
    cancelled = Signal()

    def __init__(self, name: str, *, wide: bool, verb: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("kind", "card")
        self.attribute = field.Checked(field.line(f"{name}Attribute", "About", "my dog's name"))
        self.value = field.Checked(field.line(f"{name}Value", "What is so", "Pim"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        inside = column(self, margins=(16, 12, 16, 12), gap=8)
        fields = row(gap=8) if wide else column(gap=8)
        for words, part, share in (("About", self.attribute, 2), ("What is so", self.value, 3)):
            piece = column(gap=4)
            piece.addWidget(label(words, "caption", "text-muted"))
            piece.addWidget(part)
            piece.setAlignment(Qt.AlignmentFlag.AlignTop)
            fields.addLayout(piece, share)
        inside.addLayout(fields)
        foot = row(gap=8)
        foot.addStretch(1)
        foot.addWidget(button("Cancel", f"{name}Cancel", kind="quiet", on=self.cancelled.emit))
        foot.addWidget(button(verb, f"{name}Save", kind="primary", on=self.save))
        inside.addLayout(foot)
        for part in (self.attribute, self.value):
            part.field.returnPressed.connect(self.save)

    def begin(self, fact: Fact | None = None) -> None:
        """Empty, or with what is known."""
        self.attribute.field.setText(fact.attribute if fact else "")
        self.value.field.setText(fact.value if fact else "")
        self.show()
        (self.value if fact else self.attribute).field.setFocus()
        if fact:
            self.value.field.selectAll()

    def save(self) -> None:
        """Hand over both, or say which is missing."""
        about, value = self.attribute.field.text().strip(), self.value.field.text().strip()
        if not about:
            self.attribute.wrong("Say what this is about, for example: my dog's name")
        elif not value:
            self.value.wrong("Say what is so, for example: Pim")
        else:
            self.saved.emit(about, value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)
