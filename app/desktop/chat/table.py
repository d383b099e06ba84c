"""A table in a reply: raised, its head sunken, figures to the right."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QSizePolicy

from app.desktop import style, theme
from app.desktop.chat.formula import in_words
from app.desktop.widgets.basic import column, frame, rule

if TYPE_CHECKING:
    from markdown_it.token import Token

FIGURE = re.compile(r"^[\s*~≈<>±+\-−]*[$€£¥]?\s*\d[\d.,:\s]*\s*(%|°?[A-Za-zµ€$£]{0,4})\s*$")
TAGS = {
    "strong_open": "<b>", "strong_close": "</b>", "em_open": "<i>", "em_close": "</i>",
    "s_open": "<s>", "s_close": "</s>",
}  # fmt: skip


class Table(QFrame):
    """Rows of inline Markdown."""

    def __init__(self, rows: list[list[Token]], align: list[str]) -> None:
        super().__init__()
        self.setObjectName("table")
        self.setProperty("kind", "table")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Table")
        inside = column(self)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        inside.addLayout(grid)
        self._fill(grid, rows, align)

    def _fill(self, grid: QGridLayout, rows: list[list[Token]], align: list[str]) -> None:
        columns = max((len(row) for row in rows), default=0)
        right = [_right(rows[1:], at, align) for at in range(columns)]
        for number, row in enumerate(rows):
            if number == 0:
                grid.addWidget(frame("table-head"), 0, 0, 1, columns)
            elif number > 1:
                grid.addWidget(rule(), number * 2 - 1, 0, 1, columns)
            for at, token in enumerate(row):
                grid.addWidget(_cell(token, number == 0, right[at], at), number * 2, at)
        for at in range(columns):
            grid.setColumnMinimumWidth(at, 128 if right[at] else 164)


def html(token: Token) -> str:
    """Inline tokens as the little HTML a label reads; links are their words."""
    parts = []
    for child in token.children or ():
        if child.type == "text":
            parts.append(escape(child.content))
        elif child.type == "code_inline":
            mono = escape(theme.current().family("mono"), quote=True)
            parts.append(f'<span style="font-family:{mono}">{escape(child.content)}</span>')
        elif child.type in ("softbreak", "hardbreak"):
            parts.append("<br>" if child.type == "hardbreak" else " ")
        else:
            text = in_words(child) if child.type.startswith("math_inline") else child.content
            parts.append(TAGS.get(child.type, escape(text)))
    return "".join(parts)


def _right(rows: list[list[Token]], at: int, align: list[str]) -> bool:
    if at < len(align) and align[at]:
        return align[at] == "right"
    cells = [row[at].content.strip("*_ ") for row in rows if at < len(row) and row[at].content.strip()]
    return bool(cells) and all(FIGURE.match(cell) for cell in cells)


def _cell(token: Token, head: bool, right: bool, at: int) -> QLabel:
    made = QLabel(html(token))
    made.setTextFormat(Qt.TextFormat.RichText)
    made.setWordWrap(len(token.content) > 32)
    made.setContentsMargins(12, 4, 12, 3)
    made.setMinimumHeight(27)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    made.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
    made.setProperty("color", "text-muted" if head or (right and "**" not in token.content) else "text")
    style.font(made, "small" if head else "body", weight=600 if head else 0)
    return made
