"""Text that is read: Markdown's prose in one selectable document that grows at its end."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, QUrl
from PySide6.QtGui import (
    QDesktopServices,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit

from app.desktop import theme
from app.desktop.chat.writer import INDENT, QUOTE, Writer, block_format

if TYPE_CHECKING:
    from collections.abc import Iterable

    from markdown_it.token import Token


class Prose(QTextEdit):
    """As tall as its text; what is before ``_kept`` is never laid out again."""

    def __init__(self, name: str = "prose", role: str = "reading") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.viewport().setAutoFillBackground(False)
        self.role = role
        self._kept = 0
        self._writing = False
        self._prepare()

    def say(self, text: str) -> None:
        """Plain words, exactly as typed."""
        self._prepare()
        self.clear()
        cursor = self.textCursor()
        cursor.setBlockFormat(block_format(self.role))
        cursor.insertText(text, self.plain())
        self.fit()

    def rewind(self) -> None:
        """Take away the block that is still being written."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._kept)
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        if self._kept and not cursor.atBlockStart():
            cursor.movePosition(QTextCursor.MoveOperation.End)

    def add(self, tokens: Iterable[Token]) -> None:
        """Write a block at the end."""
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.beginEditBlock()
        Writer(cursor, self.role, first=cursor.position() == 0).write(tokens)
        cursor.endEditBlock()
        self.fit()

    def keep(self) -> None:
        """What stands here is finished."""
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        self._kept = cursor.position()

    def set_writing(self, on: bool) -> None:
        """Show or hide the writing cursor behind the last word."""
        if on != self._writing:
            self._writing = on
            self.viewport().update()

    def plain(self) -> QTextCharFormat:
        style = QTextCharFormat()
        style.setFont(theme.current().font(self.role))
        style.setForeground(theme.current().color("text"))
        return style

    def shrink(self, most: int) -> None:
        """As wide as the words need, at most ``most``."""
        metrics = QFontMetricsF(theme.current().font(self.role))
        widest = max(metrics.horizontalAdvance(line) for line in self.toPlainText().split("\n"))
        self.setFixedWidth(min(most, math.ceil(widest) + 2))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.current().color("accent"))
        self._paint_quotes(painter)
        if self._writing:
            end = QTextCursor(self.document())
            end.movePosition(QTextCursor.MoveOperation.End)
            place = self.cursorRect(end)
            painter.drawRoundedRect(QRectF(place.left() + 3, place.bottom() - 17, 8, 17), 2, 2)
        painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        link = self.anchorAt(event.position().toPoint())
        if link.startswith(("https://", "http://", "mailto:")) and not self.textCursor().hasSelection():
            QDesktopServices.openUrl(QUrl(link))

    def _prepare(self) -> None:
        document: QTextDocument = self.document()
        document.setDocumentMargin(0)
        document.setIndentWidth(INDENT)
        document.setDefaultFont(theme.current().font(self.role))
        document.setUndoRedoEnabled(False)

    def fit(self) -> None:
        """As tall as the text is now. Never from within the document's own layout: Qt aborts."""
        height = max(1, math.ceil(self.document().size().height()))
        if height != self.height():
            self.setFixedHeight(height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def _paint_quotes(self, painter: QPainter) -> None:
        layout = self.document().documentLayout()
        block = self.document().begin()
        while block.isValid():
            if block.blockFormat().property(QUOTE):
                place = layout.blockBoundingRect(block)
                painter.drawRect(QRectF(0, place.top(), 3, place.height()))
            block = block.next()
