"""Your own words, with the part that made the fact marked."""

from __future__ import annotations

from html import escape

from app.desktop import theme
from app.desktop.widgets.basic import Words


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
