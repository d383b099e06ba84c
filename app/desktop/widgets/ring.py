"""The focus ring: 2 px of accent, 2 px away from the button the keyboard is on.

Style sheets have no outline offset, so one small widget is laid around whatever has the focus.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from shiboken6 import isValid

from app.desktop import theme

AWAY = 4


class Ring(QObject):
    """Shows the ring around focused buttons when they were reached by keyboard."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._ring: _Outline | None = None
        app.focusChanged.connect(self._moved)

    def _moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        if self._ring is not None and isValid(self._ring):
            self._ring.hide()
            self._ring.deleteLater()
        self._ring = None
        if isinstance(new, QAbstractButton) and new.window().testAttribute(
            Qt.WidgetAttribute.WA_KeyboardFocusChange
        ):
            parent = new.parentWidget()
            if parent is not None:
                self._ring = _Outline(parent, new)


class _Outline(QWidget):
    def __init__(self, parent: QWidget, around: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setGeometry(around.geometry().adjusted(-AWAY, -AWAY, AWAY, AWAY))
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.current().color("accent"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 11, 11)
