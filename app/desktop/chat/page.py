"""The chat: list, transcript, composer and side panel, and a turn from the words to the reply."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from app.desktop import theme
from app.desktop.chat.chats import Chats
from app.desktop.chat.forgetting import Forgetting
from app.desktop.chat.keeping import Keeping
from app.desktop.chat.mind import Mind
from app.desktop.chat.pane import Pane
from app.desktop.chat.replied import nights_worn
from app.desktop.chat.talking import Talking
from app.desktop.widgets.basic import row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.desktop.bridge import Bridge
    from app.desktop.tasks import Tasks
    from app.desktop.widgets.toast import Toast
    from memory.records import Conversation, Fact, Note, Stretch

FIRST, BEFORE, MORE = 16, 4, 12  # messages: of a chat that is opened, above one that is looked for, at a time
WIDE, MIDDLE = 1100, 860


class ChatPage(Talking):
    """The first place."""

    edit_fact = Signal(int)
    forget_fact = Signal(int, str)
    open_night = Signal(int)

    def __init__(self, tasks: Tasks, bridge: Bridge, toast: Toast) -> None:
        super().__init__(tasks, toast)
        self.setObjectName("chatPage")
        self._asked = 0
        self._folded: bool | None = None
        self._notes: dict[str, Note] = {}
        self.chats, self.pane, self.mind = Chats(tasks), Pane(), Mind()
        self.keeping = Keeping(tasks, toast, self.chats, self)
        self.forgetting = Forgetting(tasks, toast, self)
        line = row(self, gap=0)
        line.addWidget(self.chats)
        line.addWidget(self.pane, 1)
        line.addWidget(self.mind)
        self._wire()
        self._hear(bridge)

    # -- what others ask of it

    def refresh(self) -> None:
        """Read the list and what waits for a yes or a no."""
        self.chats.refresh()
        self.read_noticed()

    def new(self, remembered: bool = True) -> None:
        """A chat that exists once something is said in it."""
        self._show_none()
        self.pane.show_remembered(remembered)
        self.pane.composer.field.setFocus()

    def open(self, conversation_id: int, turn_id: int | None = None, *, lit: bool = True) -> None:
        """Show a conversation, at a turn or at its end."""
        self.conversation = conversation_id
        self.chats.choose(conversation_id)
        self._asked += 1
        asked, before = self._asked, BEFORE if turn_id else FIRST
        self._tasks.read(
            lambda face: face.stretch(conversation_id, turn_id, before, FIRST - BEFORE),
            lambda stretch: self._opened(asked, conversation_id, stretch, turn_id, lit),
            owner=self,
        )
        self._state()

    def open_latest(self) -> None:
        """At the start: the chat that was used last, if there is one and none is open."""

        def show(found: Sequence[Conversation]) -> None:
            if self.conversation is None and not self._starting and found and not self.pane.composer.words():
                self.open(found[0].id)

        self._tasks.read(lambda face: face.conversations(""), show, owner=self)

    def read_noticed(self) -> None:
        def show(facts: Sequence[Fact]) -> None:
            here = [fact for fact in facts if fact.conversation_id == self.conversation]
            self.mind.show_noticed(here or facts[:3])

        self._tasks.read(lambda face: face.facts(state="proposed"), show, owner=self)

    def fold(self) -> None:
        """Show or hide the side panel."""
        self._folded = self.mind.isVisible()
        self.arrange()

    def arrange(self) -> None:
        """What has room: the panel from 1100 px, the list from 860, unless one chose otherwise."""
        width = self.window().width() / theme.current().scale
        shown = width >= WIDE if self._folded is None else not self._folded
        self.mind.setVisible(shown)
        self.pane.show_columns(not shown)
        self.chats.setVisible(width >= MIDDLE)

    # -- showing

    def _opened(self, asked: int, number: int, stretch: Stretch, turn_id: int | None, lit: bool) -> None:
        if asked != self._asked:
            return
        self.pane.show_begun(bool(stretch.turns) or number in self.live)
        self.pane.transcript.show_stretch(stretch, self.live.get(number), turn_id, lit=lit)
        one = self.chats.known.get(number)
        self.pane.title.say((one.title if one else "") or "New chat")
        self.pane.show_remembered(one.remembered if one else True)
        last = self.pane.transcript.last_reply()
        if last is not None:
            self._show_mind(last.id)
        else:
            self.mind.show_notes(())
        self.read_noticed()
        self._state()

    def _bring(self, turn_id: int, after: bool) -> None:
        """More of a long chat, where one has scrolled to an end of what is there."""
        number, asked = self.conversation, self._asked
        if number is None:
            return

        def show(stretch: Stretch) -> None:
            if asked == self._asked:
                self.pane.transcript.grow(stretch, after=after)

        at, before, more = (turn_id + 1, 0, MORE) if after else (turn_id, MORE, 0)
        self._tasks.read(lambda face: face.stretch(number, at, before, more), show, owner=self)

    def _show_none(self) -> None:
        self.conversation = None
        self.chats.choose(None)
        self._asked += 1
        self.pane.show_begun(False)
        self.pane.transcript.show_stretch(None)
        self.pane.title.say("New chat")
        self.pane.show_remembered(True)
        self.mind.show_notes(())
        self._state()

    def _show_mind(self, turn_id: int) -> None:
        turn = self.pane.transcript.turn(turn_id)
        nights = nights_worn(turn.worn) if turn else []
        self._tasks.read(
            lambda face: face.notes_of(turn_id), lambda notes: self.mind.show_notes(notes, nights), owner=self
        )

    def _open_mind(self, turn_id: int) -> None:
        self._folded = False
        self.arrange()
        self._show_mind(turn_id)

    # -- acts

    def _wire(self) -> None:
        self.chats.opened.connect(self.open)
        self.chats.new.connect(self.new)
        self.keeping.going.connect(self._leave)
        self.keeping.back.connect(self.open)
        self.keeping.named.connect(self._named)
        self.chats.forget.connect(lambda number: self.forgetting.ask(number, self.chats.title(number)))
        self.forgetting.going.connect(self._leave)
        self.forgetting.gone.connect(self.refresh)
        self.pane.composer.send.connect(self.send)
        self.pane.composer.stop.connect(self.stop)
        self.pane.columns.connect(self.fold)
        self.pane.find.connect(lambda: self.chats.search.setFocus())
        self.pane.more.connect(self._more)
        self.pane.remembered.connect(self._remember)
        self.pane.composer.last.connect(self.pane.transcript.rewrite_last)
        self.pane.transcript.again.connect(self.again)
        self.pane.transcript.rewritten.connect(self.rewrite)
        self.pane.transcript.step.connect(self.step)
        self.pane.transcript.wanted.connect(self._bring)
        self.pane.transcript.newest.connect(lambda: self.open(self.conversation))
        self.pane.transcript.mind.connect(self._open_mind)
        self.pane.transcript.thumb.connect(self._thumb)
        self.mind.fold.connect(self.fold)
        self.mind.edit.connect(self.edit_fact)
        self.mind.forget.connect(lambda number: self.forget_fact.emit(number, ""))
        self.mind.open_turn.connect(self.open)
        self.mind.open_night.connect(self.open_night)
        self.mind.keep.connect(self._keep)
        self.mind.dismiss.connect(self._dismiss)

    def _named(self, number: int, title: str) -> None:
        if number == self.conversation:
            self.pane.title.say(title)

    def _leave(self, number: int) -> None:
        """Stop what is written in a chat that goes, and look at it no longer."""
        if number in self.live:
            self._tasks.now(lambda face: face.stop(number))
        if number == self.conversation:
            self._show_none()

    def _remember(self, on: bool) -> None:
        if (number := self.conversation) is not None:
            self._tasks.write(
                lambda face: face.set_remembered(number, on), lambda _: self.chats.refresh(), owner=self
            )

    def _thumb(self, turn_id: int, value: int) -> None:
        self._tasks.write(lambda face: face.set_thumb(turn_id, value))
        if turn := self.pane.transcript.turn(turn_id):
            self.pane.transcript.replace(replace(turn, thumb=value))

    def _keep(self, fact_id: int) -> None:
        self._tasks.write(lambda face: face.accept(fact_id), lambda _: self.read_noticed(), owner=self)

    def _dismiss(self, fact_id: int) -> None:
        self._tasks.write(lambda face: face.dismiss(fact_id), lambda _: self.read_noticed(), owner=self)

    def _more(self) -> None:
        if self.conversation in self.chats.known:
            place = self.pane.more_button
            self.chats.menu(self.conversation).popup(place.mapToGlobal(place.rect().bottomLeft()))
