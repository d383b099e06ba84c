"""A month of nights: each with a mark of its own shape."""

from __future__ import annotations

import calendar
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QToolTip, QWidget

from app.desktop import theme, words
from app.desktop.nights.reading import mark
from app.desktop.widgets.basic import column, icon_button, label, row

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from memory.records import Night

LEGEND = (("worn", "worn"), ("refused", "refused"), ("turned", "turned down"), ("none", "none"))
CELL = 34


def mark_of(night: Night) -> str:
    """``worn``, ``refused``, ``turned`` (down), ``none``."""
    kind = mark(night.state)
    if kind == "worn" and night.scale < night.examined_scale:
        return "turned"
    return kind if kind in ("worn", "refused") else "none"


class Calendar(QFrame):
    """Month by month; a day that had a night can be chosen."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("calendar")
        self.setProperty("kind", "card")
        inside = column(self, margins=(14, 12, 14, 12), gap=8)
        head = row(gap=0)
        self._title = label("", "heading")
        head.addWidget(self._title, 1)
        self._back = icon_button("ph.caret-left", "monthBack", "Earlier month", on=lambda: self._step(-1))
        self._on = icon_button("ph.caret-right", "monthOn", "Later month", on=lambda: self._step(1))
        head.addWidget(self._back)
        head.addWidget(self._on)
        inside.addLayout(head)
        self.days = Days()
        self.days.chosen.connect(self.chosen)
        inside.addWidget(self.days)
        legend = row(gap=4)
        for kind, text in LEGEND:
            legend.addWidget(_Mark(kind))
            legend.addWidget(label(text, "caption", "text-muted"))
            legend.addSpacing(4)
        legend.addStretch(1)
        inside.addLayout(legend)
        today = words.now().date()
        self._show_month(today.year, today.month)

    def show_nights(self, nights: Sequence[Night], chosen: int | None) -> None:
        self.days.show_nights(nights, chosen)

    def show_tonight(self, on: bool) -> None:
        self.days.tonight = on
        self.days.update()

    def _step(self, by: int) -> None:
        year, month = self.days.month
        months = year * 12 + month - 1 + by
        self._show_month(months // 12, months % 12 + 1)

    def _show_month(self, year: int, month: int) -> None:
        self.days.show_month(year, month)
        self._title.setText(f"{words.MONTHS[month - 1]} {year}")
        today = words.now().date()
        self._on.setEnabled((year, month) < (today.year, today.month))


class Days(QWidget):
    """The grid, in one painting; every day says in words what it was."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("calendarDays")
        self.setAccessibleName("Nights of this month")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.month = (2000, 1)
        self.tonight = False
        self._weeks: list[list[date]] = []
        self._nights: dict[date, Night] = {}
        self._chosen: int | None = None

    def show_month(self, year: int, month: int) -> None:
        self.month = (year, month)
        self._weeks = calendar.Calendar().monthdatescalendar(year, month)
        self.setFixedHeight(26 + CELL * len(self._weeks))
        self.update()

    def show_nights(self, nights: Sequence[Night], chosen: int | None) -> None:
        self._nights = {words.local(night.started).date(): night for night in nights}
        self._chosen = chosen
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(252, 26 + CELL * 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(now.font("caption"))
        painter.setPen(now.color("text-muted"))
        for at, name in enumerate("MTWTFSS"):
            painter.drawText(self._cell(at, 0, head=True), Qt.AlignmentFlag.AlignCenter, name)
        painter.setFont(now.font("body"))
        for week, days in enumerate(self._weeks):
            for at, day in enumerate(days):
                self._paint_day(painter, self._cell(at, week), day)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        step = steps.get(Qt.Key(event.key()))
        known = sorted(self._nights.values(), key=lambda night: night.started)
        at = next((n for n, night in enumerate(known) if night.id == self._chosen), None)
        if step is not None and at is not None and 0 <= at + step < len(known):
            self.chosen.emit(known[at + step].id)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        night = self._night_at(event.position())
        if night is not None:
            self.chosen.emit(night.id)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            night = self._night_at(QPointF(event.pos()))
            QToolTip.showText(
                event.globalPos(), f"Night {night.id}: {night.sentence or night.state}" if night else "", self
            )
            return True
        return super().event(event)

    def _paint_day(self, painter: QPainter, cell: QRectF, day: date) -> None:
        now, today = theme.current(), words.now().date()
        night = self._nights.get(day)
        chosen = night is not None and night.id == self._chosen
        inside = day.month == self.month[1]
        box = QRectF(cell.center().x() - 17, cell.top() + 0.5, 34, CELL - 1)
        if chosen or (self.tonight and (day - today).days == 1) or day == today:
            edge = "accent" if chosen else "border-strong"
            style = Qt.PenStyle.DashLine if day > today else Qt.PenStyle.SolidLine
            painter.setPen(QPen(now.color(edge), 1, style))
            painter.setBrush(now.color("selected") if chosen else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 8, 8)
        painter.setFont(now.font("body", weight=600 if chosen else None))
        painter.setPen(now.color("text" if inside else "text-disabled"))
        painter.drawText(cell.adjusted(0, 4, 0, -14), Qt.AlignmentFlag.AlignCenter, str(day.day))
        if night is not None:
            paint_mark(painter, QPointF(cell.center().x(), cell.bottom() - 8), mark_of(night))

    def _cell(self, at: int, week: int, *, head: bool = False) -> QRectF:
        width = self.width() / 7
        return QRectF(at * width, 0 if head else 26 + week * CELL, width, 22 if head else CELL)

    def _night_at(self, point: QPointF) -> Night | None:
        for week, days in enumerate(self._weeks):
            for at, day in enumerate(days):
                if self._cell(at, week).contains(point):
                    return self._nights.get(day)
        return None


def paint_mark(painter: QPainter, at: QPointF, kind: str) -> None:
    """Dot worn, ring refused, short bar turned down, thin dash none."""
    now = theme.current()
    painter.setPen(Qt.PenStyle.NoPen)
    if kind == "worn":
        painter.setBrush(now.color("accent"))
        painter.drawEllipse(at, 3, 3)
    elif kind == "refused":
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(now.color("danger"), 1.3))
        painter.drawEllipse(at, 2.6, 2.6)
    else:
        tall, wide = (4.0, 9.0) if kind == "turned" else (1.6, 7.0)
        painter.setBrush(now.color("learned" if kind == "turned" else "text-faint"))
        painter.drawRoundedRect(QRectF(at.x() - wide / 2, at.y() - tall / 2, wide, tall), 2, 2)


class _Mark(QWidget):
    def __init__(self, kind: str) -> None:
        super().__init__()
        self._kind = kind
        self.setFixedSize(9, 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_mark(painter, QPointF(4.5, 6), self._kind)
