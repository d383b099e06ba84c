"""The table of facts: what, topic, where from, which night."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from app.desktop import icons, theme
from app.desktop.memories.rows import FACT, FROM, GONE, MARK, NIGHT, TOPIC, WHAT, FactModel, Index, act_of
from app.desktop.memories.states import STATES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from memory.records import Fact

HOVER = QStyle.StateFlag.State_MouseOver
WIDTHS = {MARK: 32, TOPIC: 76, FROM: 196, NIGHT: 80}


class FactDelegate(QStyledItemDelegate):
    """Paints a row as one: its ground, its divider, its words."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        now = theme.current()
        fact: Fact = index.data(FACT)
        rect = QRectF(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen or option.state & HOVER:
            painter.fillRect(rect, now.color("selected" if chosen else "row-hover"))
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), now.color("border"))
        self._words(painter, rect, index, fact, chosen, self._box(option, chosen))
        painter.restore()

    def _box(self, option: QStyleOptionViewItem, chosen: bool) -> str:
        """Where the mouse is, and everywhere while several are chosen."""
        view = self.parent()
        if not (isinstance(view, FactTable) and view.many) and not option.state & HOVER:
            return ""
        return "ph.check-square-fill" if chosen else "ph.square"

    def _words(
        self, painter: QPainter, rect: QRectF, index: Index, fact: Fact, chosen: bool, box: str
    ) -> None:
        now, column = theme.current(), index.column()
        if column == 0:
            self._mark(painter, rect.adjusted(8, 0, 0, 0), fact, box)
            return
        gone = fact.state in GONE
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

    def _mark(self, painter: QPainter, rect: QRectF, fact: Fact, box: str) -> None:
        """A box to choose it with; else pinned, or how it is no longer, each with an icon of its own."""
        if box:
            color = theme.current().color("accent" if box == "ph.check-square-fill" else "control")
            icons.paint(painter, rect, box, color, 18)
        elif fact.pinned:
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
    """Arrow keys walk, Shift and Ctrl choose more; the keys of ``rows.KEYS`` act on what is chosen.

    ``chosen`` tells the one fact that the side panel shows, ``selected`` all that are chosen, ``asked`` what
    is to be done with them.
    """

    chosen = Signal(object)
    selected = Signal(list)
    asked = Signal(str, list)

    def __init__(self) -> None:
        super().__init__()
        self._quiet = False
        self.many = False
        self.setObjectName("factTable")
        self.setAccessibleName("Facts")
        self.rows = FactModel()
        self.setModel(self.rows)
        self._delegate = FactDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.ExtendedSelection)
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
        self.doubleClicked.connect(lambda index: self.asked.emit("edit", [index.data(FACT)]))

    def show_facts(self, facts: Sequence[Fact], titles: dict[int, str], chosen: int | None) -> None:
        """Show other facts; what was chosen stays so, as far as it is among them."""
        before = [fact.id for fact in self.facts_chosen()]
        self._quiet = True
        self.rows.show(facts, titles)
        self.choose(chosen)
        if chosen in before:
            self.rows.reselect(self.selectionModel(), before)
        self._quiet = False
        if (fact := self.current()) is not None:
            self.chosen.emit(fact)
        self._tell()
        self.fit()

    def choose(self, fact_id: int | None) -> bool:
        """Choose one fact and no other."""
        at = self.rows.row_of(fact_id)
        if at >= 0:
            flag, index = QItemSelectionModel.SelectionFlag, self.rows.index(at, WHAT)
            self.selectionModel().setCurrentIndex(index, flag.ClearAndSelect | flag.Rows)
            self.scrollTo(index)
        return at >= 0

    def current(self) -> Fact | None:
        index = self.currentIndex()
        return index.data(FACT) if index.isValid() else None

    def facts_chosen(self) -> list[Fact]:
        """All that are chosen, as they stand."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows(WHAT))
        return [self.rows.facts[row] for row in rows if row < len(self.rows.facts)]

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

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        if not self._quiet:
            self._tell()

    def _tell(self) -> None:
        facts = self.facts_chosen()
        if self.many != (len(facts) > 1):
            self.many = not self.many
            self.viewport().update()
        self.selected.emit(facts)

    def selectionCommand(
        self, index: Index, event: QEvent | None = None
    ) -> QItemSelectionModel.SelectionFlag:
        """The box before a fact chooses it beside the others; everything else is as in every table."""
        flag = QItemSelectionModel.SelectionFlag
        if isinstance(event, QMouseEvent) and index.isValid() and index.column() == MARK:
            if event.type() == QEvent.Type.MouseButtonRelease:
                return flag.NoUpdate
            if event.type() == QEvent.Type.MouseButtonPress and not event.modifiers():
                return flag.Toggle | flag.Rows
        return super().selectionCommand(index, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        facts, act = self.facts_chosen(), act_of(event)
        if facts and act:
            self.asked.emit(act, facts)
        else:
            super().keyPressEvent(event)
