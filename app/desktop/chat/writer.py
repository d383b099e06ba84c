"""Markdown's tokens written into a text document, one paragraph after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import (
    QFont,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextList,
    QTextListFormat,
)

from app.desktop import theme
from app.desktop.chat.formula import in_words, readable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from markdown_it.token import Token

QUOTE = QTextBlockFormat.Property.UserProperty + 1
FIXED = QTextBlockFormat.LineHeightTypes.FixedHeight.value
INDENT = 22
HEADINGS = {"h1": 20, "h2": 18, "h3": 16}


class Writer:
    """Writes tokens through a cursor, one paragraph after the other."""

    def __init__(self, cursor: QTextCursor, role: str, *, first: bool) -> None:
        self._cursor, self._role, self._first = cursor, role, first
        self._lists: list[tuple[QTextListFormat, QTextList | None]] = []
        self._marker = False
        self._quotes = 0
        self._heading = ""

    def write(self, tokens: Iterable[Token]) -> None:
        for token in tokens:
            act = getattr(self, f"_{token.type}", None)
            if act is not None:
                act(token)

    def _heading_open(self, token: Token) -> None:
        self._heading = token.tag

    def _heading_close(self, token: Token) -> None:
        self._heading = ""

    def _blockquote_open(self, token: Token) -> None:
        self._quotes += 1

    def _blockquote_close(self, token: Token) -> None:
        self._quotes -= 1

    def _bullet_list_open(self, token: Token) -> None:
        self._open_list(
            QTextListFormat.Style.ListDisc if not self._lists else QTextListFormat.Style.ListCircle
        )

    def _ordered_list_open(self, token: Token) -> None:
        self._open_list(QTextListFormat.Style.ListDecimal, int(token.attrGet("start") or 1))

    def _bullet_list_close(self, token: Token) -> None:
        self._lists.pop()

    _ordered_list_close = _bullet_list_close

    def _list_item_open(self, token: Token) -> None:
        self._marker = True

    def _list_item_close(self, token: Token) -> None:
        self._marker = False

    def _inline(self, token: Token) -> None:
        self._paragraph(tight=bool(self._lists))
        write_inline(self._cursor, token, self._format())

    def _fence(self, token: Token) -> None:
        for line in token.content.rstrip("\n").split("\n"):
            self._paragraph(tight=True)
            self._cursor.insertText(line, code_format("code"))

    _code_block = _fence

    def _math_block(self, token: Token) -> None:
        for line in readable(token.content).split("\n"):
            self._paragraph()
            self._cursor.insertText(line, self._format())

    def _html_block(self, token: Token) -> None:
        self._paragraph()
        self._cursor.insertText(token.content.strip(), self._format())

    def _hr(self, token: Token) -> None:
        self._paragraph()
        faint = self._format()
        faint.setForeground(theme.current().color("text-faint"))
        self._cursor.insertText("⁂", faint)

    def _open_list(self, style: QTextListFormat.Style, start: int = 1) -> None:
        made = QTextListFormat()
        made.setStyle(style)
        made.setIndent(len(self._lists) + 1)
        made.setStart(start)
        self._lists.append((made, None))

    def _paragraph(self, *, tight: bool = False) -> None:
        block = block_format(self._role, heading=self._heading, tight=tight)
        if self._quotes:
            block.setLeftMargin(16)
            block.setProperty(QUOTE, True)
        if self._lists and not self._marker:
            block.setIndent(len(self._lists))
        if not self._lists and self._cursor.currentList() is not None:
            block.setTopMargin(
                max(6.0, block.topMargin())
            )  # a list's items stand close, what follows does not
        if self._first:
            self._cursor.setBlockFormat(block)
        else:
            self._cursor.insertBlock(block, self._format())
        self._first = False
        if self._lists and self._marker:
            self._mark()

    def _mark(self) -> None:
        made, existing = self._lists[-1]
        if existing is None:
            self._lists[-1] = (made, self._cursor.createList(made))
        else:
            existing.add(self._cursor.block())
        self._marker = False

    def _format(self) -> QTextCharFormat:
        now = theme.current()
        style = QTextCharFormat()
        px = HEADINGS.get(self._heading)
        font = now.font("title", px=px) if px else now.font(self._role, weight=600 if self._heading else None)
        style.setFont(font)
        style.setForeground(now.color("text-muted" if self._quotes else "text"))
        return style


def write_inline(cursor: QTextCursor, token: Token, plain: QTextCharFormat) -> None:
    """Bold, italic, code, links and plain words of one paragraph."""
    styles = [plain]
    for child in token.children or ():
        if child.type == "text":
            cursor.insertText(child.content, styles[-1])
        elif child.type == "code_inline":
            cursor.insertText(child.content, code_format(like=styles[-1]))
        elif child.type.startswith("math_inline"):
            cursor.insertText(in_words(child).replace("\n", "\u2028"), styles[-1])
        elif child.type == "softbreak":
            cursor.insertText(" ", styles[-1])
        elif child.type == "hardbreak":
            cursor.insertText("\u2028", styles[-1])
        elif child.type in ("html_inline", "image"):
            cursor.insertText(child.content, styles[-1])
        elif child.nesting == 1:
            styles.append(_styled(child, styles[-1]))
        elif child.nesting == -1 and len(styles) > 1:
            styles.pop()


def code_format(role: str = "code", like: QTextCharFormat | None = None) -> QTextCharFormat:
    """Code within a sentence."""
    now = theme.current()
    style = QTextCharFormat(like) if like is not None else QTextCharFormat()
    style.setFont(now.font(role, px=14 if like is not None else None))
    style.setForeground(now.color("text"))
    style.setBackground(now.color("sunken"))
    return style


def _styled(token: Token, inside: QTextCharFormat) -> QTextCharFormat:
    style = QTextCharFormat(inside)
    if token.type == "strong_open":
        style.setFontWeight(QFont.Weight.DemiBold)
    elif token.type == "em_open":
        style.setFontItalic(True)
    elif token.type == "s_open":
        style.setFontStrikeOut(True)
    elif token.type == "link_open":
        style.setAnchor(True)
        style.setAnchorHref(str(token.attrGet("href") or ""))
        style.setForeground(theme.current().color("accent"))
        style.setFontUnderline(True)
    return style


def block_format(role: str, *, heading: str = "", tight: bool = False) -> QTextBlockFormat:
    block = QTextBlockFormat()
    line = theme.current().line(role)
    block.setLineHeight(line * 7 / 6 if heading in HEADINGS else line, FIXED)
    block.setTopMargin(8 if heading else 0)
    block.setBottomMargin(2 if tight else 8)
    return block
