"""A reply in the transcript: its text, what it was given, and what can be done with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QWidget

from app.desktop import icons
from app.desktop.chat.message import Message
from app.desktop.chat.reply import ReplyText
from app.desktop.chat.steps import Steps
from app.desktop.widgets.basic import button, column, icon_button, label, row

if TYPE_CHECKING:
    from collections.abc import Callable

    from memory.records import Turn

ENDINGS = {
    "stopped": "You stopped this reply here.",
    "interrupted": "This reply was cut short. The words so far are kept.",
}


def nights_worn(worn: tuple[str, ...]) -> list[int]:
    """The nights among the adapters a reply was made with."""
    return [int(found[1]) for name in worn if (found := re.search(r"night\D*(\d+)", name))]


class Reply(Message):
    """What the assistant said; while it is written the foot is not there yet."""

    mind = Signal(int)
    again = Signal(int)
    thumb = Signal(int, int)
    step = Signal(int)

    def __init__(self, turn: Turn | None = None) -> None:
        super().__init__("replyTurn")
        self.setAccessibleName("Dormouse said")
        self.text = ReplyText()
        self._column = column(self, gap=4)
        self._column.addWidget(self.text)
        self._foot: QWidget | None = None
        if turn is not None:
            self.finish(turn)

    def write(self, text: str) -> None:
        """Show the words so far."""
        self.text.show_text(text)
        self.text.set_writing(True)

    def finish(self, turn: Turn, sentence: str = "") -> None:
        """The reply is whole (or ended); show its foot."""
        self.turn = turn
        if turn.text != self.text.source or not turn.text:
            self.text.show_text(turn.text)
        self.text.set_writing(False)
        if self._foot is not None:
            self._column.removeWidget(self._foot)
            self._foot.deleteLater()
        self._foot = self._make_foot(turn, sentence or ENDINGS.get(turn.state, ""))
        self._column.addWidget(self._foot)

    def redraw(self) -> None:
        self.text.redraw()

    def _make_foot(self, turn: Turn, sentence: str) -> QWidget:
        foot = QWidget()
        inside = column(foot, gap=4)
        if sentence:
            note = label(sentence, "small", "text-muted")
            note.setObjectName("replyEnding")
            note.setWordWrap(True)
            inside.addWidget(note)
        line = row(gap=6)
        for chip in self._chips(turn):
            line.addWidget(chip)
        line.addStretch(1)
        if len(turn.versions) > 1:
            steps = Steps(turn)
            steps.chosen.connect(self.step)
            line.addWidget(steps)
        for part in self._actions(turn):
            line.addWidget(part)
        inside.addLayout(line)
        return foot

    def _chips(self, turn: Turn) -> list[QPushButton]:
        found, nights = [], nights_worn(turn.worn)
        if turn.notes:
            found.append(self._chip(f"recalled: {len(turn.notes)}", "recalled", "ph.bookmark-simple-fill"))
        if nights:
            words = f"night {nights[0]}" if len(nights) == 1 else f"{len(nights)} nights"
            found.append(self._chip(f"learned: {words}", "learned", "ph.moon-fill"))
        return found

    def _chip(self, words: str, kind: str, icon: str) -> QPushButton:
        made = button(
            words,
            f"{kind}Chip",
            kind=kind,
            icon=icon,
            height=20,
            tip="Show what was in mind for this reply",
            on=self._show_mind,
        )
        icons.put(made, icon, "accent-ink" if kind == "recalled" else "learned", 12)
        return made

    def _actions(self, turn: Turn) -> list[QPushButton]:
        self._copy = icon_button("ph.copy", "copyReply", "Copy this reply", on=self._copy_text)
        again = icon_button(
            "ph.arrows-clockwise", "again", "Answer again; this reply is kept", on=self._again
        )
        made = [self._copy, again]
        for value, icon, tip in ((1, "ph.thumbs-up", "Good reply"), (-1, "ph.thumbs-down", "Poor reply")):
            chosen = turn.thumb == value
            made.append(
                icon_button(
                    icon + ("-fill" if chosen else ""),
                    "thumbUp" if value > 0 else "thumbDown",
                    tip,
                    color="accent" if chosen else "text-muted",
                    on=self._thumb(value),
                )
            )
        return made

    def _thumb(self, value: int) -> Callable[[], None]:
        def act() -> None:
            if self.turn is not None:
                self.thumb.emit(self.turn.id, 0 if self.turn.thumb == value else value)

        return act

    def _show_mind(self) -> None:
        if self.turn is not None:
            self.mind.emit(self.turn.id)

    def _again(self) -> None:
        if self.turn is not None:
            self.again.emit(self.turn.id)

    def _copy_text(self) -> None:
        QGuiApplication.clipboard().setText(self.text.source)
        icons.put(self._copy, "ph.check", "good", 16)
        QTimer.singleShot(1500, self._copy, lambda: icons.put(self._copy, "ph.copy", "text-muted", 16))
