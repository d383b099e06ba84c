"""The line above the composer that says, in words, what is going on."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.desktop import style, theme
from app.desktop.widgets.basic import label, row


class StateLine(QWidget):
    """Three dots, a word, and what it is about. Keeps its place when there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("stateLine")
        style.sized(self, height=28)
        inside = row(self, gap=8)
        self._dots = _Dots()
        self.word = label("", "small", weight=500)
        self.word.setObjectName("stateWord")
        self.about = label("", "small", "text-muted")
        for part in (self._dots, self.word, self.about):
            inside.addWidget(part)
        inside.addStretch(1)
        self.rest()

    def say(self, word: str, about: str = "", *, busy: bool = True) -> None:
        self._dots.run(busy)
        self.word.setText(word)
        self.about.setText(about)
        self.setAccessibleName(f"{word} {about}".strip())

    def rest(self, sentence: str = "") -> None:
        """Nothing is going on; a sentence may say how it ended."""
        self.say("", sentence, busy=False)


class _Dots(QWidget):
    """Steps twice a second, and only while something is going on."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(21, 12)
        self._step = 0
        self._timer = QTimer(self, interval=500)
        self._timer.timeout.connect(self._next)

    def run(self, on: bool) -> None:
        self.setVisible(on)
        if on and not self._timer.isActive():
            self._timer.start()
        elif not on:
            self._timer.stop()

    def _next(self) -> None:
        self._step = (self._step + 1) % 3
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for at in range(3):
            color = theme.current().color("accent")
            color.setAlphaF((1.0, 0.65, 0.3)[(at - self._step) % 3])
            painter.setBrush(color)
            painter.drawEllipse(QRectF(at * 8, 3, 5.5, 5.5))
