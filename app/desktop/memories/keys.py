"""The line under the memories: how many are shown, and which keys act on them."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.desktop.widgets.basic import clear, label, row

TABLE = (("F2", "edit"), ("P", "pin"), ("M", "merge"), ("Del", "forget"), ("Ctrl Z", "undo"))
KEYS = {
    "timeline": (("Enter", "open the chat"), ("Ctrl ↓", "another month"), ("F2", "edit"), ("Ctrl Z", "undo")),
    "map": (("← →", "from point to point"), ("Enter", "open"), ("+ -", "nearer, further"), ("Home", "all")),
    "review": (
        ("K", "keep"),
        ("D", "dismiss"),
        ("F2", "change"),
        ("Shift K", "keep all"),
        ("Ctrl Z", "undo"),
    ),
}


class Keys(QWidget):
    """Changes its keys with what stands above it."""

    def __init__(self) -> None:
        super().__init__()
        line = row(self, gap=6)
        self.count = label("", "small", "text-muted")
        line.addWidget(self.count, 1)
        self._hints = row(gap=6)
        line.addLayout(self._hints)
        self._shown: object = None
        self.show_keys("table")

    def count_facts(self, shown: int, of: int) -> None:
        """``2 of 12 facts shown``."""
        more = f" of {of:,}" if shown < of else ""
        self.count.setText(f"{shown:,}{more} {'fact' if of == 1 else 'facts'} shown")

    def show_keys(self, way: str) -> None:
        """Show the keys of a view, or of the review."""
        keys = KEYS.get(way, TABLE)
        if keys is self._shown:
            return
        if way == "review":
            self.count.clear()
        self._shown = keys
        clear(self._hints)
        for key, text in keys:
            hint = label(key, "code", "text-muted", px=11)
            hint.setProperty("kind", "key")
            self._hints.addWidget(hint)
            self._hints.addWidget(label(text, "small", "text-muted"))
            self._hints.addSpacing(8)
