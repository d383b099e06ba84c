"""What the table shows: searched words, a state, a topic."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QLabel, QWidget

from app.desktop import style, words
from app.desktop.memories.states import EVERYTHING, STATES
from app.desktop.widgets import field
from app.desktop.widgets.basic import button, clear, column, icon_label, row
from app.desktop.widgets.flow import Flow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from memory.records import Fact

PAUSE = 80


class Filters(QWidget):
    """Tells when what is wanted changed."""

    changed = Signal()
    topic_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.topic = ""
        outer = column(self, gap=12)
        line = row(gap=8)
        self.search = field.search("searchFacts", "Search facts and quotes")
        self.search.setMaximumWidth(248)
        line.addWidget(self.search, 3)
        self.state = self._states()
        line.addWidget(self.state)
        line.addStretch(2)
        outer.addLayout(line)
        self._chips = QWidget()
        self._flow = Flow()
        self._chips.setLayout(self._flow)
        outer.addWidget(self._chips)
        self._group = QButtonGroup(self)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self.changed)
        self.search.textChanged.connect(lambda _text: self._pause.start())

    def wanted(self) -> tuple[str, str | None]:
        """The words and the state that are asked for."""
        return self.search.text().strip(), str(self.state.currentData()) or None

    def show_state(self, state: str) -> None:
        """Choose a state."""
        self.topic = ""
        self.state.setCurrentIndex(max(0, self.state.findData(state)))

    def count(self, facts: Iterable[Fact]) -> None:
        """A chip per topic, the largest first."""
        found = Counter(words.topic(fact.topic) for fact in facts)
        if self.topic not in found:
            self.topic = ""
        clear(self._flow)
        self._add("All", "", sum(found.values()))
        for topic, number in found.most_common(12):
            self._add(topic, topic, number)
        self._chips.setVisible(len(found) > 1)

    def _add(self, name: str, topic: str, number: int) -> None:
        made = button(f"{name}  {number}", f"topic{name}", kind="filter", height=26)
        made.setCheckable(True)
        made.setChecked(topic == self.topic)
        made.clicked.connect(lambda _checked=False: self._choose(topic))
        self._group.addButton(made)
        self._flow.addWidget(made)

    def _choose(self, topic: str) -> None:
        self.topic = topic
        self.topic_changed.emit()

    def _states(self) -> QComboBox:
        made = QComboBox()
        made.setObjectName("factState")
        made.setAccessibleName("Which facts")
        style.sized(made, height=32)
        style.font(made, "body", weight=500)
        for name, state in STATES.items():
            made.addItem(state.listed, name)
        made.addItem(EVERYTHING, "")
        caret: QLabel = icon_label("ph.caret-down", size=12)
        inside = row(made, margins=(0, 0, 10, 0))
        inside.addStretch(1)
        inside.addWidget(caret)
        made.setMinimumWidth(152)
        made.currentIndexChanged.connect(lambda _index: self.changed.emit())
        return made


def bare(filters: Filters) -> bool:
    """Whether nothing narrows the table."""
    searched, state = filters.wanted()
    return not searched and state == "current" and not filters.topic
