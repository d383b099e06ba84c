"""Forgetting everything: asked with what goes, done once it was typed, and then a fresh home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from app.desktop.widgets.basic import Words, button
from app.desktop.widgets.question import Question
from app.desktop.widgets.setting import Card

if TYPE_CHECKING:
    from app.desktop.tasks import Tasks
    from app.desktop.widgets.toast import Toast

WORDS = "forget everything"
SENTENCE = "Leaves nothing of yours in the data folder, and begins as on the first day."
GOES = (
    ("ph.chat-circle-text", "Every chat and every memory, with their history."),
    ("ph.moon", "Every night, what it learned, and its report."),
    ("ph.floppy-disk", "The backups in the data folder, the settings and the logs."),
    ("ph.cpu", "Models that you downloaded stay."),
)
WARNING = "There is no undo. Copies that you made elsewhere are yours to keep or delete."
DONE = "Everything is forgotten. Good morning; I am Dormouse."


class Everything(Card):
    """``renewed`` tells, in a sentence, that an empty memory is there."""

    renewed = Signal(str)

    def __init__(self, tasks: Tasks, toast: Toast) -> None:
        super().__init__("Begin anew", "everything")
        self._tasks, self._toast = tasks, toast
        ask = button("Forget everything…", "forgetEverything", kind="danger", icon="ph.eraser", on=self.ask)
        self._problem = Words("", "small", "danger")
        self._problem.setObjectName("everythingProblem")
        self._problem.hide()
        row = self.add("Forget everything", SENTENCE, ask, also="delete erase reset wipe")
        row.under.addWidget(self._problem)

    def ask(self) -> None:
        """Say what goes; the yes is there once the words are."""
        asked = Question(
            self.window(), "Forget everything that you ever told me?", GOES, WARNING, "Forget everything",
            self.forget, typed=WORDS,
        )  # fmt: skip
        asked.open()

    def forget(self) -> None:
        """Do it; what still waited to be undone is settled first."""
        self._problem.hide()
        self._toast.settle()
        self._toast.say("Forgetting. This takes a moment.", stays=60_000)
        self._tasks.alone(lambda face: face.forget_everything(), self._done, owner=self, wrong=self._refused)

    def _done(self, left: list[str]) -> None:
        beside = f" In the folder, but not mine, and still there: {', '.join(left)}." if left else ""
        self.renewed.emit(DONE + beside)

    def _refused(self, sentence: str) -> None:
        self._toast.settle()
        self._problem.say(sentence)
        self._problem.show()
