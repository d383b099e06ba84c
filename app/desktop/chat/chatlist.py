"""The list of conversations: grouped by when, painted row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QLineEdit, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.desktop import icons, theme, words
from app.desktop.chat.chatrows import ROW, ChatModel, Index, Row, excerpt

if TYPE_CHECKING:
    from memory.records import Conversation

HEAD, LINE, HIT = 34, 34, 52
INSIDE = 23  # what is in a folder begins where its name does


class ChatDelegate(QStyledItemDelegate):
    """Paints rows; a title is edited where it stands."""

    renamed = Signal(int, str)
    folder_renamed = Signal(str, str)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row: Row = index.data(ROW)
        scale = theme.current().scale
        height = HEAD if row.heading else HIT if row.turn else LINE
        return QSize(100, round((height - (8 if row.heading and index.row() == 0 else 0)) * scale))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: Row = index.data(ROW)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(option.rect)
        if row.heading:
            self._heading(painter, rect, row.heading)
        elif row.folder:
            self._ground(painter, rect, option)
            self._folder(painter, rect, row)
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
        if not title or title == row.name:
            return
        if row.conversation:
            self.renamed.emit(row.conversation.id, title)
        else:
            self.folder_renamed.emit(row.folder, title)

    def _heading(self, painter: QPainter, rect: QRectF, text: str) -> None:
        painter.setFont(theme.current().font("caption", weight=600))
        painter.setPen(theme.current().color("text-faint"))
        painter.drawText(rect.adjusted(8, 0, -8, -6), Qt.AlignmentFlag.AlignBottom, text)

    def _folder(self, painter: QPainter, rect: QRectF, row: Row) -> None:
        now = theme.current()
        inside = rect.adjusted(8, 0, -8, 0)
        icon = "ph.folder" if row.count else "ph.folder-open"
        place = QRectF(inside.left(), inside.top(), 16, inside.height())
        icons.paint(painter, place, icon, now.color("text-muted"), 16)
        inside.setLeft(inside.left() + INSIDE)
        if row.count:
            painter.setFont(now.font("caption"))
            painter.setPen(now.color("text-muted"))
            painter.drawText(
                inside, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, str(row.count)
            )
            inside.setRight(inside.right() - 24)
        painter.setFont(now.font("body", weight=500))
        painter.setPen(now.color("text"))
        _elided(painter, inside, row.folder)

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
        if one.folder and not one.pinned:
            inside.setLeft(inside.left() + INSIDE)
        if not one.remembered:
            place = QRectF(inside.left(), inside.top(), 16, inside.height())
            icons.paint(painter, place, "ph.eye-slash", now.color("text-muted"), 16)
            inside.setLeft(inside.left() + INSIDE)
        painter.setFont(now.font("body", weight=600 if chosen else None))
        painter.setPen(now.color("text"))
        _elided(painter, inside, one.title or "New chat")

    def _found(self, painter: QPainter, rect: QRectF, row: Row) -> None:
        assert row.turn is not None
        now = theme.current()
        inside = rect.adjusted(8, 4, -8, -4)
        top = QRectF(inside.left(), inside.top(), inside.width(), inside.height() / 2)
        painter.setPen(now.color("text"))
        for part, weight in zip(excerpt(row.turn.text, row.sought), (None, 600, None), strict=True):
            painter.setFont(now.font("body", weight=weight))
            _elided(painter, top, part)
            top.setLeft(min(top.right(), top.left() + painter.fontMetrics().horizontalAdvance(part)))
        top.setLeft(inside.left())
        painter.setFont(now.font("caption"))
        painter.setPen(now.color("text-muted"))
        who = "You" if row.turn.speaker == "user" else "Dormouse"
        under = ", ".join(filter(None, (who, words.short(row.turn.created), row.title)))
        _elided(painter, top.translated(0, top.height()), under)


class ChatList(QListView):
    """Click or arrow keys open; F2 renames; Delete deletes (and can be undone); Shift+Delete forgets; P pins.

    A folder opens and closes with a click or Enter; Delete takes its chats out.
    """

    opened = Signal(int, object)
    delete = Signal(int)
    forget = Signal(int)
    pin = Signal(int)
    fold = Signal(str)
    empty = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._quiet = False
        self._later: tuple[list[Row], int | None] | None = None
        self.setObjectName("chatList")
        self.setAccessibleName("Conversations")
        self.rows = ChatModel()
        self.setModel(self.rows)
        self.painter = ChatDelegate(self)
        self.setItemDelegate(self.painter)
        self.painter.closeEditor.connect(lambda *_: QTimer.singleShot(0, self, self._catch_up))
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.EditKeyPressed)
        self.viewport().setAutoFillBackground(False)

    def show_rows(self, rows: list[Row], chosen: int | None) -> None:
        """Replace the rows and keep the chosen conversation chosen; not while a name is being typed."""
        if self.state() == QListView.State.EditingState:
            self._later = (rows, chosen)
            return
        self._quiet = True
        self.rows.show(rows)
        self.choose(chosen)
        self._quiet = False

    def _catch_up(self) -> None:
        later, self._later = self._later, None
        if later is not None:
            self.show_rows(*later)

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

    def rename_folder(self, folder: str) -> None:
        """Edit a folder's name where it stands."""
        at = self.rows.row_of_folder(folder)
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
        elif row is not None and row.folder and event.button() == Qt.MouseButton.LeftButton:
            self.fold.emit(row.folder)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().data(ROW) if self.currentIndex().isValid() else None
        if row is None or not (row.folder or row.conversation) or not self._act(row, event):
            super().keyPressEvent(event)

    def _act(self, row: Row, event: QKeyEvent) -> bool:
        """What a key does to a row; whether it does anything."""
        key, shift = event.key(), event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if row.folder and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.fold.emit(row.folder)
        elif row.folder and key == Qt.Key.Key_Delete:
            self.empty.emit(row.folder)
        elif row.conversation and key == Qt.Key.Key_Delete:
            (self.forget if shift else self.delete).emit(row.conversation.id)
        elif row.conversation and key == Qt.Key.Key_P:
            self.pin.emit(row.conversation.id)
        else:
            return False
        return True

    def _open(self, row: Row) -> None:
        if row.conversation:
            self.opened.emit(row.conversation.id, None)
        elif row.turn:
            self.opened.emit(row.turn.conversation_id, row.turn.id)


def _elided(painter: QPainter, rect: QRectF, text: str) -> None:
    short = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(rect.width()))
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, short)
