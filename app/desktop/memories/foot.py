"""The foot of a fact's panel: forget it, at once with ten seconds to take back, or for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.desktop.widgets.basic import Words, button, clear, column, label, row, rule

if TYPE_CHECKING:
    from memory.records import Fact


class Foot(QWidget):
    """Deleting for good asks in place."""

    forget = Signal(int)
    forget_for_good = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._column = column(self, margins=(20, 0, 20, 16), gap=12)

    def show_fact(self, fact: Fact | None) -> None:
        """Nothing without a fact."""
        clear(self._column)
        if fact is None:
            return
        self._column.addWidget(rule())
        line = row(gap=12)
        nights = f" and from night {max(fact.nights)}" if fact.nights else ""
        line.addWidget(
            Words(
                f"It goes, with the words that told it{nights}. For ten seconds you can take it back.",
                "small",
                "text-muted",
            ),
            1,
        )
        line.addWidget(
            button(
                "Forget",
                "forgetFact",
                kind="danger",
                icon="ph.eraser",
                tip="Forget (Del)",
                on=lambda: self.forget.emit(fact.id),
            )
        )
        self._column.addLayout(line)
        self._ask(fact)

    def _ask(self, fact: Fact) -> None:
        line = row(gap=8)
        first = button("Forget for good", "forgetForGood", kind="quiet", height=26)
        question = label("No way back. Sure?", "small", "danger")
        yes = button(
            "Forget for good",
            "forgetForGoodYes",
            kind="danger",
            height=26,
            on=lambda: self.forget_for_good.emit(fact.id),
        )
        no = button("Keep", "forgetForGoodNo", kind="quiet", height=26)

        def show(asking: bool) -> None:
            first.setVisible(not asking)
            for part in (question, yes, no):
                part.setVisible(asking)

        first.clicked.connect(lambda: show(True))
        no.clicked.connect(lambda: show(False))
        line.addStretch(1)
        for part in (question, no, yes, first):
            line.addWidget(part)
        self._column.addLayout(line)
        show(False)
