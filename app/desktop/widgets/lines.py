"""Painted words over several lines, with an ellipsis where there is no more room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFontMetricsF, QTextLayout, QTextOption

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QFont, QPainter


def paint_lines(painter: QPainter, rect: QRectF, text: str, font: QFont, line: int, most: int) -> float:
    """Paint a text in the painter's pen, at most so many lines of so many pixels; returns how high it is."""
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    ends: list[tuple[int, int]] = []
    while len(ends) < most and (one := layout.createLine()).isValid():
        one.setLineWidth(rect.width())
        ends.append((one.textStart(), one.textStart() + one.textLength()))
    layout.endLayout()
    painter.setFont(font)
    metrics = QFontMetricsF(font)
    lead = (line - metrics.height()) / 2 + metrics.ascent()
    for number, (start, end) in enumerate(ends):
        piece = text[start:end].rstrip()
        if number == most - 1 and end < len(text):
            piece = metrics.elidedText(text[start:], Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(QPointF(rect.left(), rect.top() + number * line + lead), piece)
    return float(len(ends) * line)
