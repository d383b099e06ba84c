"""What the user said, and a way to say it in other words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.desktop.chat.message import Message
from app.desktop.chat.prose import Prose
from app.desktop.chat.steps import Steps
from app.desktop.widgets.basic import frame, icon_button, row

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from memory.records import Turn

WIDEST, NARROWEST, PADDING = 480, 120, 31
GAP = 4


class Bubble(Message):
    """One message of the user's; it can be changed once it is kept."""

    rewrite = Signal()
    step = Signal(int)

    def __init__(self, text: str, turn: Turn | None = None) -> None:
        super().__init__("userTurn")
        self.text = text
        self.setAccessibleName(f"You said: {text}")
        self._words = Prose("userWords")
        self._words.say(text)
        box = frame("bubble")
        box.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row(box, margins=(16, 9, 15, 9)).addWidget(self._words)
        self._line = row(self, gap=GAP)
        self._line.addStretch(1)
        self._line.addWidget(box)
        self._beside: list[QWidget] = []
        if turn is not None:
            self.keep(turn)

    def keep(self, turn: Turn) -> None:
        """The core has kept it: from now on it can be changed."""
        self.turn = turn
        for part in self._beside:
            part.hide()
            part.deleteLater()
        self._beside = []
        if len(turn.versions) > 1:
            steps = Steps(turn)
            steps.chosen.connect(self.step)
            self._beside.append(steps)
        if not turn.name:
            self._beside.append(
                icon_button("ph.pencil-simple", "rewrite", "Say it in other words", on=self.rewrite.emit)
            )
        for at, part in enumerate(self._beside):
            self._line.insertWidget(1 + at, part, 0, Qt.AlignmentFlag.AlignBottom)
        self._shrink()

    def redraw(self) -> None:
        self._words.say(self.text)
        self._shrink()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._shrink()

    def _shrink(self) -> None:
        taken = sum(part.sizeHint().width() + GAP for part in self._beside)
        self._words.shrink(max(NARROWEST, min(WIDEST, self.width() - taken)) - PADDING)
