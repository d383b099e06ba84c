"""Undo and redo, from wherever they are asked for: what was taken back or done again is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeySequence

from app.desktop import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QLineEdit

    from app.desktop.face import Face
    from app.desktop.tasks import Tasks
    from app.desktop.widgets.toast import Toast

STAYS = 6000  # milliseconds


def undo(tasks: Tasks, toast: Toast, owner: QObject) -> None:
    """What the message at the foot offers to take back, else the last change to a memory or a chat."""
    if toast.pending():
        toast.undo()
    else:
        _turn_over(tasks, toast, owner, lambda face: face.undo(), "There is nothing to undo.")


def redo(tasks: Tasks, toast: Toast, owner: QObject) -> None:
    """Do again what was undone last."""
    _turn_over(tasks, toast, owner, lambda face: face.redo(), "There is nothing to do again.")


def say(toast: Toast, sentence: str) -> None:
    """Tell what was undone or done again, and the way back from that."""
    back = "Ctrl+Shift+Z does it again." if sentence.startswith("Undid") else "Ctrl+Z takes it back."
    toast.tell(f"{words.you(sentence).rstrip('.')}. {back}", stays=STAYS)


class PassOn(QObject):
    """Lets the keys through a field in which nothing was typed: there they mean the whole place."""

    def __init__(self, field: QLineEdit) -> None:
        super().__init__(field)
        field.installEventFilter(self)

    def eventFilter(self, field: QLineEdit, event: QEvent) -> bool:
        if event.type() != QEvent.Type.ShortcutOverride:
            return False
        undoes = event.matches(QKeySequence.StandardKey.Undo) and not field.isUndoAvailable()
        redoes = event.matches(QKeySequence.StandardKey.Redo) and not field.isRedoAvailable()
        if undoes or redoes:
            event.ignore()
        return undoes or redoes


def _turn_over(
    tasks: Tasks, toast: Toast, owner: QObject, job: Callable[[Face], str | None], nothing: str
) -> None:
    def done(sentence: str | None) -> None:
        if sentence:
            say(toast, sentence)
        else:
            toast.tell(nothing, stays=STAYS)

    tasks.write(job, done, owner=owner)
