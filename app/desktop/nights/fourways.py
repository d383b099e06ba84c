"""One question four ways, side by side: without memory, with recall, with the nights, with both."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from app.desktop import words
from app.desktop.widgets.basic import Words, button, column, label, row, scroll
from app.desktop.widgets.field import Checked, line

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from app.desktop.face import Compared, Face
    from app.desktop.tasks import Tasks

WAYS = {
    "off": ("Without memory", "the model as it comes"),
    "recall": ("Recall", "with the notes found for it"),
    "weights": ("Weights", "with what nights learned, no notes"),
    "both": ("Both", "as in a chat"),
}
WAITING, NOTHING = "…", "It said nothing."


class FourWays(QFrame):
    """A field, and a cell for each way; a reply is shown as soon as it is there."""

    _came = Signal(object)

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self.setObjectName("fourWays")
        self.setProperty("kind", "card")
        self._tasks, self._stop = tasks, threading.Event()
        self._came.connect(self._show, Qt.ConnectionType.QueuedConnection)
        body = QWidget()
        body.setProperty("kind", "clear")
        inside = column(body, margins=(20, 14, 20, 14), gap=12)
        inside.setAlignment(Qt.AlignmentFlag.AlignTop)
        inside.addWidget(label("The same question, four ways", "title", px=20))
        inside.addWidget(Words("Nothing of it is kept.", "small", "text-muted"))
        self.question = line("fourWaysQuestion", "The question", "What is my dog called?")
        self.question.returnPressed.connect(self.ask)
        self._checked = Checked(self.question)
        self._ask = button("Ask", "fourWaysAsk", kind="primary", on=self.ask)
        asking = row(gap=8)
        asking.addWidget(self._checked, 1)
        asking.addWidget(self._ask, 0, Qt.AlignmentFlag.AlignTop)
        inside.addLayout(asking)
        grid = QGridLayout()
        grid.setSpacing(12)
        self.cells = {way: Cell(way, *said) for way, said in WAYS.items()}
        for at, cell in enumerate(self.cells.values()):
            grid.addWidget(cell, at // 2, at % 2)
        inside.addLayout(grid)
        column(self).addWidget(scroll(body, "fourWaysScroll"))

    def ask(self) -> None:
        """Ask what stands in the field; a comparison that is under way is stopped."""
        question = self.question.text().strip()
        if not question:
            self._checked.wrong("Type a question first.")
            return
        self.stop()
        self._checked.wrong("")
        self._stop = stop = threading.Event()
        for cell in self.cells.values():
            cell.wait()

        def compare(face: Face) -> None:
            for reply in face.compare(question, stop.is_set):
                if stop.is_set():
                    return
                self._came.emit((stop, reply))

        def wrong(sentence: str) -> None:
            if not stop.is_set():
                self.stop()
                self._checked.wrong(sentence)

        self._tasks.talk(compare, wrong=wrong, owner=self)

    def stop(self) -> None:
        """Have the comparison that is under way end at its next word; no cell waits any more."""
        self._stop.set()
        for cell in self.cells.values():
            cell.give_up()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.window().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Closing the window stops it, whichever place is shown then."""
        if event.type() == QEvent.Type.Hide and not event.spontaneous():
            self.stop()
        return super().eventFilter(watched, event)

    def _show(self, came: tuple[threading.Event, Compared]) -> None:
        stop, reply = came
        if not stop.is_set():
            self.cells[reply.way].show_reply(reply)


class Cell(QFrame):
    """What was said one way."""

    def __init__(self, way: str, title: str, about: str) -> None:
        super().__init__()
        self.setObjectName(f"way-{way}")
        self.setProperty("kind", "inner")
        inside = column(self, margins=(14, 10, 14, 12), gap=4)
        inside.setAlignment(Qt.AlignmentFlag.AlignTop)
        head = row(gap=8)
        head.addWidget(label(title, "body", weight=600))
        head.addWidget(label(about, "caption", "text-muted"), 1)
        inside.addLayout(head)
        self.words = Words("", "body")
        self.words.setAccessibleName(f"{title}: reply")
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        inside.addWidget(self.words)
        self.given = Words("", "small", "text-muted")
        inside.addWidget(self.given)
        self.setMinimumHeight(96)
        self._waits = False

    def wait(self) -> None:
        """Until its reply is there."""
        self._waits = True
        self.words.say(WAITING)
        self.given.say("")

    def give_up(self) -> None:
        """No reply comes; one that is there stays."""
        if self._waits:
            self._waits = False
            self.words.say("")

    def show_reply(self, reply: Compared) -> None:
        self._waits = False
        self.words.say(reply.text or NOTHING)
        self.given.say("\n".join(f"given: {words.you(note)}" for note in reply.notes))
