"""How strongly the newest nights are worn: a dial for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame

from app.desktop import words
from app.desktop.widgets.basic import Words, clear, column, label, row
from app.desktop.widgets.dial import Dial

if TYPE_CHECKING:
    from collections.abc import Sequence

    from memory.records import Night

SHOWN = 3


class Dials(QFrame):
    """The last three nights that can be worn."""

    scaled = Signal(int, float)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("dials")
        self.setProperty("kind", "card")
        inside = column(self, margins=(16, 14, 16, 14), gap=10)
        inside.addWidget(label("How strongly I wear it", "heading"))
        self._row = row(gap=4)
        inside.addLayout(self._row)

    def show_nights(self, nights: Sequence[Night]) -> None:
        clear(self._row)
        worn = sorted((night for night in nights if night.state == "worn"), key=lambda night: night.id)[
            -SHOWN:
        ]
        for night in worn:
            piece = column(gap=0)
            dial = Dial(f"dial{night.id}", f"Strength of night {night.id}", night.scale, night.examined_scale)
            dial.changed.connect(lambda value, number=night.id: self.scaled.emit(number, value))
            piece.addWidget(dial, 0, Qt.AlignmentFlag.AlignHCenter)
            texts = (
                label(f"Night {night.id}", "small", weight=600),
                label(words.plural(len(night.facts), "thing"), "caption", "text-muted"),
            )
            for text in texts:
                text.setAlignment(Qt.AlignmentFlag.AlignCenter)
                piece.addWidget(text)
            self._row.addLayout(piece, 1)
        if not worn:
            self._row.addWidget(
                Words("After a night, a dial here says how strongly it is worn.", "small", "text-muted")
            )
