"""One message: the user's bubble, or a reply with what it was given and what can be done with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from app.desktop import icons
from app.desktop.chat.prose import Prose
from app.desktop.chat.reply import ReplyText
from app.desktop.widgets.basic import button, column, frame, icon_button, label, row

if TYPE_CHECKING:
    from collections.abc import Callable

    from memory.records import Turn

WIDEST = 480
ENDINGS = {
    "stopped": "You stopped this reply here.",
    "interrupted": "This reply was cut short. The words so far are kept.",
}


def nights_worn(worn: tuple[str, ...]) -> list[int]:
    """The nights among the adapters a reply was made with."""
    return [int(found[1]) for name in worn if (found := re.search(r"night\D*(\d+)", name))]


class Bubble(QWidget):
    """What the user said."""

    def __init__(self, text: str, turn_id: int | None = None) -> None:
        super().__init__()
        self.setObjectName("userTurn")
        self.turn_id = turn_id
        self.setAccessibleName(f"You said: {text}")
        self._words = Prose("userWords")
        self._words.say(text)
        box = frame("bubble")
        box.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row(box, margins=(16, 9, 15, 9)).addWidget(self._words)
        row(self).addWidget(box, 0, Qt.AlignmentFlag.AlignRight)
        self.text = text

    def redraw(self) -> None:
        self._words.say(self.text)
        self._shrink()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._shrink()

    def _shrink(self) -> None:
        self._words.shrink(max(120, min(WIDEST, self.width()) - 31))


class Reply(QWidget):
    """What the assistant said; while it is written the foot is not there yet."""

    mind = Signal(int)
    again = Signal(int)
    thumb = Signal(int, int)

    def __init__(self, turn: Turn | None = None) -> None:
        super().__init__()
        self.setObjectName("replyTurn")
        self.setAccessibleName("Dormouse said")
        self.turn: Turn | None = None
        self.text = ReplyText()
        self._column = column(self, gap=4)
        self._column.addWidget(self.text)
        self._foot: QWidget | None = None
        self._last = True
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

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        siblings = Qt.FindChildOption.FindDirectChildrenOnly
        replies = self.parentWidget().findChildren(Reply, options=siblings)
        if replies[-1] is self:
            for older in replies[:-1]:
                older.grow_old()

    def grow_old(self) -> None:
        """Another reply follows: to answer this one again would lose it."""
        self._last = False
        if self._foot is not None:
            self._again_button.hide()

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
        self._again_button = icon_button("ph.arrows-clockwise", "again", "Answer again", on=self._again)
        if not self._last:
            self._again_button.hide()
        made = [self._copy, self._again_button]
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
