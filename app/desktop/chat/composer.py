"""Where one writes: Enter sends, Shift+Enter starts a new line, Esc stops, Up changes what was said last."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QPushButton

from app.desktop import style, theme
from app.desktop.widgets.basic import button, column, icons, label, row

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent

LINES = 8
ASK = "Ask, or tell me something worth keeping"


class Composer(QFrame):
    """The card at the foot of a chat."""

    send = Signal(str)
    stop = Signal()
    last = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("composer")
        self.setProperty("kind", "composer")
        self._busy = False
        inside = column(self, margins=(14, 10, 10, 8), gap=4)
        self.field = _Field(self)
        inside.addWidget(self.field)
        self.hint = label("Enter sends, Shift+Enter starts a new line", "small", "text-muted")
        self.stop_button = self._stop_button()
        self.send_button = button("", "send", kind="primary", tip="Send (Enter)", height=32, on=self.submit)
        style.sized(self.send_button, width=36, height=32)
        self.send_button.setStyleSheet("padding: 0;")
        icons.put(self.send_button, "ph.arrow-up", "on-accent", 18)
        self.foot = row(gap=8)
        self.foot.addWidget(self.hint, 1)
        self.foot.addWidget(self.stop_button)
        self.foot.addWidget(self.send_button)
        inside.addLayout(self.foot)
        self.field.textChanged.connect(self._changed)
        self.set_busy(False)

    def set_busy(self, busy: bool) -> None:
        """While a reply is written one can type and stop, but not send."""
        self._busy = busy
        self.stop_button.setVisible(busy)
        self._changed()

    def words(self) -> str:
        return self.field.toPlainText().strip()

    def put(self, text: str) -> None:
        """Replace what stands in the field."""
        self.field.setPlainText(text)
        self.field.moveCursor(self.field.textCursor().MoveOperation.End)

    def show_focus(self, on: bool) -> None:
        style.restyle(self, lit="true" if on else "false")

    def submit(self) -> None:
        """What Enter does."""
        self._send()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.field.setFocus()

    def _send(self) -> None:
        words = self.words()
        if words and not self._busy:
            self.field.clear()
            self.send.emit(words)

    def _changed(self) -> None:
        self.send_button.setEnabled(bool(self.words()) and not self._busy)
        self.send_button.setToolTip("Send when this reply is finished" if self._busy else "Send (Enter)")
        self.field.fit()

    def _stop_button(self) -> QPushButton:
        made = button("Stop", "stop", icon="ph.stop-fill", tip="Stop the reply (Esc)", on=self.stop.emit)
        made.setStyleSheet("text-align: left;")
        key = label("Esc", "code", "text-muted", px=11)
        key.setProperty("kind", "key")
        key.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row(made, margins=(0, 0, 11, 0)).addWidget(key, 0, Qt.AlignmentFlag.AlignRight)
        style.sized(made, width=120, height=32)
        return made


class _Field(QPlainTextEdit):
    def __init__(self, composer: Composer) -> None:
        super().__init__()
        self._composer = composer
        self.setObjectName("composerField")
        self.setAccessibleName("Message")
        self.setAccessibleDescription(ASK)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.viewport().setAutoFillBackground(False)
        self.document().setDocumentMargin(2)
        style.font(self, "reading")

    def fit(self) -> None:
        """As tall as its lines, up to eight."""
        line = self.fontMetrics().lineSpacing()
        lines = max(1, min(LINES, math.ceil(self.document().size().height())))
        self.setFixedHeight(max(26, lines * line + 6))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.toPlainText():  # Qt's own placeholder keeps the size it was first drawn in
            painter = QPainter(self.viewport())
            painter.setFont(theme.current().font("reading"))
            painter.setPen(theme.current().color("text-faint"))
            place = self.viewport().rect().adjusted(3, 2, 0, 0)
            painter.drawText(place, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), ASK)
            painter.end()

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)
        self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._composer.submit()
        elif event.key() == Qt.Key.Key_Escape:
            self._composer.stop.emit()
        elif event.key() == Qt.Key.Key_Up and not self.toPlainText():
            self._composer.last.emit()
        else:
            super().keyPressEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:
        self.insertPlainText(source.text())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._composer.show_focus(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._composer.show_focus(False)
