"""The rail: the five places, always in the same spot."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QLabel

from app.desktop import icons, style, theme
from app.desktop.widgets.basic import column

PLACES = (
    ("chat", "Chat", "ph.chat-circle-text"),
    ("memories", "Memories", "ph.bookmark-simple"),
    ("nights", "Nights", "ph.moon-stars"),
    ("models", "Models", "ph.cpu"),
    ("settings", "Settings", "ph.gear-six"),
)


class Rail(QFrame):
    """Chooses a place; a figure says how much waits there."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setAccessibleName("Places")
        style.sized(self, width=theme.current().size("rail"))
        inside = column(self, margins=(8, 12, 7, 8), gap=4)
        mark = QLabel()
        mark.setPixmap(icons.mark("dormouse-small", 36))
        mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inside.addWidget(mark)
        inside.addSpacing(12)
        self._group = QButtonGroup(self)
        self.places: dict[str, Place] = {}
        for number, (key, words, icon) in enumerate(PLACES):
            if key == "settings":
                inside.addStretch(1)
            self.places[key] = place = Place(key, words, icon, number + 1)
            self._group.addButton(place)
            place.clicked.connect(lambda _checked=False, key=key: self.chosen.emit(key))
            inside.addWidget(place)

    def choose(self, key: str) -> None:
        self.places[key].setChecked(True)

    def wait(self, key: str, count: int) -> None:
        """How many things wait for an answer in a place."""
        self.places[key].wait(count)


class Place(QAbstractButton):
    """One place: icon, word, and perhaps how much waits there."""

    def __init__(self, key: str, words: str, icon: str, number: int) -> None:
        super().__init__()
        self.setObjectName(f"place_{key}")
        self.setText(words)
        self.setAccessibleName(words)
        self.setToolTip(f"{words} (Ctrl+{number})")
        self.setCheckable(True)
        style.sized(self, width=60, height=52)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._icon, self._waiting = icon, 0

    def wait(self, count: int) -> None:
        self._waiting = count
        self.setAccessibleDescription(f"{count} waiting for a yes or a no" if count else "")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        now, on = theme.current(), self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if on or self.underMouse():
            painter.setBrush(now.color("accent-soft" if on else "hover"))
            painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
        ink = now.color("accent-ink" if on else "text-muted")
        wide, scale = self.width(), now.scale
        icons.paint(
            painter,
            QRectF(0, 6 * scale, wide, 22 * scale),
            self._icon + ("-fill" if on else ""),
            ink,
            round(22 * scale),
        )
        painter.setPen(ink)
        painter.setFont(now.font("caption", weight=600 if on else None))
        painter.drawText(
            QRectF(-4, 30 * scale, wide + 8, 18 * scale), Qt.AlignmentFlag.AlignCenter, self.text()
        )
        if self._waiting:
            self._count(painter, wide / 2 + 6 * scale, 3 * scale)

    def _count(self, painter: QPainter, left: float, top: float) -> None:
        now = theme.current()
        text = str(self._waiting) if self._waiting < 100 else "99+"
        painter.setFont(now.font("caption", weight=600))
        high = 16 * now.scale
        box = QRectF(left, top, max(high, painter.fontMetrics().horizontalAdvance(text) + 8), high)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(now.color("accent"))
        painter.drawRoundedRect(box, high / 2, high / 2)
        painter.setPen(now.color("on-accent"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def enterEvent(self, event: object) -> None:
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: object) -> None:
        self.update()
        super().leaveEvent(event)
