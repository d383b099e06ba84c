"""The facts as cards: the sentence in the voice it deserves, and under it where it is from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QItemSelectionModel, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.desktop import icons, theme
from app.desktop.memories.rows import FACT, FROM, GONE, NIGHT, TOPIC, WHAT, Index, act_of
from app.desktop.memories.states import STATES
from app.desktop.widgets.lines import paint_lines

if TYPE_CHECKING:
    from app.desktop.memories.table import FactTable
    from memory.records import Fact

LEAST, HEIGHT, GAP, PAD = 232, 128, 12, 16
LINES, LINE, PX = 3, 23, 17


class CardDelegate(QStyledItemDelegate):
    """Paints one card."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        now = theme.current()
        fact: Fact = index.data(FACT)
        card = QRectF(option.rect).adjusted(0.5, 0.5, -GAP - 0.5, -GAP - 0.5)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hover = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(now.color("accent" if chosen else "border"), 1))
        painter.setBrush(now.color("selected" if chosen else "row-hover" if hover else "raised"))
        painter.drawRoundedRect(card, now.radius("card"), now.radius("card"))
        inside = card.adjusted(PAD, 14, -PAD, -12)
        self._sentence(painter, inside, index, fact)
        self._foot(painter, inside, index, fact, chosen)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        view = self.parent()
        return view.gridSize() if isinstance(view, FactCards) else QSize(LEAST, HEIGHT)

    def _sentence(self, painter: QPainter, rect: QRectF, index: Index, fact: Fact) -> None:
        now = theme.current()
        icon, color = self._sign(fact)
        if icon:
            place = QRectF(rect.right() - 16, rect.top(), 16, LINE)
            icons.paint(painter, place, icon, now.color(color), 16)
            rect = rect.adjusted(0, 0, -22, 0)
        font = now.font("quote", px=PX)
        font.setStrikeOut(fact.state == "retracted")
        painter.setPen(now.color("text-muted" if fact.state in GONE else "text"))
        text = str(index.model().index(index.row(), WHAT).data())
        paint_lines(painter, rect, text, font, round(LINE * now.scale), LINES)

    def _sign(self, fact: Fact) -> tuple[str, str]:
        if fact.pinned:
            return "ph.push-pin-simple-fill", "accent"
        return ("", "") if fact.state == "current" else (STATES[fact.state].icon, "text-muted")

    def _foot(self, painter: QPainter, rect: QRectF, index: Index, fact: Fact, chosen: bool) -> None:
        now, model = theme.current(), index.model()
        topic, source, night = (
            str(model.index(index.row(), column).data()) for column in (TOPIC, FROM, NIGHT)
        )
        line = QRectF(rect.left(), rect.bottom() - 16, rect.width(), 16)
        painter.setFont(now.font("small"))
        painter.setPen(now.color("text" if chosen else "text-muted"))
        metrics = painter.fontMetrics()
        if fact.nights and fact.state == "current":
            width = metrics.horizontalAdvance(night)
            painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, night)
            icon = QRectF(line.right() - width - 18, line.top(), 14, line.height())
            icons.paint(painter, icon, "ph.moon", now.color("learned"), 14)
            line.setRight(icon.left() - 8)
        text = " · ".join(filter(None, (topic, source)))
        short = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(line.width()))
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, short)


class FactCards(QListView):
    """Shows what the table shows, and chooses what it chooses."""

    asked = Signal(str, list)

    def __init__(self, table: FactTable) -> None:
        super().__init__()
        self._table = table
        self.setObjectName("factCards")
        self.setAccessibleName("Facts as cards")
        self.setModel(table.rows)
        self.setModelColumn(WHAT)
        self.setSelectionModel(table.selectionModel())
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setItemDelegate(CardDelegate(self))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.doubleClicked.connect(lambda index: self.asked.emit("edit", [index.data(FACT)]))
        theme.current().changed.connect(self.fit)

    def fit(self) -> None:
        """As many cards beside each other as have room, all equally wide."""
        scale = theme.current().scale
        width = self.viewport().width() - 2
        columns = max(1, width // round((LEAST + GAP) * scale))
        self.setGridSize(QSize(width // columns, round(HEIGHT * scale) + GAP))

    def selectionCommand(
        self, index: Index, event: QEvent | None = None
    ) -> QItemSelectionModel.SelectionFlag:
        """A card is a whole row of the table."""
        return super().selectionCommand(index, event) | QItemSelectionModel.SelectionFlag.Rows

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.fit()
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        facts, act = self._table.facts_chosen(), act_of(event)
        if facts and act:
            self.asked.emit(act, facts)
        else:
            super().keyPressEvent(event)
