"""The facts, looked at one way or another; whichever it is, the same are shown and chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.desktop.memories.cards import FactCards
from app.desktop.memories.memorymap import MemoryMap
from app.desktop.memories.nothing import Nothing
from app.desktop.memories.sheet import Sheet
from app.desktop.memories.timelineview import Timeline

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.desktop.tasks import Tasks
    from memory.records import Fact


class Looking(QStackedWidget):
    """``asked`` passes on what a key asks to be done with the chosen facts.

    Args:
        tasks: read what the map needs.
        add: opens the form for the first fact.
        widen: shows everything that is true now.
    """

    asked = Signal(str, list)
    open_chat = Signal(int, object)
    opened = Signal(object)

    def __init__(self, tasks: Tasks, add: Callable[[], object], widen: Callable[[], object]) -> None:
        super().__init__()
        self._sheet = Sheet()
        self.table = self._sheet.table
        self.cards = FactCards(self.table)
        self._none = Nothing(add, widen)
        self.timeline, self.map = Timeline(), MemoryMap(tasks)
        for part in (self._sheet, self.cards, self.timeline, self.map, self._none):
            self.addWidget(part)
        for source in (self.table, self.cards, self.timeline.list, self.map):
            source.asked.connect(self.asked)
        for source in (self.timeline.list, self.map):
            source.chosen.connect(lambda fact: self.table.choose(fact.id))
        self.map.opened.connect(self.opened)
        self.timeline.list.open_chat.connect(self.open_chat)

    def show_facts(
        self,
        way: str,
        facts: Sequence[Fact],
        every: Sequence[Fact],
        titles: dict[int, str],
        keep: int,
        *,
        last: str,
        bare: bool,
    ) -> None:
        """Show facts.

        Args:
            way: one of ``views.VIEWS``.
            facts: which.
            every: what they were narrowed from.
            titles: of the chats they come from, by their ids.
            keep: the fact that is chosen, if it is among them.
            last: what the table's last column shows.
            bare: nothing narrows them.
        """
        self.table.show_facts(facts, titles, keep)
        self._sheet.show_last(last)
        if way == "timeline":
            self.timeline.show_facts(facts, keep)
        if way == "map":
            self.map.show_facts(facts, every, keep)
        self._none.explain(bare=bare)
        self.setCurrentWidget(self._place(way) if facts else self._none)

    def focus(self, way: str) -> None:
        """The keyboard goes to the facts."""
        if way == "map":
            self.map.focus()
        else:
            {"cards": self.cards, "timeline": self.timeline.list}.get(way, self.table).setFocus()

    def _place(self, way: str) -> QWidget:
        places = {"cards": self.cards, "timeline": self.timeline, "map": self.map}
        return places.get(way, self._sheet)
