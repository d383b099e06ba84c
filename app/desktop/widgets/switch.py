"""A switch: painted, 32 by 18, its whole row can be pressed."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.desktop import theme

WIDTH, HEIGHT, GAP = 32, 18, 8


class Switch(QAbstractButton):
    """On or off, with its words to the left when it has any."""

    def __init__(
        self, name: str, words: str, *, show_words: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.setText(words if show_words else "")
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        font = theme.current().font("small")
        self.setFont(font)
        words = self.fontMetrics().horizontalAdvance(self.text()) + GAP if self.text() else 0
        return QSize(WIDTH + words, 28)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.text():
            painter.setPen(now.color("text-muted"))
            painter.setFont(now.font("small"))
            place = self.rect().adjusted(0, 0, -WIDTH - GAP, 0)
            painter.drawText(
                place, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), self.text()
            )
        track = QRectF(self.width() - WIDTH + 0.5, (self.height() - HEIGHT) / 2 + 0.5, WIDTH - 1, HEIGHT - 1)
        self._paint(painter, track)

    def _paint(self, painter: QPainter, track: QRectF) -> None:
        now = theme.current()
        on, able = self.isChecked(), self.isEnabled()
        outline = now.color(("accent" if on else "control") if able else "border-strong")
        painter.setPen(QPen(outline, 1))
        painter.setBrush(outline if on else now.color("raised" if able else "surface"))
        painter.drawRoundedRect(track, HEIGHT / 2, HEIGHT / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(now.color("raised") if on else outline)
        side = 12.0
        left = track.right() - side - 2.5 if on else track.left() + 2.5
        painter.drawEllipse(QRectF(left, track.center().y() - side / 2, side, side))
