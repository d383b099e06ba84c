"""The menus of the list: what can be done with a chat, and with a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMenu

from app.desktop import icons

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QWidget

    from memory.records import Conversation

NEW_FOLDER = "New folder"


class ChatMenus(QObject):
    """Makes the menus and tells what was chosen."""

    rename = Signal(int)
    pin = Signal(int, bool)
    file = Signal(int, str)  # into a folder; into none, with no name
    export = Signal(int, str)  # markdown or json
    delete = Signal(int)
    forget = Signal(int)
    rename_folder = Signal(str)
    empty_folder = Signal(str)

    def of_chat(self, one: Conversation, folders: Sequence[str], over: QWidget) -> QMenu:
        """What can be done with a conversation."""
        menu, number = _menu(over), one.id
        _add(menu, "Rename", "ph.pencil-simple", lambda: self.rename.emit(number), key="F2")
        words, icon = ("Unpin", "ph.push-pin-slash") if one.pinned else ("Pin to the top", "ph.push-pin")
        _add(menu, words, icon, lambda: self.pin.emit(number, not one.pinned), key="P")
        self._add_folders(menu, one, folders)
        files = menu.addMenu(icons.pixmap("ph.export", "text-muted", 16), "Export")
        _add(files, "As Markdown, to read…", "ph.file-text", lambda: self.export.emit(number, "markdown"))
        _add(files, "As JSON, for programs…", "ph.brackets-curly", lambda: self.export.emit(number, "json"))
        menu.addSeparator()
        _add(menu, "Delete", "ph.trash", lambda: self.delete.emit(number), key="Del")
        menu.addSeparator()
        _add(
            menu,
            "Forget for good…",
            "ph.eraser",
            lambda: self.forget.emit(number),
            key="Shift+Del",
            color="danger",
        )
        return menu

    def of_folder(self, folder: str, over: QWidget) -> QMenu:
        """What can be done with a folder."""
        menu = _menu(over)
        _add(menu, "Rename", "ph.pencil-simple", lambda: self.rename_folder.emit(folder), key="F2")
        _add(menu, "Take the chats out", "ph.folder-minus", lambda: self.empty_folder.emit(folder), key="Del")
        return menu

    def _add_folders(self, menu: QMenu, one: Conversation, folders: Sequence[str]) -> None:
        inside = menu.addMenu(icons.pixmap("ph.folder", "text-muted", 16), "Move to")
        for folder in folders:
            if folder != one.folder:
                name = folder.replace("&", "&&")  # else Qt takes it for a key
                _add(inside, name, "ph.folder", lambda folder=folder: self.file.emit(one.id, folder))
        _add(inside, "A new folder", "ph.folder-plus", lambda: self.file.emit(one.id, _unused(folders)))
        if one.folder:
            _add(inside, "No folder", "ph.folder-minus", lambda: self.file.emit(one.id, ""))


def _unused(folders: Sequence[str]) -> str:
    names = (NEW_FOLDER if n == 1 else f"{NEW_FOLDER} {n}" for n in range(1, len(folders) + 2))
    return next(name for name in names if name not in folders)


def _menu(over: QWidget) -> QMenu:
    menu = QMenu(over)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu


def _add(
    menu: QMenu, words: str, icon: str, act: Callable[[], object], *, key: str = "", color: str = "text-muted"
) -> None:
    action = menu.addAction(icons.pixmap(icon, color, 16), words)
    if key:
        action.setShortcut(key)
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    action.triggered.connect(lambda _checked=False: act())
