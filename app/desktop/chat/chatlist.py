"""The list of conversations: grouped by when, painted row by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QLineEdit, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.desktop import icons, theme, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from memory.records import Conversation, Turn

Index = QModelIndex | QPersistentModelIndex
ROW = Qt.ItemDataRole.UserRole
HEAD, LINE, FOUND = 34, 34, 52


@dataclass(frozen=True, slots=True)
class Row:
    """A heading, a conversation, or a message that was found."""

    heading: str = ""
    conversation: Conversation | None = None
    turn: Turn | None = None
    title: str = ""


def rows_of(conversations: Sequence[Conversation], found: Sequence[Turn] = ()) -> list[Row]:
    """Conversations under their headings, then messages that hold the searched words."""
    made: list[Row] = []
    heading = ""
    for one in conversations:
        if (group := words.group(one.updated)) != heading:
            heading = group
            made.append(Row(heading=group))
        made.append(Row(conversation=one))
    if found:
        titles = {one.id: one.title for one in conversations}
        made.append(Row(heading="In messages"))
        made += [Row(turn=turn, title=titles.get(turn.conversation_id, "")) for turn in found]
    return made


class ChatModel(QAbstractListModel):
    """Rows for the view."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []

    def show(self, rows: list[Row]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role == ROW:
            return row
        if role in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.AccessibleTextRole,
            Qt.ItemDataRole.EditRole,
        ):
            return row.heading or (
                row.conversation.title if row.conversation else row.turn.text if row.turn else ""
            )
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        row = self.rows[index.row()]
        if row.heading:
            return Qt.ItemFlag.NoItemFlags
        able = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return able | Qt.ItemFlag.ItemIsEditable if row.conversation else able

    def row_of(self, conversation_id: int | None) -> int:
        return next(
            (
                n
                for n, row in enumerate(self.rows)
                if row.conversation and row.conversation.id == conversation_id
            ),
            -1,
        )


class ChatDelegate(QStyledItemDelegate):
    """Paints rows; a title is edited where it stands."""

    renamed = Signal(int, str)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row: Row = index.data(ROW)
        scale = theme.current().scale
        height = HEAD if row.heading else LINE if row.conversation else FOUND
        return QSize(100, round((height - (8 if row.heading and index.row() == 0 else 0)) * scale))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: Row = index.data(ROW)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(option.rect)
        if row.heading:
            self._heading(painter, rect, row.heading)
        else:
            self._ground(painter, rect, option)
            chosen = bool(option.state & QStyle.StateFlag.State_Selected)
            if row.conversation:
                self._line(painter, rect, row.conversation, chosen)
            elif row.turn:
                self._found(painter, rect, row)
        painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setObjectName("renameChat")
        editor.setAccessibleName("New title")
        return editor

    def setModelData(self, editor: QLineEdit, model: object, index: Index) -> None:
        row: Row = index.data(ROW)
        title = editor.text().strip()
        if row.conversation and title and title != row.conversation.title:
            self.renamed.emit(row.conversation.id, title)

    def _heading(self, painter: QPainter, rect: QRectF, text: str) -> None:
        painter.setFont(theme.current().font("caption", weight=600))
        painter.setPen(theme.current().color("text-faint"))
        painter.drawText(rect.adjusted(8, 0, -8, -6), Qt.AlignmentFlag.AlignBottom, text)

    def _ground(self, painter: QPainter, rect: QRectF, option: QStyleOptionViewItem) -> None:
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.current().color("selected" if chosen else "hover"))
            painter.drawRoundedRect(rect, 8, 8)

    def _line(self, painter: QPainter, rect: QRectF, one: Conversation, chosen: bool) -> None:
        now = theme.current()
        inside = rect.adjusted(8, 0, -8, 0)
        when = words.short(one.updated)
        painter.setFont(now.font("caption"))
        painter.setPen(now.color("text-muted"))
        width = painter.fontMetrics().horizontalAdvance(when)
        painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, when)
        inside.setRight(inside.right() - width - 8)
        if not one.remembered:
            place = QRectF(inside.left(), inside.top(), 16, inside.height())
            icons.paint(painter, place, "ph.eye-slash", now.color("text-muted"), 16)
            inside.setLeft(inside.left() + 23)
        painter.setFont(now.font("body", weight=600 if chosen else None))
        painter.setPen(now.color("text"))
        _elided(painter, inside, one.title or "New chat")

    def _found(self, painter: QPainter, rect: QRectF, row: Row) -> None:
        assert row.turn is not None
        now = theme.current()
        inside = rect.adjusted(8, 4, -8, -4)
        top = QRectF(inside.left(), inside.top(), inside.width(), inside.height() / 2)
        painter.setFont(now.font("body"))
        painter.setPen(now.color("text"))
        _elided(painter, top, " ".join(row.turn.text.split()))
        painter.setFont(now.font("caption"))
        painter.setPen(now.color("text-muted"))
        who = "You" if row.turn.speaker == "user" else "Dormouse"
        under = ", ".join(filter(None, (who, words.short(row.turn.created), row.title)))
        _elided(painter, top.translated(0, top.height()), under)


class ChatList(QListView):
    """Click or arrow keys open; F2 renames; Delete deletes (and can be undone); Shift+Delete forgets."""

    opened = Signal(int, object)
    delete = Signal(int)
    forget = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._quiet = False
        self.setObjectName("chatList")
        self.setAccessibleName("Conversations")
        self.rows = ChatModel()
        self.setModel(self.rows)
        self.painter = ChatDelegate(self)
        self.setItemDelegate(self.painter)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.EditKeyPressed)
        self.viewport().setAutoFillBackground(False)

    def show_rows(self, rows: list[Row], chosen: int | None) -> None:
        """Replace the rows and keep the chosen conversation chosen."""
        self._quiet = True
        self.rows.show(rows)
        self.choose(chosen)
        self._quiet = False

    def choose(self, conversation_id: int | None) -> None:
        quiet, self._quiet = self._quiet, True
        at = self.rows.row_of(conversation_id)
        if at >= 0:
            self.setCurrentIndex(self.rows.index(at))
        else:
            self.clearSelection()
        self._quiet = quiet

    def rename(self, conversation_id: int) -> None:
        """Edit a title where it stands."""
        at = self.rows.row_of(conversation_id)
        if at >= 0:
            self.edit(self.rows.index(at))

    def at(self, point: object) -> Row | None:
        index = self.indexAt(point)
        return index.data(ROW) if index.isValid() else None

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if not self._quiet and current.isValid():
            self._open(current.data(ROW))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        row = self.at(event.position().toPoint())
        if row is not None and row.turn is not None:
            self._open(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().data(ROW) if self.currentIndex().isValid() else None
        if event.key() == Qt.Key.Key_Delete and row is not None and row.conversation:
            for_good = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            (self.forget if for_good else self.delete).emit(row.conversation.id)
        else:
            super().keyPressEvent(event)

    def _open(self, row: Row) -> None:
        if row.conversation:
            self.opened.emit(row.conversation.id, None)
        elif row.turn:
            self.opened.emit(row.turn.conversation_id, row.turn.id)


def _elided(painter: QPainter, rect: QRectF, text: str) -> None:
    short = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(rect.width()))
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, short)
