"""The table of facts in its card, under a head that stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame

from app.desktop import style
from app.desktop.memories.rows import COLUMNS, NIGHT
from app.desktop.memories.table import WIDTHS, FactTable
from app.desktop.widgets.basic import column, frame, label, row

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLabel


class Sheet(QFrame):
    """Holds ``table``; the last head says what its column shows."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("factCard")
        self.setProperty("kind", "card")
        self.table = FactTable()
        self._heads: list[QLabel] = []
        inside = column(self)
        inside.addWidget(self._head())
        inside.addWidget(self.table, 1)

    def show_last(self, text: str) -> None:
        """What the last column shows: nights, or states."""
        self._heads[NIGHT].setText(text)

    def _head(self) -> QFrame:
        head = frame("table-head")
        head.setStyleSheet("QFrame { border-top-left-radius: 11px; border-top-right-radius: 11px; }")
        style.sized(head, height=32)
        line = row(head, gap=0)
        for at, text in enumerate(COLUMNS):
            piece = label(text, "small", "text-muted", weight=600)
            if at in WIDTHS:
                piece.setFixedWidth(WIDTHS[at])
            self._heads.append(piece)
            line.addWidget(piece, 0 if at in WIDTHS else 1)
        bar = self.table.verticalScrollBar()
        bar.rangeChanged.connect(
            lambda: line.setContentsMargins(0, 0, bar.sizeHint().width() if bar.maximum() else 0, 0)
        )
        return head
