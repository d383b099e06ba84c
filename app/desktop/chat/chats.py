"""The panel of conversations: new, search, list, and what can be done with each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QMenu

from app.desktop import style, theme
from app.desktop.chat.chatlist import ChatList
from app.desktop.chat.chatmenu import ChatMenus
from app.desktop.chat.chatrows import rows_of
from app.desktop.widgets import field
from app.desktop.widgets.basic import Words, column, icon_button, label, row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.desktop.tasks import Tasks
    from memory.records import Conversation, Turn

PAUSE = 60


class Chats(QFrame):
    """Reads its list by itself, searches titles and words, and tells what was chosen."""

    opened = Signal(int, object)
    new = Signal()
    rename = Signal(int, str)
    delete = Signal(int)
    forget = Signal(int)
    pin = Signal(int, bool)
    file = Signal(int, str)
    export = Signal(int, str)
    rename_folder = Signal(str, str)
    empty_folder = Signal(str)

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self.setObjectName("chats")
        self.setAccessibleName("Chats")
        style.sized(self, width=theme.current().size("list"))
        self._tasks = tasks
        self.chosen: int | None = None
        self.known: dict[int, Conversation] = {}
        self.folders: list[str] = []
        self.closed: set[str] = set()
        self._conversations: Sequence[Conversation] = ()
        self._found: Sequence[Turn] = ()
        self._to_name = ""
        self._asked = 0
        self.menus = ChatMenus(self)
        outer = column(self, margins=(10, 0, 10, 8))
        outer.addLayout(self._header())
        self.search = field.search("searchChats", "Search all chats", "Ctrl F")
        outer.addWidget(self.search)
        outer.addSpacing(6)
        self.list = ChatList()
        outer.addWidget(self.list, 1)
        self.nothing = Words("", "small", "text-muted")
        self.nothing.setContentsMargins(8, 8, 8, 0)
        outer.addWidget(self.nothing)
        self._wire()

    def refresh(self) -> None:
        """Read the list again."""
        self._asked += 1
        asked, wanted = self._asked, self.search.text().strip()

        def read(face: object) -> tuple[Sequence[Conversation], Sequence[Turn]]:
            found = face.search(wanted)[:30] if len(wanted) > 1 else ()
            return face.conversations(wanted), found

        self._tasks.read(read, lambda got: self._show(asked, *got), owner=self)

    def choose(self, conversation_id: int | None) -> None:
        self.chosen = conversation_id
        self.list.choose(conversation_id)

    def title(self, conversation_id: int | None) -> str:
        one = self.known.get(conversation_id or 0)
        return one.title if one else ""

    def _wire(self) -> None:
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self.refresh)
        self.search.textChanged.connect(lambda _text: self._pause.start())
        self.list.opened.connect(self.opened)
        self.list.delete.connect(self.delete)
        self.list.forget.connect(self.forget)
        self.list.painter.renamed.connect(self.rename)
        self.list.painter.folder_renamed.connect(self._rename_folder)
        self.list.pin.connect(lambda number: self.pin.emit(number, not self.known[number].pinned))
        self.list.fold.connect(self._fold)
        self.list.empty.connect(self.empty_folder)
        self.menus.rename.connect(self.list.rename)
        self.menus.pin.connect(self.pin)
        self.menus.file.connect(self.file)
        self.menus.export.connect(self.export)
        self.menus.delete.connect(self.delete)
        self.menus.forget.connect(self.forget)
        self.menus.rename_folder.connect(self.list.rename_folder)
        self.menus.empty_folder.connect(self.empty_folder)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._menu)

    def _header(self):  # noqa: ANN202
        line = row(margins=(8, 0, 2, 0))
        line.addWidget(label("Chats", "heading"), 1)
        line.addWidget(
            icon_button("ph.note-pencil", "newChat", "New chat (Ctrl+N)", size=18, on=self.new.emit)
        )
        holder = column(margins=(0, 14, 0, 14))
        holder.addLayout(line)
        return holder

    def _show(self, asked: int, conversations: Sequence[Conversation], found: Sequence[Turn]) -> None:
        if asked != self._asked:
            return
        self.known = {one.id: one for one in conversations} | {
            key: one for key, one in self.known.items() if key == self.chosen and self.search.text()
        }
        self._conversations, self._found = conversations, found
        self.folders = sorted({one.folder for one in conversations if one.folder}, key=str.casefold)
        self._draw()
        empty = not conversations and not found
        self.list.setVisible(not empty)
        wanted = self.search.text().strip()
        self.nothing.setVisible(empty)
        self.nothing.say(f"No chat holds “{wanted}”." if wanted else "Your chats will be listed here.")
        self.layout().setAlignment(self.nothing, Qt.AlignmentFlag.AlignTop)

    def _menu(self, point: QPoint) -> None:
        found = self.list.at(point)
        if found is None or not (found.conversation or found.folder):
            return
        menu = self.menus.of_folder(found.folder, self) if found.folder else self.menu(found.conversation.id)
        menu.popup(self.list.viewport().mapToGlobal(point))

    def menu(self, conversation_id: int) -> QMenu:
        """What can be done with a conversation."""
        return self.menus.of_chat(self.known[conversation_id], self.folders, self)

    def name_soon(self, folder: str) -> None:
        """A folder is about to be there: its name is asked for where it stands."""
        self._to_name = folder

    def _fold(self, folder: str) -> None:
        self.closed ^= {folder}
        self._draw()

    def _rename_folder(self, folder: str, name: str) -> None:
        if folder in self.closed:
            self.closed.add(name)
        self.rename_folder.emit(folder, name)

    def _draw(self) -> None:
        wanted = self.search.text().strip()
        self.list.show_rows(rows_of(self._conversations, self._found, wanted, self.closed), self.chosen)
        if self._to_name in self.folders:
            folder, self._to_name = self._to_name, ""
            self.list.rename_folder(folder)
