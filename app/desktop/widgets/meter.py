"""A meter: how full something is. Warns in colour, and always stands beside its figure."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.desktop import theme


class Meter(QWidget):
    """A share from 0 to 1 as a 6 px bar."""

    def __init__(self, name: str, words: str, *, width: int = 0, warns: bool = True) -> None:
        super().__init__()
        self.setObjectName(name)
        self._words, self._warns, self.share = words, warns, 0.0
        self.setFixedHeight(6)
        if width:
            self.setFixedWidth(width)
        else:
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_share(0.0)

    def sizeHint(self) -> QSize:
        return QSize(72, 6)

    def show_share(self, share: float) -> None:
        self.share = min(1.0, max(0.0, share))
        self.setAccessibleName(f"{self._words}: {self.share:.0%}")
        self.update()

    def tone(self) -> str:
        """The colour for this much."""
        if not self._warns or self.share < 0.75:
            return "accent"
        return "warn" if self.share < 0.92 else "danger"

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(now.color("meter-track"))
        painter.drawRoundedRect(QRectF(self.rect()), 3, 3)
        painter.setBrush(now.color(self.tone()))
        filled = self.width() * self.share
        if filled > 0:
            painter.drawRoundedRect(QRectF(0, 0, max(6.0, filled), 6), 3, 3)
