"""A block of code: its language, Copy, and the code in colours."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from pygments.lexers import get_lexer_by_name
from pygments.lexers.special import TextLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, String, _TokenType
from pygments.util import ClassNotFound
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import (
    QGuiApplication,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit

from app.desktop import icons, theme
from app.desktop.widgets.basic import button, column, label, row

if TYPE_CHECKING:
    from pygments.lexer import Lexer

COLORS: tuple[tuple[_TokenType, str], ...] = (
    (Comment, "code-comment"), (String, "code-string"), (Number, "code-number"),
    (Keyword, "code-keyword"), (Operator.Word, "code-keyword"), (Name.Function, "code-name"),
    (Name.Class, "code-name"), (Name.Builtin, "code-name"), (Name.Decorator, "code-name"),
    (Name.Tag, "code-keyword"), (Name.Attribute, "code-name"),
)  # fmt: skip
HEAD = 28


class CodeBlock(QFrame):
    """Shows code; while it is being written it is shown again and again."""

    def __init__(self, language: str = "", code: str = "") -> None:
        super().__init__()
        self.setObjectName("codeBlock")
        self.setProperty("kind", "code")
        self.code = ""
        self._language: str | None = None
        inside = column(self, margins=(12, 0, 8, 10))
        head = row(gap=8)
        self._title = label("", "caption", "text-muted")
        self._copy = button(
            "Copy", "copyCode", kind="quiet", icon="ph.copy", height=26, tip="Copy this code", on=self.copy
        )
        head.addWidget(self._title, 1)
        head.addWidget(self._copy)
        inside.addLayout(head)
        self._view = _View()
        inside.addWidget(self._view)
        self.show_code(language, code)

    def show_code(self, language: str, code: str) -> None:
        """Show this code now."""
        if language != self._language:
            self._language = language
            self._lexer = lexer_for(language)
            self._title.setText(title(language, self._lexer))
            self._view.setAccessibleName(f"Code, {self._title.text()}")
        if code != self.code or not code:
            self.code = code
            self._view.write(self._lexer, code)

    def copy(self) -> None:
        """Put the code on the clipboard and say so for a moment."""
        QGuiApplication.clipboard().setText(self.code)
        self._copy.setText("Copied")
        icons.put(self._copy, "ph.check", "good", 14)
        QTimer.singleShot(1500, self._copy, self._rest)

    def _rest(self) -> None:
        self._copy.setText("Copy")
        icons.put(self._copy, "ph.copy", "text-muted", 14)


class _View(QTextEdit):
    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setLineWrapMode(QTextEdit.LineWrapMode.NoWrap)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.viewport().setAutoFillBackground(False)
        self.document().setDocumentMargin(0)
        self.document().setUndoRedoEnabled(False)

    def write(self, lexer: Lexer, code: str) -> None:
        now = theme.current()
        formats: dict[str, QTextCharFormat] = {}
        self.clear()
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        block = QTextBlockFormat()
        block.setLineHeight(now.line("code"), QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        cursor.setBlockFormat(block)
        for kind, text in lexer.get_tokens(code):
            cursor.insertText(text, _format(color_of(kind), formats))
        if code:
            cursor.deletePreviousChar()  # the lexer ends every text with a line break
        cursor.endEditBlock()
        self.setTextCursor(QTextCursor(self.document()))  # else the view stays where its cursor was pushed
        self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if abs(event.angleDelta().x()) > abs(event.angleDelta().y()):
            super().wheelEvent(event)
        else:
            event.ignore()

    def fit(self) -> None:
        """As tall as the code, with room for the bar when a line is too long."""
        size = self.document().size()
        self.setFixedHeight(math.ceil(size.height()) + (10 if size.width() > self.width() > 0 else 0))


def lexer_for(language: str) -> Lexer:
    """Pygments' lexer of a language, or plain text."""
    options = {"stripnl": False, "ensurenl": True}
    try:
        return get_lexer_by_name(language or "text", **options)
    except ClassNotFound:
        return TextLexer(**options)


def title(language: str, lexer: Lexer) -> str:
    """What stands in the head."""
    return "Text" if not language else str(lexer.name) if lexer.name != "Text only" else language


def color_of(kind: _TokenType) -> str:
    """The theme's colour of a kind of token."""
    return next((color for parent, color in COLORS if kind in parent), "text")


def _format(color: str, known: dict[str, QTextCharFormat]) -> QTextCharFormat:
    if color not in known:
        style = QTextCharFormat()
        style.setFont(theme.current().font("code"))
        style.setForeground(theme.current().color(color))
        known[color] = style
    return known[color]
