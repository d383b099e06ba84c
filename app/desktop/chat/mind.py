"""The side panel: what was in mind for a reply, and what was newly noticed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QWidget

from app.desktop import style, theme, words
from app.desktop.chat.notecard import NoteCard
from app.desktop.widgets.basic import Words, clear, column, icon_button, label, row, scroll

if TYPE_CHECKING:
    from collections.abc import Sequence

    from memory.records import Fact, Note


class Mind(QFrame):
    """Notes with their sources; every one can be edited, forgotten, or followed to where it came from."""

    fold = Signal()
    edit = Signal(int)
    forget = Signal(int)
    open_turn = Signal(int, object)
    open_night = Signal(int)
    keep = Signal(int)
    dismiss = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("mind")
        self.setAccessibleName("In mind")
        style.sized(self, width=theme.current().size("aside"))
        self._notes: tuple[Note, ...] = ()
        self._nights: tuple[int, ...] = ()
        self._facts: tuple[Fact, ...] = ()
        outer = column(self)
        outer.addWidget(self._header())
        body = QWidget()
        body.setProperty("kind", "clear")
        self._column = column(body, margins=(16, 12, 16, 16), gap=8)
        self._column.setAlignment(Qt.AlignmentFlag.AlignTop)
        area = scroll(body, "mindScroll")
        outer.addWidget(area)
        self._fill()

    def show_notes(self, notes: Sequence[Note], nights: Sequence[int] = ()) -> None:
        """What a reply was given."""
        self._notes, self._nights = tuple(notes), tuple(nights)
        self._fill()

    def show_noticed(self, facts: Sequence[Fact]) -> None:
        """Facts that wait for a yes or a no."""
        self._facts = tuple(facts)
        self._fill()

    def _header(self) -> QFrame:
        head = QFrame()
        head.setObjectName("mindHeader")
        style.sized(head, height=theme.current().size("header"))
        line = row(head, margins=(20, 0, 20, 0))
        line.addWidget(label("In mind", "heading"), 1)
        line.addWidget(
            icon_button("ph.columns", "foldMind", "Hide this panel (Ctrl+J)", size=18, on=self.fold.emit)
        )
        return head

    def _fill(self) -> None:
        clear(self._column)
        if self._notes or self._nights:
            self._heading("Used for this reply", len(self._notes) + len(self._nights))
            for note in self._notes:
                self._column.addWidget(self._note(note))
            for night in self._nights:
                card = NoteCard("Habits from what you told me.", f"learned on night {night}", learned=True)
                self._column.addWidget(card.offer("Night", "ph.arrow-square-out", self._night(night)))
        if self._facts:
            if self._notes or self._nights:
                self._column.addSpacing(12)
            self._heading("Newly noticed", len(self._facts))
            for fact in self._facts:
                self._column.addWidget(self._fact(fact))
        if not (self._notes or self._nights or self._facts):
            self._column.addWidget(label("Nothing yet", "heading"))
            self._column.addWidget(
                Words(
                    "What I remember for a reply, and what I newly notice, will be shown here.",
                    "small",
                    "text-muted",
                )
            )

    def _heading(self, text: str, count: int) -> None:
        line = row(margins=(4, 0, 4, 0))
        line.addWidget(label(text, "caption", "text-muted", weight=600), 1)
        line.addWidget(label(str(count), "caption", "text-muted"))
        self._column.addLayout(line)

    def _note(self, note: Note) -> NoteCard:
        kind, _, number = note.id.partition(":")
        source = note.source or words.date(note.when)
        card = NoteCard(words.you(note.text), source)
        if kind == "fact":
            card.offer("Edit", "ph.pencil-simple", lambda: self.edit.emit(int(number)))
            card.offer("Forget", "ph.eraser", lambda: self.forget.emit(int(number)))
        if note.conversation_id is not None:
            turn = int(number) if kind == "turn" else None
            card.offer("Open", "ph.arrow-square-out", lambda: self.open_turn.emit(note.conversation_id, turn))
        return card

    def _night(self, night: int):  # noqa: ANN202
        return lambda: self.open_night.emit(night)

    def _fact(self, fact: Fact) -> NoteCard:
        card = NoteCard(words.you(fact.sentence), "")
        card.offer("Keep", "ph.check", lambda: self.keep.emit(fact.id), kind="keep")
        return card.offer("Dismiss", "ph.x", lambda: self.dismiss.emit(fact.id))
