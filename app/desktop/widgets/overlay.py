"""A card laid over the window, and a veil over the rest; Esc or a press beside it takes it away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from app.desktop import theme
from app.desktop.widgets.basic import column, frame

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent

TOP = 72
EDGE = 24
VEIL = 0.55


class Overlay(QWidget):
    """Fills its parent; what is to be seen goes into ``inside``. The keyboard returns where it was."""

    closed = Signal()

    def __init__(self, over: QWidget, name: str, words: str, width: int, *, middle: bool = False) -> None:
        super().__init__(over)
        self.setObjectName(f"{name}Over")
        self._width, self._middle = width, middle
        self._before = over.window().focusWidget()
        self.card = frame("over", name)
        self.card.setParent(self)
        self.card.setAccessibleName(words)
        self.inside = column(self.card)
        over.installEventFilter(self)

    def place(self) -> None:
        """Over all of the parent; the card near the top, or in the middle."""
        over = self.parentWidget()
        self.setGeometry(over.rect())
        width = min(round(self._width * theme.current().scale), over.width() - 2 * EDGE)
        self.card.setFixedWidth(width)
        self.card.adjustSize()
        most = over.height() - 2 * EDGE
        high = min(self.card.sizeHint().height(), most)
        top = (over.height() - high) // 2 if self._middle else min(TOP, max(EDGE, most - high))
        self.card.setGeometry((over.width() - width) // 2, top, width, high)
        self.raise_()

    def leave(self) -> None:
        """Go, and give the keyboard back."""
        self.parentWidget().removeEventFilter(self)
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus()
        self.closed.emit()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.place()
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.card.geometry().contains(event.position().toPoint()):
            self.leave()

    def paintEvent(self, event: QPaintEvent) -> None:
        veil = theme.current().color("sunken")
        veil.setAlphaF(VEIL)
        QPainter(self).fillRect(QRectF(self.rect()), veil)
