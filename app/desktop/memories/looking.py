"""The facts, looked at one way or another; whichever it is, the same are shown and chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.desktop.memories.cards import FactCards
from app.desktop.memories.nothing import Nothing
from app.desktop.memories.sheet import Sheet
from app.desktop.memories.timelineview import Timeline

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from memory.records import Fact


class Looking(QStackedWidget):
    """``asked`` passes on what a key asks to be done with the chosen facts.

    Args:
        add: opens the form for the first fact.
        widen: shows everything that is true now.
    """

    asked = Signal(str, list)
    open_chat = Signal(int, object)

    def __init__(self, add: Callable[[], object], widen: Callable[[], object]) -> None:
        super().__init__()
        self._sheet = Sheet()
        self.table = self._sheet.table
        self.cards = FactCards(self.table)
        self._none = Nothing(add, widen)
        self.timeline = Timeline()
        for part in (self._sheet, self.cards, self.timeline, self._none):
            self.addWidget(part)
        for source in (self.table, self.cards, self.timeline.list):
            source.asked.connect(self.asked)
        self.timeline.list.chosen.connect(lambda fact: self.table.choose(fact.id))
        self.timeline.list.open_chat.connect(self.open_chat)

    def show_facts(
        self, way: str, facts: Sequence[Fact], titles: dict[int, str], keep: int, *, last: str, bare: bool
    ) -> None:
        """Show facts.

        Args:
            way: one of ``views.VIEWS``.
            facts: which.
            titles: of the chats they come from, by their ids.
            keep: the fact that is chosen, if it is among them.
            last: what the table's last column shows.
            bare: nothing narrows them.
        """
        self.table.show_facts(facts, titles, keep)
        self._sheet.show_last(last)
        if way == "timeline":
            self.timeline.show_facts(facts, keep)
        self._none.explain(bare=bare)
        self.setCurrentWidget(self._place(way) if facts else self._none)

    def focus(self, way: str) -> None:
        """The keyboard goes to the facts."""
        views = {"cards": self.cards, "timeline": self.timeline.list}
        views.get(way, self.table).setFocus()

    def _place(self, way: str) -> QWidget:
        return {"cards": self.cards, "timeline": self.timeline}.get(way, self._sheet)
