"""The palette's list: an icon, a name, what it is, and its keys; painted row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.desktop import icons, theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QMouseEvent

    from app.desktop.palette.finding import Entry

Index = QModelIndex | QPersistentModelIndex
ENTRY = Qt.ItemDataRole.UserRole
HIGH = 36


def native(keys: str) -> str:
    """A shortcut as this platform writes it; keys that are no shortcut of ours stay as they are."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText) or keys


class Rows(QAbstractListModel):
    """The entries that were found."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[Entry] = []

    def show(self, entries: Sequence[Entry]) -> None:
        self.beginResetModel()
        self.entries = list(entries)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        entry = self.entries[index.row()]
        said = ", ".join(filter(None, (entry.words, entry.detail, native(entry.keys))))
        texts = {Qt.ItemDataRole.DisplayRole: entry.words, Qt.ItemDataRole.AccessibleTextRole: said}
        return entry if role == ENTRY else texts.get(Qt.ItemDataRole(role))


class Painter(QStyledItemDelegate):
    """Paints one entry."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, round(HIGH * theme.current().scale))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: Entry = index.data(ENTRY)
        now, rect = theme.current(), QRectF(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(now.color("selected" if chosen else "row-hover"))
            painter.drawRoundedRect(rect, 8, 8)
        inside = rect.adjusted(10, 0, -10, 0)
        icons.paint(
            painter, QRectF(inside.left(), inside.top(), 18, inside.height()), entry.icon,
            now.color("text-muted"), round(16 * now.scale),
        )  # fmt: skip
        inside.setLeft(inside.left() + 28 * now.scale)
        if entry.keys:
            inside.setRight(self._key(painter, inside, native(entry.keys)))
        inside.setRight(self._detail(painter, inside, entry.detail))
        painter.setFont(now.font("body"))
        painter.setPen(now.color("text"))
        line = painter.fontMetrics().elidedText(
            entry.words, Qt.TextElideMode.ElideRight, max(0, round(inside.width()))
        )
        painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter, line)
        painter.restore()

    def _key(self, painter: QPainter, inside: QRectF, keys: str) -> float:
        now = theme.current()
        painter.setFont(now.font("code", px=11))
        wide = painter.fontMetrics().horizontalAdvance(keys) + 10
        high = 20 * now.scale
        box = QRectF(inside.right() - wide, inside.center().y() - high / 2, wide, high)
        painter.setPen(now.color("border-strong"))
        painter.setBrush(now.color("raised"))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setPen(now.color("text-muted"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, keys)
        return box.left() - 12

    def _detail(self, painter: QPainter, inside: QRectF, text: str) -> float:
        now = theme.current()
        painter.setFont(now.font("small"))
        painter.setPen(now.color("text-muted"))
        painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
        return inside.right() - painter.fontMetrics().horizontalAdvance(text) - 16


class Found(QListView):
    """The list under the field, which keeps the keyboard; a click chooses."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("paletteList")
        self.setAccessibleName("What was found")
        self.rows = Rows()
        self.setModel(self.rows)
        self.setItemDelegate(Painter(self))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Replace the list; the one that was chosen stays chosen where it still is the first."""
        self.rows.show(entries)
        self.step_to(0)

    def current(self) -> Entry | None:
        index = self.currentIndex()
        return index.data(ENTRY) if index.isValid() else None

    def step(self, by: int) -> None:
        """Down or up; past the end it goes on at the other."""
        count = len(self.rows.entries)
        if count:
            at = self.currentIndex().row() + by
            self.step_to(at % count if abs(by) == 1 else min(count - 1, max(0, at)))

    def step_to(self, at: int) -> None:
        if 0 <= at < len(self.rows.entries):
            self.setCurrentIndex(self.rows.index(at))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid():
            self.chosen.emit(index.data(ENTRY))
