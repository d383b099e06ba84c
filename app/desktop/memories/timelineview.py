"""The timeline: a line per event under its month, and beside it from when to when the fact holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.desktop import icons, theme, words
from app.desktop.memories.rows import GONE, Index, act_of
from app.desktop.memories.spans import Axis, Scale, paint_span
from app.desktop.memories.timeline import KINDS, Event, Month, months, reach, span_words
from app.desktop.widgets.basic import column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from memory.records import Fact

ITEM = Qt.ItemDataRole.UserRole
ROW, HEAD = 38, 48
DAY, SIGN, CHAT, PAD = 64, 26, 32, 12
SPANS, NARROW = 0.34, 520


class TimelineModel(QAbstractListModel):
    """Months, and under each its events."""

    def __init__(self) -> None:
        super().__init__()
        self.items: list[Month | Event] = []

    def show(self, found: Sequence[Month]) -> None:
        self.beginResetModel()
        self.items = [item for month in found for item in (month, *month.events)]
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.items)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if isinstance(self.items[index.row()], Month):
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        item = self.items[index.row()]
        if role == ITEM:
            return item
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            if isinstance(item, Month):
                return f"{item.name}: {item.summary}"
            return f"{words.date(item.when)}: {item.text} {span_words(item.fact)}."
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(item, Event):
            return f"{item.text}\n{span_words(item.fact)}."
        return None


class TimelineDelegate(QStyledItemDelegate):
    """Paints a month's head, or one event with its bar."""

    def __init__(self, view: TimelineList) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        high = HEAD if isinstance(index.data(ITEM), Month) else ROW
        return QSize(100, round(high * theme.current().scale))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item, rect = index.data(ITEM), QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(item, Month):
            self._month(painter, rect, item)
        else:
            chosen = bool(option.state & QStyle.StateFlag.State_Selected)
            hover = bool(option.state & QStyle.StateFlag.State_MouseOver)
            if chosen or hover:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.current().color("selected" if chosen else "row-hover"))
                painter.drawRoundedRect(rect.adjusted(0, 1, 0, -1), 8, 8)
            self._event(painter, rect, item, chosen or hover)
        painter.restore()

    def _month(self, painter: QPainter, rect: QRectF, month: Month) -> None:
        now = theme.current()
        painter.setFont(now.font("title", px=18))
        painter.setPen(now.color("text"))
        line = rect.adjusted(PAD, 10, -PAD, 0)
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, month.name)
        along = painter.fontMetrics().horizontalAdvance(month.name) + 12
        painter.setFont(now.font("small"))
        painter.setPen(now.color("text-muted"))
        painter.drawText(line.adjusted(along, 2, 0, 0), Qt.AlignmentFlag.AlignVCenter, month.summary)

    def _event(self, painter: QPainter, rect: QRectF, event: Event, lit: bool) -> None:
        now, kind, scale = theme.current(), KINDS[event.kind], self._view.scale
        painter.setFont(now.font("small"))
        painter.setPen(now.color("text-muted"))
        day = rect.adjusted(PAD, 0, 0, 0)
        painter.drawText(day, Qt.AlignmentFlag.AlignVCenter, words.brief(event.when))
        left = PAD + round(DAY * now.scale)
        sign = QRectF(rect.left() + left, rect.top(), 18, rect.height())
        icons.paint(painter, sign, kind.icon, now.color(kind.color), 16)
        text = rect.adjusted(left + SIGN, 0, 0, 0)
        text.setRight(self._view.text_ends(rect.right()))
        gone = event.fact.state in GONE
        painter.setFont(now.font("body"))
        painter.setPen(now.color("text-muted" if gone and not lit else "text"))
        short = painter.fontMetrics().elidedText(event.text, Qt.TextElideMode.ElideRight, int(text.width()))
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, short)
        if self._view.shows_spans():
            place = scale.at(words.now())
            painter.setPen(now.color("border-strong"))
            painter.drawLine(QPointF(place, rect.top()), QPointF(place, rect.bottom() + 1))
            paint_span(painter, rect, scale, event.fact)
        if lit and event.fact.conversation_id is not None:
            icons.paint(
                painter, self._view.chat_sign(rect), "ph.arrow-square-out", now.color("accent-ink"), 16
            )


class TimelineList(QListView):
    """Arrows walk, Ctrl with an arrow goes from month to month, Enter opens the chat at that turn."""

    chosen = Signal(object)
    open_chat = Signal(int, object)
    asked = Signal(str, list)

    def __init__(self) -> None:
        super().__init__()
        self._quiet = False
        self.scale = Scale(words.now(), words.now())
        self.rows = TimelineModel()
        self.setObjectName("factTimeline")
        self.setAccessibleName("Timeline of what was learned and what changed")
        self.setModel(self.rows)
        self.setItemDelegate(TimelineDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.doubleClicked.connect(self._open)
        theme.current().changed.connect(self.scheduleDelayedItemsLayout)

    def show_facts(self, facts: Sequence[Fact], chosen: int) -> None:
        """Show other facts; the event that was chosen stays so, or the first of the chosen fact."""
        before, stood = self.currentIndex().data(ITEM), self.verticalScrollBar().value()
        self._quiet = True
        self.setAutoScroll(False)
        self.scale.first, self.scale.last = reach(facts, words.now())
        self.rows.show(months(facts))
        events = [(at, item) for at, item in enumerate(self.rows.items) if isinstance(item, Event)]
        same = [at for at, item in events if isinstance(before, Event) and _place(item) == _place(before)]
        found = [at for at, item in events if item.fact.id == chosen]
        wanted = [at for at in same if at in found] or found
        if wanted:
            self.setCurrentIndex(self.rows.index(wanted[0]))
        self.doItemsLayout()
        self.verticalScrollBar().setValue(stood if before else 0)  # a first look begins with what is new
        if before and wanted and not same:
            self.scrollTo(self.currentIndex())
        self.setAutoScroll(True)
        self._quiet = False

    def shows_spans(self) -> bool:
        return self.viewport().width() >= NARROW * theme.current().scale

    def text_ends(self, right: float) -> float:
        """Where the words of a row must stop."""
        return (self.scale.left if self.shows_spans() else right - CHAT) - 12

    def chat_sign(self, rect: QRectF) -> QRectF:
        """What of a row opens the chat."""
        return QRectF(rect.right() - CHAT, rect.top(), CHAT, rect.height())

    def fit(self) -> None:
        """Give the bars their share of the width."""
        width = self.viewport().width()
        bars = round(width * SPANS)
        self.scale.place(width - bars - CHAT, bars)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if not self._quiet and isinstance(item := current.data(ITEM), Event):
            self.chosen.emit(item.fact)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        place = event.position().toPoint()
        index = self.indexAt(place)
        if index.isValid() and self.chat_sign(QRectF(self.visualRect(index))).contains(place):
            self._open(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item, act = self.currentIndex().data(ITEM), act_of(event)
        ctrl = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if ctrl and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._jump(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
        elif act and isinstance(item, Event):
            self.asked.emit(act, [item.fact])
        else:
            super().keyPressEvent(event)

    def _jump(self, step: int) -> None:
        """To the first event of the next month, or back to that of this one or the one before."""
        heads = [at for at, item in enumerate(self.rows.items) if isinstance(item, Month)]
        here = self.currentIndex().row()
        later = [at for at in heads if at > here] if step > 0 else [at for at in heads if at < here - 1][-1:]
        if later:
            self.setCurrentIndex(self.rows.index(later[0] + 1))
            self.scrollTo(self.rows.index(later[0]), QListView.ScrollHint.PositionAtTop)

    def _open(self, index: Index) -> None:
        item = index.data(ITEM) if index.isValid() else None
        if isinstance(item, Event) and item.fact.conversation_id is not None:
            self.open_chat.emit(item.fact.conversation_id, item.fact.turn_id)


class Timeline(QWidget):
    """The list under its axis."""

    def __init__(self) -> None:
        super().__init__()
        self.list, self.axis = TimelineList(), Axis()
        self.axis.scale = self.list.scale
        inside = column(self)
        inside.addWidget(self.axis)
        inside.addWidget(self.list, 1)

    def show_facts(self, facts: Sequence[Fact], chosen: int) -> None:
        self.list.show_facts(facts, chosen)
        self.axis.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.axis.update()


def _place(event: Event) -> tuple[int, str]:
    return event.fact.id, event.kind
