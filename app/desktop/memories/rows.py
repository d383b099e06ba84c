"""Facts as rows for the table and the cards, which share what is chosen; and the keys that act on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt

from app.desktop import words
from app.desktop.memories.states import STATES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PySide6.QtGui import QKeyEvent

    from memory.records import Fact

Index = QModelIndex | QPersistentModelIndex
FACT = Qt.ItemDataRole.UserRole
COLUMNS = ("", "Fact", "Topic", "Where from", "Night")
MARK, WHAT, TOPIC, FROM, NIGHT = range(5)
GONE = frozenset({"superseded", "retracted", "expired"})
KEYS = {
    Qt.Key.Key_F2: "edit", Qt.Key.Key_P: "pin", Qt.Key.Key_Delete: "forget",
    Qt.Key.Key_K: "keep", Qt.Key.Key_D: "dismiss", Qt.Key.Key_M: "merge",
}  # fmt: skip


def where_from(fact: Fact, titles: dict[int, str]) -> str:
    """``12 May, Dinner with Anna`` or ``Typed by you, 9 May``."""
    day = words.day(fact.recorded)
    if fact.origin == "typed":
        return f"Typed by you, {day[0].lower() + day[1:] if day in ('Today', 'Yesterday') else day}"
    if fact.origin == "imported":
        return f"Imported, {day}"
    return ", ".join(filter(None, (day, titles.get(fact.conversation_id or 0, ""))))


def act_of(event: QKeyEvent) -> str:
    """What a key asks for; nothing when it asks for nothing here."""
    plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
    return KEYS.get(Qt.Key(event.key()), "") if plain else ""


class FactModel(QAbstractTableModel):
    """Facts for the views."""

    def __init__(self) -> None:
        super().__init__()
        self.facts: list[Fact] = []
        self.titles: dict[int, str] = {}

    def show(self, facts: Sequence[Fact], titles: dict[int, str]) -> None:
        self.beginResetModel()
        self.facts, self.titles = list(facts), titles
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.facts)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if way == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        fact = self.facts[index.row()]
        if role == FACT:
            return fact
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.text(fact, index.column())
        return None

    def text(self, fact: Fact, column: int) -> str:
        if column == MARK:
            return ", ".join(filter(None, ("pinned" if fact.pinned else "", STATES[fact.state].brief)))
        if column == WHAT:
            return words.you(fact.sentence)
        if column == TOPIC:
            return words.topic(fact.topic)
        if column == FROM:
            return where_from(fact, self.titles)
        if fact.state != "current":
            return STATES[fact.state].brief
        return str(max(fact.nights)) if fact.nights else "tonight"

    def row_of(self, fact_id: int | None) -> int:
        return next((n for n, fact in enumerate(self.facts) if fact.id == fact_id), -1)

    def reselect(self, selection: QItemSelectionModel, fact_ids: Iterable[int]) -> None:
        """Select these again, as far as they are still here."""
        flag = QItemSelectionModel.SelectionFlag
        for fact_id in fact_ids:
            if (at := self.row_of(fact_id)) >= 0:
                selection.select(self.index(at, WHAT), flag.Select | flag.Rows)
