"""The messages of one conversation, newest at the foot; the older ones wait behind a button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.desktop import theme
from app.desktop.chat.message import Bubble, Reply
from app.desktop.widgets.basic import button, clear, column, row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.desktop.chat.live import Live
    from memory.records import Turn

AT_ONCE = 30
NEAR = 48


class Transcript(QScrollArea):
    """Stays at the foot while a reply grows, unless one has scrolled away to read."""

    mind = Signal(int)
    again = Signal(int)
    thumb = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("transcript")
        self.setAccessibleName("Conversation")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._turns: list[Turn] = []
        self._first = 0
        self._follow = True
        self.live: Reply | None = None
        self._column = self._make_body()
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(self._grown)
        bar.valueChanged.connect(self._scrolled)
        theme.current().changed.connect(self.redraw)

    def show_turns(self, turns: Sequence[Turn], live: Live | None = None, at: int | None = None) -> None:
        """Show a conversation; ``at`` is the turn to look at, else its end."""
        self._turns = [turn for turn in turns if not (live and turn.state == "writing")]
        index = next((n for n, turn in enumerate(self._turns) if turn.id == at), None)
        self._first = max(0, min(len(self._turns) - AT_ONCE, index - 5 if index is not None else 10**9))
        self._follow = index is None
        self._fill(live)
        if at is not None:
            QTimer.singleShot(0, self, lambda: self.look_at(at))

    def say(self, text: str) -> Bubble:
        """The user's words, shown at once."""
        bubble = Bubble(text)
        self._add(bubble)
        self._follow = True
        self._to_foot()
        return bubble

    def begin(self) -> Reply:
        """A reply is coming."""
        self.live = self._wire(Reply())
        self._add(self.live)
        return self.live

    def end(self, turn: Turn, sentence: str = "") -> None:
        """The reply is whole."""
        if self.live is None:
            self.begin()
        assert self.live is not None
        self._turns.append(turn)
        self.live.finish(turn, sentence)
        self.live = None

    def drop_reply(self, turn_id: int) -> None:
        """Take a reply and all after it away: it is answered again."""
        widgets = [self._column.itemAt(at).widget() for at in range(self._column.count())]
        start = next(
            (n for n, w in enumerate(widgets) if isinstance(w, Reply) and w.turn and w.turn.id == turn_id),
            None,
        )
        if start is None:
            return
        for widget in widgets[start:]:
            if widget is not None:
                self._column.removeWidget(widget)
                widget.hide()
                widget.deleteLater()
        self._turns = [turn for turn in self._turns if turn.id < turn_id]

    def replace(self, turn: Turn) -> None:
        """A turn changed (its thumb): show it so."""
        for reply in self.findChildren(Reply):
            if reply.turn is not None and reply.turn.id == turn.id:
                reply.finish(turn)

    def turn(self, turn_id: int) -> Turn | None:
        return next((turn for turn in self._turns if turn.id == turn_id), None)

    def last_reply(self) -> Turn | None:
        return next((turn for turn in reversed(self._turns) if turn.speaker == "assistant"), None)

    def look_at(self, turn_id: int) -> None:
        """Scroll so that a turn stands near the top."""
        for widget in (*self.findChildren(Bubble), *self.findChildren(Reply)):
            known = (
                widget.turn_id if isinstance(widget, Bubble) else (widget.turn.id if widget.turn else None)
            )
            if known == turn_id:
                self._follow = False
                self.verticalScrollBar().setValue(max(0, widget.y() - 16))

    def redraw(self) -> None:
        for part in (*self.findChildren(Bubble), *self.findChildren(Reply)):
            part.redraw()

    def _make_body(self) -> QVBoxLayout:
        body = QWidget()
        body.setObjectName("transcriptBody")
        self._lines = lines = row(body, margins=(24, 16, 24, 8), gap=0)
        holder = QWidget()
        holder.setMaximumWidth(theme.current().size("text-column-max"))
        holder.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        outer = column(holder)
        made = column(gap=14)
        outer.addLayout(made)
        outer.addStretch(1)
        lines.addStretch(1)
        lines.addWidget(holder, 100_000)
        lines.addStretch(1)
        self.setWidget(body)
        return made

    def _fill(self, live: Live | None) -> None:
        clear(self._column)
        self.live = None
        if self._first:
            self._column.addWidget(
                button(
                    f"Show earlier messages ({self._first})",
                    "earlier",
                    kind="quiet",
                    icon="ph.caret-up",
                    on=lambda: self._earlier(live),
                ),
                0,
                Qt.AlignmentFlag.AlignHCenter,
            )
        for turn in self._turns[self._first :]:
            self._add(Bubble(turn.text, turn.id) if turn.speaker == "user" else self._wire(Reply(turn)))
        if live is not None:
            if live.question and not (self._turns and self._turns[-1].speaker == "user"):
                self._add(Bubble(live.question))
            self.begin().write(live.text)
        if self._follow:
            self._to_foot()

    def _earlier(self, live: Live | None) -> None:
        bar = self.verticalScrollBar()
        below = bar.maximum() - bar.value()
        self._first = max(0, self._first - AT_ONCE)
        self._follow = False
        self._fill(live)
        QTimer.singleShot(0, self, lambda: bar.setValue(bar.maximum() - below))

    def _wire(self, reply: Reply) -> Reply:
        reply.mind.connect(self.mind)
        reply.again.connect(self.again)
        reply.thumb.connect(self.thumb)
        return reply

    def _add(self, widget: QWidget) -> None:
        self._column.addWidget(widget)

    def _to_foot(self) -> None:
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    def _grown(self) -> None:
        # the bar takes its room from the margin, so that the words do not move when it comes
        bar = self.verticalScrollBar()
        self._lines.setContentsMargins(24, 16, 24 - (bar.sizeHint().width() if bar.maximum() else 0), 8)
        if self._follow:
            self._to_foot()

    def _scrolled(self, value: int) -> None:
        if self.verticalScrollBar().isSliderDown() or self.underMouse():
            self._follow = value >= self.verticalScrollBar().maximum() - NEAR
