"""The table of facts: what, topic, where from, which night."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from app.desktop import icons, theme, words
from app.desktop.memories.states import STATES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from memory.records import Fact

Index = QModelIndex | QPersistentModelIndex
FACT = Qt.ItemDataRole.UserRole
COLUMNS = ("", "Fact", "Topic", "Where from", "Night")
WIDTHS = {0: 32, 2: 76, 3: 196, 4: 80}
WHAT, TOPIC, FROM, NIGHT = 1, 2, 3, 4


def where_from(fact: Fact, titles: dict[int, str]) -> str:
    """``12 May, Dinner with Anna`` or ``Typed by you, 9 May``."""
    day = words.day(fact.recorded)
    if fact.origin == "typed":
        return f"Typed by you, {day[0].lower() + day[1:] if day in ('Today', 'Yesterday') else day}"
    if fact.origin == "imported":
        return f"Imported, {day}"
    return ", ".join(filter(None, (day, titles.get(fact.conversation_id or 0, ""))))


class FactModel(QAbstractTableModel):
    """Facts for the view."""

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
        if column == 0:
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


class FactDelegate(QStyledItemDelegate):
    """Paints a row as one: its ground, its divider, its words."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        now = theme.current()
        fact: Fact = index.data(FACT)
        rect = QRectF(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, now.color("selected" if chosen else "row-hover"))
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), now.color("border"))
        self._words(painter, rect, index, fact, chosen)
        painter.restore()

    def _words(self, painter: QPainter, rect: QRectF, index: Index, fact: Fact, chosen: bool) -> None:
        now, column = theme.current(), index.column()
        if column == 0:
            self._mark(painter, rect.adjusted(8, 0, 0, 0), fact)
            return
        gone = fact.state in ("superseded", "retracted", "expired")
        text = str(index.data())
        if column == NIGHT:
            self._night(painter, rect, text, bool(fact.nights) and fact.state == "current")
            return
        font = now.font("body", weight=600 if chosen and column == WHAT else None)
        font.setStrikeOut(fact.state == "retracted" and column == WHAT)
        painter.setFont(font)
        painter.setPen(now.color("text" if (column == WHAT and not gone) or chosen else "text-muted"))
        inside = rect.adjusted(0, 0, -12, 0)
        short = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(inside.width()))
        painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter, short)

    def _mark(self, painter: QPainter, rect: QRectF, fact: Fact) -> None:
        """Pinned; or how it is no longer, each with an icon of its own."""
        if fact.pinned:
            icons.paint(painter, rect, "ph.push-pin-simple-fill", theme.current().color("accent"), 14)
        elif fact.state != "current":
            icons.paint(painter, rect, STATES[fact.state].icon, theme.current().color("text-muted"), 16)

    def _night(self, painter: QPainter, rect: QRectF, text: str, learned: bool) -> None:
        now = theme.current()
        if learned:
            icons.paint(
                painter,
                QRectF(rect.left(), rect.top(), 14, rect.height()),
                "ph.moon",
                now.color("learned"),
                14,
            )
            painter.setFont(now.font("body"))
            painter.setPen(now.color("text"))
            painter.drawText(rect.adjusted(18, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)
        elif text:
            painter.setFont(now.font("caption"))
            width = painter.fontMetrics().horizontalAdvance(text) + 16
            chip = QRectF(rect.left(), rect.center().y() - 10, width, 20)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(now.color("sunken"))
            painter.drawRoundedRect(chip, 10, 10)
            painter.setPen(now.color("text-muted"))
            painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)


class FactTable(QTableView):
    """Arrow keys walk, F2 edits, P pins, Delete forgets; while reviewing K keeps and D dismisses."""

    chosen = Signal(object)
    edit_asked = Signal(int)
    pin_asked = Signal(int)
    forget_asked = Signal(int)
    keep_asked = Signal(int)
    dismiss_asked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._quiet = False
        self.setObjectName("factTable")
        self.setAccessibleName("Facts")
        self.rows = FactModel()
        self.setModel(self.rows)
        self._delegate = FactDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self._scale()
        theme.current().changed.connect(self._scale)
        self.horizontalHeader().hide()
        self.horizontalHeader().setMinimumSectionSize(16)
        self.doubleClicked.connect(lambda index: self.edit_asked.emit(index.data(FACT).id))

    def show_facts(self, facts: Sequence[Fact], titles: dict[int, str], chosen: int | None) -> None:
        self._quiet = True
        self.rows.show(facts, titles)
        self._quiet = False
        self.choose(chosen)
        self.fit()

    def choose(self, fact_id: int | None) -> bool:
        at = self.rows.row_of(fact_id)
        if at >= 0:
            self.setCurrentIndex(self.rows.index(at, WHAT))
        return at >= 0

    def current(self) -> Fact | None:
        index = self.currentIndex()
        return index.data(FACT) if index.isValid() else None

    def _scale(self) -> None:
        now = theme.current()
        self.verticalHeader().setDefaultSectionSize(round(now.size("row") * now.scale))

    def fit(self) -> None:
        """Give the fact what the other columns leave; the source goes first when it gets narrow."""
        width = self.viewport().width()
        narrow = width < 620
        self.setColumnHidden(FROM, narrow)
        rest = width - sum(size for key, size in WIDTHS.items() if not (narrow and key == FROM))
        for column, size in WIDTHS.items():
            self.setColumnWidth(column, size)
        self.setColumnWidth(WHAT, max(160, rest))

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if not self._quiet and current.isValid():
            self.chosen.emit(current.data(FACT))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        fact = self.current()
        keys = {
            Qt.Key.Key_F2: self.edit_asked, Qt.Key.Key_P: self.pin_asked,
            Qt.Key.Key_Delete: self.forget_asked,
        }  # fmt: skip
        if fact is not None and fact.state == "proposed":
            keys |= {Qt.Key.Key_K: self.keep_asked, Qt.Key.Key_D: self.dismiss_asked}
        signal = keys.get(Qt.Key(event.key()))
        if fact is not None and signal is not None:
            signal.emit(fact.id)
        else:
            super().keyPressEvent(event)
