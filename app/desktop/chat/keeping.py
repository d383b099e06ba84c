"""What is done with chats as a whole: named, pinned, filed, written to a file, put away and brought back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog

from app.desktop import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from app.desktop.chat.chats import Chats
    from app.desktop.tasks import Job, Tasks
    from app.desktop.widgets.toast import Toast

KINDS = {"markdown": ("Markdown (*.md)", ".md"), "json": ("JSON (*.json)", ".json")}


class Keeping(QObject):
    """Does what the list and its menus ask for, and says how to take it back."""

    going = Signal(int)
    back = Signal(int)
    named = Signal(int, str)

    def __init__(self, tasks: Tasks, toast: Toast, chats: Chats, over: QWidget) -> None:
        super().__init__(over)
        self._tasks, self._toast, self._chats, self._over = tasks, toast, chats, over
        chats.rename.connect(self.rename)
        chats.delete.connect(self.delete)
        chats.pin.connect(self.pin)
        chats.file.connect(self.file)
        chats.export.connect(self.ask_where)
        chats.rename_folder.connect(self.rename_folder)
        chats.empty_folder.connect(self.empty_folder)

    def rename(self, number: int, title: str) -> None:
        self._write(lambda face: face.rename(number, title))
        self.named.emit(number, title)

    def pin(self, number: int, on: bool) -> None:
        self._write(lambda face: face.pin_conversation(number, on))

    def file(self, number: int, folder: str) -> None:
        """Into a folder, or out of one; a new one is named where it stands."""
        one = self._chats.known.get(number)
        before = one.folder if one is not None else ""
        is_new = bool(folder) and folder not in self._chats.folders
        self._write(lambda face: face.file_conversation(number, folder))
        if is_new:
            self._chats.name_soon(folder)
            return
        said = f"Moved to “{folder}”." if folder else "Moved out of its folder."
        self._toast.say(said, lambda: self._write(lambda face: face.file_conversation(number, before)))

    def rename_folder(self, folder: str, name: str) -> None:
        self._write(lambda face: face.rename_folder(folder, name))

    def empty_folder(self, folder: str) -> None:
        """The chats stay; a folder without any is no more."""

        def put_back(chats: Sequence[int]) -> None:
            for number in chats:
                self._write(lambda face, number=number: face.file_conversation(number, folder))

        def done(chats: Sequence[int]) -> None:
            self._chats.refresh()
            went = f"Took {words.plural(len(chats), 'chat')} out of “{folder}”."
            self._toast.say(went, lambda: put_back(chats))

        self._tasks.write(lambda face: face.rename_folder(folder, ""), done, owner=self)

    def delete(self, number: int) -> None:
        title = self._chats.title(number) or "The chat"

        def undo() -> None:
            self._write(lambda face: face.restore_conversation(number), lambda: self.back.emit(number))

        self.going.emit(number)
        self._write(lambda face: face.delete_conversation(number))
        self._toast.say(f"Deleted “{title}”.", undo)

    def ask_where(self, number: int, kind: str) -> None:
        """Choose a file for one chat. Shown without blocking the window."""
        kinds, ending = KINDS[kind]
        dialog = QFileDialog(self._over, "Export this chat", "", kinds)
        dialog.setObjectName("exportChat")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(ending)
        dialog.selectFile(words.file_name(self._chats.title(number) or "Chat") + ending)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.export(number, Path(name), kind))
        dialog.open()

    def export(self, number: int, path: Path, kind: str) -> None:
        self._tasks.move(
            lambda face: face.export_chat(number, path, kind),
            lambda said: self._toast.say(f"{said}."),
            owner=self,
            wrong=self._toast.say,
        )

    def _write(self, job: Job, then: object = None) -> None:
        def done(_: object) -> None:
            self._chats.refresh()
            if callable(then):
                then()

        self._tasks.write(job, done, owner=self)
