"""From when to when, as bars on one scale: the axis above the timeline, and a bar in each of its rows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.desktop import style, theme, words
from app.desktop.memories.timeline import span

if TYPE_CHECKING:
    from memory.records import Fact

HIGH, GAP = 6.0, 44.0
STEPS = (1, 2, 3, 6, 12, 24, 60, 120)  # months between two ticks


class Scale:
    """Moments to places between ``left`` and ``left + width``."""

    def __init__(self, first: datetime, last: datetime) -> None:
        self.first, self.last = first, last
        self.left, self.width = 0.0, 1.0

    def place(self, left: float, width: float) -> None:
        self.left, self.width = left, max(1.0, width)

    def at(self, when: datetime) -> float:
        """Where a moment is; what lies outside is at the edge."""
        share = (when - self.first) / max(self.last - self.first, timedelta(days=1))
        return self.left + self.width * min(1.0, max(0.0, share))

    def ticks(self) -> list[tuple[float, str]]:
        """The beginnings of months or years that have room for their names."""
        first, last = words.local(self.first), words.local(self.last)
        count = (last.year - first.year) * 12 + last.month - first.month
        step = next((one for one in STEPS if count / one * GAP <= self.width), STEPS[-1])
        found = []
        for number in range(first.year * 12 + first.month, last.year * 12 + last.month):
            if number % step == 0:
                year, month = divmod(number, 12)
                found.append((self.at(first.replace(year=year, month=month + 1, day=1)), _name(month, year)))
        return found


def _name(month: int, year: int) -> str:
    return str(year) if month == 0 else words.MONTHS[month][:3]


def paint_span(painter: QPainter, rect: QRectF, scale: Scale, fact: Fact) -> None:
    """One fact's bar: full while it holds, grey when it is over, an outline when it is only planned."""
    now, (begun, ended) = theme.current(), span(fact)
    left, right = scale.at(begun), scale.at(ended or max(begun, words.now()))
    middle = rect.center().y()
    gone = fact.state in ("superseded", "retracted", "expired")
    color = now.color("before" if gone else "warn" if fact.state == "proposed" else "accent")
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    if fact.state == "planned":
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(color, 1, Qt.PenStyle.DashLine))
        right = max(right, scale.left + scale.width)
    if right - left < HIGH:  # a day: a dot
        painter.drawEllipse(QPointF((left + right) / 2, middle), HIGH / 2, HIGH / 2)
    else:
        painter.drawRoundedRect(QRectF(left, middle - HIGH / 2, right - left, HIGH), HIGH / 2, HIGH / 2)


class Axis(QWidget):
    """The names of months or years above the bars."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("spanAxis")
        self.scale = Scale(words.now() - timedelta(days=60), words.now())
        style.sized(self, height=28)

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme.current(), QPainter(self)
        painter.setFont(now.font("caption"))
        painter.setPen(now.color("text-muted"))
        painter.drawText(
            QRectF(12, 0, self.scale.left - 24, self.height()), Qt.AlignmentFlag.AlignVCenter, "What happened"
        )
        for place, name in self.scale.ticks():
            painter.setPen(now.color("border-strong"))
            painter.drawLine(QPointF(place, self.height() - 6), QPointF(place, self.height()))
            painter.setPen(now.color("text-muted"))
            painter.drawText(
                QRectF(place, 0, GAP, self.height() - 4), Qt.AlignmentFlag.AlignVCenter, f" {name}"
            )
