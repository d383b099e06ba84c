"""The exam, line by line: before above, after below, and a tick where it must reach."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.desktop import theme


class Bars(QWidget):
    """Two bars in percent of the same width."""

    def __init__(self, before: float | None, after: float | None, must: float | None, words: str) -> None:
        super().__init__()
        self._before, self._after, self._must = before, after, must
        self.setFixedHeight(20)
        self.setMinimumWidth(60)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(words)

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        width = self.width() - 2
        for value, color, top in ((self._before, "before", 3), (self._after, "accent", 11)):
            if value is not None and value > 0:
                painter.setBrush(now.color(color))
                painter.drawRoundedRect(QRectF(0, top, max(6.0, width * min(value, 100) / 100), 6), 3, 3)
        if self._must is not None:
            painter.setBrush(now.color("text"))
            painter.drawRect(QRectF(width * min(self._must, 100) / 100, 1, 2, 18))
