"""The user's data: the folder, a backup, and a backup put back after showing what it would replace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from app.desktop import words
from app.desktop.widgets.basic import Words, button, label
from app.desktop.widgets.question import Question
from app.desktop.widgets.setting import Card

if TYPE_CHECKING:
    from app.desktop.face import Backup
    from app.desktop.tasks import Tasks
    from app.desktop.widgets.toast import Toast

FOLDER = "Everything is in this one folder of yours, and nowhere else."
BACKUP = "A complete copy of your memories, in one file, while you go on."
RESTORE = "A backup takes the place of what is here; first you see what it would replace."
KEPT = "What is here is kept beside, as a backup, so that you can go back."
NIGHTS = "Nights that the backup does not know are taken off; the next night learns anew."
RETURNS = "What you forgot since the backup was made comes back if it is in it."
FILES = "Dormouse backups (*.sqlite3)"
STAYS = 15_000


class Data(Card):
    """``renewed`` tells, in a sentence, that another memory is there."""

    renewed = Signal(str)

    def __init__(self, tasks: Tasks, toast: Toast) -> None:
        super().__init__("Your data", "data")
        self._tasks, self._toast = tasks, toast
        self._folder = Path()
        tip = "Open the folder"
        show = button("Open", "showFolder", icon="ph.folder-open", tip=tip, on=self._open_folder)
        save = button("Back up…", "backup", icon="ph.floppy-disk", on=self._ask_backup)
        back = button("Restore…", "restore", icon="ph.clock-counter-clockwise", on=self._ask_restore)
        self._place = label("", "small", "text-muted")
        self._place.setObjectName("dataFolder")
        self._place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.add("Data folder", FOLDER, show, also="home directory files").under.addWidget(self._place)
        self._problem = _problem("backupProblem")
        self._refusal = _problem("restoreProblem")
        self.add("Back up", BACKUP, save, also="backup copy save").under.addWidget(self._problem)
        self.add("Restore a backup", RESTORE, back, also="backup undo copy").under.addWidget(self._refusal)

    def show_folder(self, folder: Path) -> None:
        self._folder = folder
        self._place.setText(str(folder))

    def back_up(self, path: Path) -> None:
        """Write a backup, and say where it is."""
        _say(self._problem, "")
        self._tasks.write(
            lambda face: face.backup(path),
            lambda _: self._toast.say(f"Backed up to {path}.", stays=6000),
            owner=self,
            wrong=lambda sentence: _say(self._problem, sentence),
        )

    def look_at(self, path: Path) -> None:
        """Show what a backup holds beside what is here, and ask."""
        _say(self._refusal, "")
        self._tasks.read(
            lambda face: face.look_at_backup(path),
            lambda both: self._ask(path, *both),
            owner=self,
            wrong=lambda sentence: _say(self._refusal, sentence),
        )

    def restore(self, path: Path) -> None:
        """Put it in place; what still waited to be undone is settled first, in the old memory."""
        self._toast.settle()
        self._toast.say("Restoring. This takes a moment.", stays=60_000)
        self._tasks.alone(
            lambda face: face.restore_backup(path),
            lambda aside: self.renewed.emit(f"Restored. What was here is kept as {aside.name}."),
            owner=self,
            wrong=self._refused,
        )

    def _refused(self, sentence: str) -> None:
        self._toast.settle()
        _say(self._refusal, sentence)

    def _ask(self, path: Path, there: Backup, here: Backup) -> None:
        lines = [
            ("ph.floppy-disk", f"In the backup: {holds(there)}."),
            ("ph.database", f"Here now: {holds(here)}. {KEPT}"),
            ("ph.moon", NIGHTS),
        ]
        title = "Put this backup in the place of what is here?"
        asked = Question(
            self.window(), title, lines, RETURNS, "Restore", lambda: self.restore(path),
            no="Leave it as it is", icon="ph.clock-counter-clockwise",
        )  # fmt: skip
        asked.open()

    # -- asking where

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))

    def _ask_backup(self) -> None:
        dialog = QFileDialog(self, "Back up to", str(Path.home()), FILES)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("sqlite3")
        dialog.selectFile(f"Dormouse {words.now():%Y-%m-%d}.sqlite3")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.back_up(Path(name)))
        dialog.open()

    def _ask_restore(self) -> None:
        dialog = QFileDialog(self, "Restore a backup", str(self._folder / "backups"), FILES)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.look_at(Path(name)))
        dialog.open()


def holds(backup: Backup) -> str:
    """``12 chats with 340 messages, the newest from 12 May; 31 memories``."""
    newest = f", the newest from {words.date(backup.newest)}" if backup.newest else ""
    counts = f"{words.plural(backup.chats, 'chat')} with {words.plural(backup.messages, 'message')}"
    return f"{counts}{newest}; {words.plural(backup.facts, 'memory', 'memories')}"


def _problem(name: str) -> Words:
    made = Words("", "small", "danger")
    made.setObjectName(name)
    made.hide()
    return made


def _say(place: Words, sentence: str) -> None:
    place.say(sentence)
    place.setVisible(bool(sentence))
