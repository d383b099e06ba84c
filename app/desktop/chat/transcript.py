"""The messages of one conversation, newest at the foot. However long it is, only a stretch of it is there.

The stretch grows at the end one scrolls to and is let go of at the other, so that ten thousand messages are
as quick as ten. Who holds the transcript brings what is ``wanted``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal

from app.desktop import theme
from app.desktop.chat.bubble import Bubble
from app.desktop.chat.replied import Reply
from app.desktop.chat.rewrite import Rewrite
from app.desktop.chat.roll import Roll
from memory.records import Stretch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.desktop.chat.live import Live
    from app.desktop.chat.message import Message
    from memory.records import Turn

MOST = 80  # messages that are there at once
AHEAD = 1.5  # heights of the window: so near to an end more is wanted
SOON = 30  # milliseconds


class Transcript(Roll):
    """Stays at the foot while a reply grows, unless one has scrolled away to read."""

    mind = Signal(int)
    again = Signal(int)
    thumb = Signal(int, int)
    step = Signal(int)
    rewritten = Signal(int, str)
    wanted = Signal(int, bool)  # what stands before a turn; or, if true, after it
    newest = Signal()

    def __init__(self) -> None:
        super().__init__("transcript", "Conversation")
        self.live: Reply | None = None
        self._rewrite: tuple[Bubble, Rewrite] | None = None
        self._earlier = False
        self._asking = False
        self.above = self.end_button("Show earlier messages", "earlier", "ph.caret-up", self._want_before)
        self.below = self.end_button("Go to the newest messages", "newest", "ph.caret-down", self.newest.emit)
        self._look = QTimer(self, singleShot=True, interval=SOON)
        self._look.timeout.connect(self._want)
        self.verticalScrollBar().valueChanged.connect(lambda _: self._look.start())
        self.verticalScrollBar().rangeChanged.connect(lambda _least, _most: self._look.start())
        theme.current().changed.connect(self.redraw)

    # -- a conversation

    def show_stretch(
        self, stretch: Stretch | None, live: Live | None = None, at: int | None = None, *, lit: bool = True
    ) -> None:
        """Show a conversation; ``at`` is the turn to look at, else its end."""
        self.live, self._rewrite, self._asking = None, None, False
        shown = stretch or Stretch()
        turns = [turn for turn in shown.turns if not (live and turn.state == "writing")]
        self.follow = not any(turn.id == at for turn in turns)
        with self.held():
            self.clear()
            self.add([self._made(turn) for turn in turns])
            self._bound(earlier=shown.earlier, later=shown.later)
            if live is not None and not shown.later:
                if live.question and not (turns and turns[-1].speaker == "user"):
                    self._say(live.question)
                self.begin().write(live.text)
        if at is not None and not self.follow:
            self.look_at(at, lit=lit)

    def grow(self, stretch: Stretch, *, after: bool) -> None:
        """What was wanted has come."""
        self._asking = False
        made = [self._made(turn) for turn in stretch.turns]
        with self.held():
            if after:
                self.add(made)
                self._bound(later=stretch.later)
                self._let_go(at_end=False)
            else:
                self.add(made, at=0)
                self._bound(earlier=stretch.earlier)
                self._let_go(at_end=True)

    # -- a turn

    def say(self, text: str) -> Bubble:
        """The user's words, shown at once."""
        bubble = self._say(text)
        self.follow = True
        self.to_foot()
        return bubble

    def keep(self, turn: Turn) -> None:
        """The user's words are kept by the core: they can be changed from now on."""
        for message in reversed(self.messages):
            if isinstance(message, Bubble) and message.turn is None and message.text == turn.text:
                message.keep(turn)
                return

    def begin(self) -> Reply:
        """A reply is coming."""
        self.live = self._wire(Reply())
        self.add([self.live])
        return self.live

    def end(self, turn: Turn, sentence: str = "") -> None:
        """The reply is whole."""
        if not self.ends:
            return
        live = self.live or self.begin()
        live.finish(turn, sentence)
        self.live = None
        if self.follow:
            with self.held():
                self._let_go(at_end=False)

    def drop_from(self, turn_id: int) -> None:
        """Take a message and all after it away: another version comes."""
        at = next((n for n, message in enumerate(self.messages) if message.turn_id == turn_id), None)
        if at is not None:
            self.leave_rewriting()
            self.remove(self.messages[at:])
            self._bound(later=False)

    def replace(self, turn: Turn) -> None:
        """A turn changed (its thumb): show it so."""
        message = self._message(turn.id)
        if isinstance(message, Reply):
            message.finish(turn)

    def turn(self, turn_id: int) -> Turn | None:
        message = self._message(turn_id)
        return message.turn if message is not None else None

    def last_reply(self) -> Turn | None:
        replies = (each.turn for each in reversed(self.messages) if isinstance(each, Reply))
        return next((turn for turn in replies if turn is not None), None)

    def look_at(self, turn_id: int, *, lit: bool = True) -> None:
        """Scroll so that a turn stands near the top, and point it out for a moment."""
        message = self._message(turn_id)
        if message is not None:
            self.settle()
            self.show_top(message)
            if lit:
                self.point_out(message)

    # -- other words

    def rewrite_last(self) -> None:
        """Change what the user said last."""
        own = [each for each in self.messages if isinstance(each, Bubble) and each.turn is not None]
        if own and self.live is None:
            self._begin_rewriting(own[-1])

    def leave_rewriting(self) -> bool:
        """Leave a message as it is; whether one was being changed."""
        if self._rewrite is None:
            return False
        (bubble, rewrite), self._rewrite = self._rewrite, None
        self.take_out(rewrite)
        bubble.show()
        return True

    def _begin_rewriting(self, bubble: Bubble) -> None:
        if bubble.turn is None or self.live is not None:
            return
        self.leave_rewriting()
        rewrite = Rewrite(bubble.text)
        rewrite.stop.connect(self.leave_rewriting)
        rewrite.send.connect(lambda text, turn=bubble.turn.id: self.rewritten.emit(turn, text))
        self._rewrite, self.follow = (bubble, rewrite), False
        self.put_beside(bubble, rewrite)
        bubble.hide()
        rewrite.field.setFocus()
        self.settle()
        rewrite.field.fit()
        self.ensureWidgetVisible(rewrite)

    # -- inside

    def redraw(self) -> None:
        for message in self.messages:
            message.redraw()

    def _message(self, turn_id: int) -> Message | None:
        return next((message for message in self.messages if message.turn_id == turn_id), None)

    def _made(self, turn: Turn) -> Message:
        return self._wired(Bubble(turn.text, turn)) if turn.speaker == "user" else self._wire(Reply(turn))

    def _say(self, text: str) -> Bubble:
        bubble = self._wired(Bubble(text))
        self.add([bubble])
        return bubble

    def _wired(self, bubble: Bubble) -> Bubble:
        bubble.step.connect(self.step)
        bubble.rewrite.connect(lambda: self._begin_rewriting(bubble))
        return bubble

    def _wire(self, reply: Reply) -> Reply:
        reply.mind.connect(self.mind)
        reply.again.connect(self.again)
        reply.thumb.connect(self.thumb)
        reply.step.connect(self.step)
        return reply

    def _bound(self, *, earlier: bool | None = None, later: bool | None = None) -> None:
        self._earlier = self._earlier if earlier is None else earlier
        self.ends = self.ends if later is None else not later
        self.above.setVisible(self._earlier)
        self.below.setVisible(not self.ends)

    def _let_go(self, *, at_end: bool) -> None:
        """Keep no more messages than can be looked through quickly."""
        over = len(self.messages) - MOST
        waiting = self.live is not None or self._rewrite is not None
        if over <= 0 or waiting or any(each.turn is None for each in self.messages):
            return
        self.remove(self.messages[-over:] if at_end else self.messages[:over])
        self._bound(**({"later": True} if at_end else {"earlier": True}))

    def _want_before(self) -> None:
        self._ask_for(self._known(), after=False)

    def _want(self) -> None:
        """More, where one comes near to an end of what is there."""
        bar, near = self.verticalScrollBar(), AHEAD * self.viewport().height()
        if self._earlier and bar.value() < near:
            self._want_before()
        elif not self.ends and bar.maximum() - bar.value() < near:
            self._ask_for(self._known()[::-1], after=True)

    def _known(self) -> Sequence[int]:
        return [each.turn_id for each in self.messages if each.turn_id is not None]

    def _ask_for(self, known: Sequence[int], *, after: bool) -> None:
        if known and not self._asking and self.isVisible():
            self._asking = True
            self.wanted.emit(known[0], after)
