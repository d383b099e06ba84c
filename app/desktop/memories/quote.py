"""Your own words, with the part that made the fact marked."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from app.desktop import icons, theme
from app.desktop.widgets.basic import Words, button

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QPushButton

    from memory.records import Fact


def span_in(fact: Fact) -> tuple[int, int] | None:
    """Which part of its quote made a fact: a long quote is cut, so that the message's own count is off."""
    start = fact.quote.casefold().find(fact.value.casefold())
    if start >= 0:
        return start, start + len(fact.value)
    return None if fact.quote.startswith("…") else fact.span


class Quote(Words):
    """In the voice a quote deserves; marked in the theme of now."""

    _quote = ""
    _span: tuple[int, int] | None = None

    def show_quote(self, quote: str, span: tuple[int, int] | None) -> None:
        """Show the words; ``span`` is what to mark, where it lies within them."""
        self._quote, self._span = quote, span
        self._draw()
        self.setAccessibleName(quote)

    def _draw(self) -> None:
        now, text = theme.current(), self._quote
        start, end = self._span if self._span and self._span[1] <= len(text) else (0, 0)
        marked = escape(text[start:end])
        if marked:
            look = f"background:{now.hex('accent-soft')};color:{now.hex('accent-ink')}"
            marked = f'<span style="{look}">{marked}</span>'
        self._html = f"“{escape(text[:start])}{marked}{escape(text[end:])}”"
        super()._draw()


def chat_link(name: str, on: Callable[[], object]) -> QPushButton:
    """Leads to where something was said."""
    made = button("Open chat here", name, kind="link", height=28, on=on)
    made.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    icons.put(made, "ph.arrow-square-out", "accent-ink", 14)
    return made
