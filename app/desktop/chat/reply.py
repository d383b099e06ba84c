"""A reply's text: prose, code and tables one under the other; only the last block is drawn again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.desktop.chat import markdown
from app.desktop.chat.code import CodeBlock
from app.desktop.chat.prose import Prose
from app.desktop.chat.table import Table
from app.desktop.widgets.basic import clear, column

if TYPE_CHECKING:
    from markdown_it.token import Token


class ReplyText(QWidget):
    """Markdown that may still be growing.

    ``_done`` is how much of the source is finished: it was drawn once and is left alone.
    """

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self.setObjectName("replyText")
        self.source = ""
        self.drawn_blocks = 0
        self._done = 0
        self._writing = False
        self._open: QWidget | None = None
        self._column: QVBoxLayout = column(self, gap=8)
        if text:
            self.show_text(text)

    def show_text(self, text: str) -> None:
        """Show a text that begins with what is shown already; any other is drawn from its start."""
        if not text.startswith(self.source[: self._done]):
            self.reset()
        self.source = text
        tail = text[self._done :]
        found = markdown.blocks(tail)
        self._rewind(found[0] if found else None)
        for at, block in enumerate(found):
            last = at == len(found) - 1
            self._draw(block, last)
            if last:
                self._done += markdown.line_offset(tail, block.line)

    def redraw(self) -> None:
        """Draw everything again, in a new theme or size."""
        text, writing = self.source, self._writing
        self.reset()
        self.show_text(text)
        self.set_writing(writing)

    def reset(self) -> None:
        """Take everything out."""
        clear(self._column)
        self.source, self._done, self._open = "", 0, None

    def set_writing(self, on: bool) -> None:
        """The writing cursor stands in the last prose, when that is the last thing there is."""
        self._writing = on
        for at in range(self._column.count()):
            part = self._column.itemAt(at).widget()
            if isinstance(part, Prose):
                part.set_writing(on and at == self._column.count() - 1)

    def _rewind(self, first: markdown.Block | None) -> None:
        part, self._open = self._open, None
        if part is None:
            return
        if isinstance(part, Prose):
            part.rewind()
            self._drop_if_bare(part, first)
        elif isinstance(part, CodeBlock) and first is not None and first.kind == "code":
            self._open = part
        else:
            self._drop(part)

    def _drop_if_bare(self, part: Prose, first: markdown.Block | None) -> None:
        if part.document().isEmpty() and (first is None or first.kind != "prose"):
            self._drop(part)

    def _drop(self, part: QWidget) -> None:
        self._column.removeWidget(part)
        part.hide()
        part.deleteLater()

    def _draw(self, block: markdown.Block, last: bool) -> None:
        self.drawn_blocks += 1
        if block.kind == "prose":
            part: QWidget = self._prose(block.tokens, last)
        elif block.kind == "code":
            part = self._code(block)
        else:
            part = Table(*markdown.table(block))
            self._column.addWidget(part, 0, Qt.AlignmentFlag.AlignLeft)
        self._open = part if last else None

    def _prose(self, tokens: tuple[Token, ...], last: bool) -> Prose:
        end = self._column.itemAt(self._column.count() - 1) if self._column.count() else None
        part = end.widget() if end is not None else None
        if not isinstance(part, Prose):
            part = Prose()
            self._column.addWidget(part)
        part.add(tokens)
        if not last:
            part.keep()
        return part

    def _code(self, block: markdown.Block) -> CodeBlock:
        if isinstance(self._open, CodeBlock):
            part, self._open = self._open, None
            part.show_code(markdown.language(block), markdown.code(block))
            return part
        part = CodeBlock(markdown.language(block), markdown.code(block))
        self._column.addWidget(part)
        return part
