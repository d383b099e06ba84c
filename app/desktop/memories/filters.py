"""What is shown: searched words, a state, and what narrows them further."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QButtonGroup, QWidget

from app.desktop import words
from app.desktop.memories.narrowing import DATES, SOURCES, Narrowing, nights
from app.desktop.memories.states import EVERYTHING, STATES
from app.desktop.undoing import PassOn
from app.desktop.widgets import field
from app.desktop.widgets.basic import button, clear, column
from app.desktop.widgets.choice import Choice
from app.desktop.widgets.flow import Flow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QPushButton

    from memory.records import Fact

PAUSE = 80
SEARCH_WIDTH = 248


class Filters(QWidget):
    """``changed`` when something else must be read, ``narrowed`` when what was read is enough."""

    changed = Signal()
    narrowed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._topic, self._states = "", True
        self._counted: Counter[str] = Counter()
        self._by_topic: dict[str, QPushButton] = {}
        outer = column(self, gap=12)
        self.search = field.search("searchFacts", "Search facts and quotes")
        self.search.setFixedWidth(SEARCH_WIDTH)
        PassOn(self.search)
        listed = {name: state.listed for name, state in STATES.items()} | {"": EVERYTHING}
        self.state = Choice("factState", "Which facts", listed)
        self.source = Choice("factSource", "Where from", SOURCES)
        self.night = Choice("factNight", "Learned on which night", nights(()))
        self.date = Choice("factDate", "Noticed when", DATES)
        self._line, self._chips = QWidget(), QWidget()
        line, self._flow = Flow(gap=8), Flow()
        self._line.setLayout(line)
        self._chips.setLayout(self._flow)
        for part in (self.search, self.state, self.source, self.night, self.date):
            line.addWidget(part)
        outer.addWidget(self._line)
        outer.addWidget(self._chips)
        self._group = QButtonGroup(self)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self.changed)
        self.search.textChanged.connect(lambda _text: self._pause.start())
        self.state.chosen.connect(lambda _key: self.changed.emit())
        for part in (self.source, self.night, self.date):
            part.chosen.connect(lambda _key: self.narrowed.emit())

    def wanted(self) -> tuple[str, str | None]:
        """The words and the state that are asked for."""
        state = self.state.key() if self._states else ""
        return self.search.text().strip(), state or None

    @property
    def narrowing(self) -> Narrowing:
        """What narrows that further."""
        return Narrowing(self._topic, self.source.key(), self.night.key(), self.date.key())

    def show_state(self, state: str) -> None:
        """Choose a state, and nothing that narrows it."""
        self.widen()
        self.state.choose(state)

    def widen(self) -> None:
        """Nothing narrows any more but the words and the state."""
        self._topic = ""
        for part in (self.source, self.night, self.date):
            part.rest()

    def clear(self) -> None:
        """Everything at rest: what is true now."""
        self.widen()
        self.state.rest()
        self.search.clear()
        self.changed.emit()

    def offer_states(self, on: bool) -> bool:
        """Whether a state can be chosen: a timeline shows them all. Returns whether that is new."""
        was, self._states = self._states, on
        self.state.setVisible(on)
        return was != on

    def narrow(self, facts: Sequence[Fact]) -> list[Fact]:
        """What of these is wanted; counts a chip per topic, the largest first."""
        self.night.offer(nights(facts))
        wide = self.narrowing.but_topic()
        kept = [fact for fact in facts if wide.keeps(fact)]
        found = Counter(words.topic(fact.topic) for fact in kept)
        if self._topic not in found:
            self._topic = ""
        self._show_chips(found)
        topic = replace(Narrowing(), topic=self._topic)
        return [fact for fact in kept if topic.keeps(fact)]

    def bare(self) -> bool:
        """Whether nothing narrows what is shown."""
        searched, state = self.wanted()
        at_rest = state == "current" or not self._states
        return not searched and at_rest and self.narrowing == Narrowing()

    def _show_chips(self, found: Counter[str]) -> None:
        if found == self._counted and self._topic in self._by_topic:
            self._by_topic[self._topic].setChecked(True)
            return
        self._counted = found
        clear(self._flow)
        self._by_topic.clear()
        self._add("All", "", sum(found.values()))
        for topic, number in found.most_common(12):
            self._add(topic, topic, number)
        self._chips.setVisible(len(found) > 1)

    def _add(self, name: str, topic: str, number: int) -> None:
        made = button(f"{name}  {number}", f"topic{name}", kind="filter", height=26)
        made.setCheckable(True)
        made.setChecked(topic == self._topic)
        made.clicked.connect(lambda _checked=False: self._choose(topic))
        self._group.addButton(made)
        self._by_topic[topic] = made
        self._flow.addWidget(made)

    def _choose(self, topic: str) -> None:
        self._topic = topic
        self.narrowed.emit()
