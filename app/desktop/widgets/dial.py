"""A dial: how strongly a night is worn. Arrow keys step, double-click resets."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QWidget

from app.desktop import theme

SIDE, ARC, KNOB, STEP = 64, 5, 12, 0.05
START, SWEEP = 225.0, 270.0


class Dial(QWidget):
    """From 0 (off) to the scale that was examined; ``changed`` tells where it was let go."""

    changed = Signal(float)

    def __init__(self, name: str, words: str, value: float, top: float = 1.0) -> None:
        super().__init__()
        self.setObjectName(name)
        self._words, self.value, self.top = words, value, top or 1.0
        self.setFixedSize(SIDE, SIDE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip("Drag or use the arrow keys; double-click sets it back to what was examined")
        self._drag = False
        self._name()

    def sizeHint(self) -> QSize:
        return QSize(SIDE, SIDE)

    def set_value(self, value: float, *, tell: bool = False) -> None:
        """Turn it; tells only what a person did."""
        value = round(min(self.top, max(0.0, value)) / STEP) * STEP
        if abs(value - self.value) > 1e-9:
            self.value = value
            self._name()
            self.update()
            if tell:
                self.changed.emit(round(value, 2))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_Left: -1}
        key = Qt.Key(event.key())
        if key in steps:
            self.set_value(self.value + steps[key] * STEP, tell=True)
        elif key == Qt.Key.Key_Home:
            self.set_value(0.0, tell=True)
        elif key == Qt.Key.Key_End:
            self.set_value(self.top, tell=True)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._drag = True
        self._point(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag:
            self._point(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag:
            self._drag = False
            self.changed.emit(round(self.value, 2))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._drag = False
        self.set_value(self.top, tell=True)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = QRectF(7, 7, SIDE - 14, SIDE - 14)
        share = self.value / self.top
        for color, sweep in (("meter-track", SWEEP), ("accent", SWEEP * share)):
            painter.setPen(QPen(now.color(color), ARC, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            if sweep > 0:
                painter.drawArc(ring, round(START * 16), round(-sweep * 16))
        self._knob(painter, ring, share)
        painter.setPen(now.color("text"))
        painter.setFont(now.font("heading", weight=500))
        text = f"{self.value:.2f}".rstrip("0")
        painter.drawText(
            self.rect(), Qt.AlignmentFlag.AlignCenter, text + "0" if text.endswith(".") else text
        )

    def _knob(self, painter: QPainter, ring: QRectF, share: float) -> None:
        now = theme.current()
        angle = math.radians(START - SWEEP * share)
        radius = ring.width() / 2
        at = ring.center() + QPointF(math.cos(angle) * radius, -math.sin(angle) * radius)
        painter.setPen(QPen(now.color("accent" if self.hasFocus() else "raised"), 2))
        painter.setBrush(now.color("text"))
        painter.drawEllipse(at, KNOB / 2, KNOB / 2)

    def _point(self, where: QPointF) -> None:
        away = where - QPointF(SIDE / 2, SIDE / 2)
        angle = math.degrees(math.atan2(-away.y(), away.x()))
        turned = (START - angle) % 360
        share = turned / SWEEP if turned <= SWEEP else (1.0 if turned < SWEEP + 45 else 0.0)
        self.set_value(share * self.top)

    def _name(self) -> None:
        self.setAccessibleName(f"{self._words}: {self.value:.2f}")
