"""The chat: list, transcript, composer and side panel, and a turn from the words to the reply."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.desktop import theme, words
from app.desktop.chat.chats import Chats
from app.desktop.chat.forgetting import Forgetting
from app.desktop.chat.live import Live
from app.desktop.chat.message import nights_worn
from app.desktop.chat.mind import Mind
from app.desktop.chat.pane import Pane
from app.desktop.widgets.basic import row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.desktop.bridge import Bridge
    from app.desktop.tasks import Tasks
    from app.desktop.widgets.toast import Toast
    from app.events import EngineState, Noticed, PromptRead, Recalled, ReplyDone, ReplyText
    from memory.records import Conversation, Fact, Note, Turn

FRAME = 33  # at most thirty drawings a second
WIDE, MIDDLE = 1100, 860


class ChatPage(QWidget):
    """The first place. ``conversation`` is the one that is shown; ``None`` is a chat not begun yet."""

    edit_fact = Signal(int)
    forget_fact = Signal(int, str)
    open_night = Signal(int)
    used = Signal()

    def __init__(self, tasks: Tasks, bridge: Bridge, toast: Toast) -> None:
        super().__init__()
        self.setObjectName("chatPage")
        self._tasks, self._toast = tasks, toast
        self.conversation: int | None = None
        self.live: dict[int, Live] = {}
        self._starting = False
        self._asked = 0
        self._folded: bool | None = None
        self._notes: dict[str, Note] = {}
        self.chats, self.pane, self.mind = Chats(tasks), Pane(), Mind()
        self.forgetting = Forgetting(tasks, toast, self)
        line = row(self, gap=0)
        line.addWidget(self.chats)
        line.addWidget(self.pane, 1)
        line.addWidget(self.mind)
        self._frame = QTimer(self, singleShot=True, interval=FRAME)
        self._frame.timeout.connect(self._draw)
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

    def open(self, conversation_id: int, turn_id: int | None = None) -> None:
        """Show a conversation, at a turn or at its end."""
        self.conversation = conversation_id
        self.chats.choose(conversation_id)
        self._asked += 1
        asked = self._asked
        self._tasks.read(
            lambda face: face.turns(conversation_id),
            lambda turns: self._opened(asked, conversation_id, turns, turn_id),
            owner=self,
        )
        self._state()

    def open_latest(self) -> None:
        """At the start: the chat that was used last, if there is one and none is open."""

        def show(found: Sequence[Conversation]) -> None:
            if self.conversation is None and not self._starting and found and not self.pane.composer.words():
                self.open(found[0].id)

        self._tasks.read(lambda face: face.conversations(""), show, owner=self)

    def stop(self) -> None:
        """Stop the reply that is being written here."""
        number = self.conversation
        if number is not None and number in self.live:
            self.live[number].stopping = True
            self._tasks.now(lambda face: face.stop(number))
            self._state()

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

    # -- one turn

    def send(self, text: str) -> None:
        """Show the words, then have them answered."""
        self.pane.show_begun()
        self.pane.transcript.say(text)
        self.pane.transcript.begin()
        if self.conversation is not None:
            self._ask(self.conversation, text)
            return
        self._starting = True
        self.pane.composer.set_busy(True)
        self.pane.state.say(*Live().state())
        remembered = self.pane.remember.isChecked()
        self._tasks.write(
            lambda face: face.new_conversation(remembered),
            lambda one: self._begun(one, text),
            owner=self,
            wrong=self._wrong,
        )

    def again(self, turn_id: int) -> None:
        """Answer the same words again."""
        number = self.conversation
        if number is None or number in self.live:
            return
        self.pane.transcript.drop_reply(turn_id)
        self.pane.transcript.begin()
        self.live[number] = Live()
        self._tasks.talk(lambda face: face.regenerate(turn_id), wrong=lambda why: self._broken(number, why))
        self._state()

    def _begun(self, one: Conversation, text: str) -> None:
        self._starting = False
        self.conversation = one.id
        self.chats.chosen = one.id
        self.pane.title.say(one.title or words.title_of(text))
        if not one.title:
            title = words.title_of(text)
            self._tasks.write(lambda face: face.rename(one.id, title))
        self._ask(one.id, text)

    def _ask(self, number: int, text: str) -> None:
        self.live[number] = Live(question=text)
        self._tasks.talk(lambda face: face.ask(number, text), wrong=lambda why: self._broken(number, why))
        self._state()

    def _wrong(self, sentence: str) -> None:
        self._starting = False
        self.pane.composer.set_busy(False)
        self.pane.state.rest(sentence)

    def _broken(self, number: int, sentence: str) -> None:
        """The reply could not even begin; what was typed is kept by the core."""
        self.live.pop(number, None)
        if number == self.conversation:
            self.open(number)
            self._toast.say(sentence)  # the state line is cleared when the chat has been read

    # -- events

    def _hear(self, bridge: Bridge) -> None:
        bridge.recalled.connect(self._recalled)
        bridge.reading.connect(self._reading)
        bridge.text.connect(self._text)
        bridge.done.connect(self._done)
        bridge.noticed.connect(self._noticed)
        bridge.logged.connect(lambda _event: self.chats.refresh())
        bridge.engine.connect(self._engine)

    def _recalled(self, event: Recalled) -> None:
        if live := self.live.get(event.conversation_id):
            live.notes = event.notes
            if event.conversation_id == self.conversation:
                self.mind.show_notes(event.notes)

    def _reading(self, event: PromptRead) -> None:
        if live := self.live.get(event.conversation_id):
            live.phase, live.share = "reading", event.share
            self._soon()

    def _text(self, event: ReplyText) -> None:
        if live := self.live.get(event.conversation_id):
            live.add(event.text)
            self._soon()

    def _soon(self) -> None:
        if not self._frame.isActive():
            self._frame.start()

    def _draw(self) -> None:
        """One drawing of what has come since the last."""
        live = self.live.get(self.conversation or 0)
        if live is not None and self.pane.transcript.live is not None and live.text:
            self.pane.transcript.live.write(live.text)
        self._state()

    def _done(self, event: ReplyDone) -> None:
        number = event.turn.conversation_id
        self.live.pop(number, None)
        if number == self.conversation:
            self.pane.transcript.end(event.turn, event.sentence)
            self._show_mind(event.turn.id)
            self._state()
        self.chats.refresh()
        self.used.emit()

    def _noticed(self, event: Noticed) -> None:
        self.read_noticed()

    def _engine(self, event: EngineState) -> None:
        if event.state == "down" and event.sentence and not self.live:
            self.pane.state.rest(event.sentence)

    # -- showing

    def _opened(self, asked: int, number: int, turns: Sequence[Turn], turn_id: int | None) -> None:
        if asked != self._asked:
            return
        self.pane.show_begun(bool(turns) or number in self.live)
        self.pane.transcript.show_turns(turns, self.live.get(number), turn_id)
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

    def _show_none(self) -> None:
        self.conversation = None
        self.chats.choose(None)
        self._asked += 1
        self.pane.show_begun(False)
        self.pane.transcript.show_turns(())
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

    def _state(self) -> None:
        live = self.live.get(self.conversation or 0)
        self.pane.composer.set_busy(live is not None or self._starting)
        if live is not None:
            self.pane.state.say(*live.state())
        elif not self._starting:
            self.pane.state.rest()

    # -- acts

    def _wire(self) -> None:
        self.chats.opened.connect(self.open)
        self.chats.new.connect(self.new)
        self.chats.rename.connect(self._rename)
        self.chats.delete.connect(self._delete)
        self.chats.forget.connect(lambda number: self.forgetting.ask(number, self.chats.title(number)))
        self.forgetting.going.connect(self._leave)
        self.forgetting.gone.connect(self.refresh)
        self.pane.composer.send.connect(self.send)
        self.pane.composer.stop.connect(self.stop)
        self.pane.columns.connect(self.fold)
        self.pane.find.connect(lambda: self.chats.search.setFocus())
        self.pane.more.connect(self._more)
        self.pane.remembered.connect(self._remember)
        self.pane.transcript.again.connect(self.again)
        self.pane.transcript.mind.connect(self._open_mind)
        self.pane.transcript.thumb.connect(self._thumb)
        self.mind.fold.connect(self.fold)
        self.mind.edit.connect(self.edit_fact)
        self.mind.forget.connect(lambda number: self.forget_fact.emit(number, ""))
        self.mind.open_turn.connect(self.open)
        self.mind.open_night.connect(self.open_night)
        self.mind.keep.connect(self._keep)
        self.mind.dismiss.connect(self._dismiss)

    def _rename(self, number: int, title: str) -> None:
        self._tasks.write(lambda face: face.rename(number, title), lambda _: self.chats.refresh(), owner=self)
        if number == self.conversation:
            self.pane.title.say(title)

    def _delete(self, number: int) -> None:
        title = self.chats.title(number) or "The chat"

        def undo() -> None:
            self._tasks.write(
                lambda face: face.restore_conversation(number),
                lambda _: (self.chats.refresh(), self.open(number)),
                owner=self,
            )

        self._leave(number)
        self._tasks.write(
            lambda face: face.delete_conversation(number), lambda _: self.chats.refresh(), owner=self
        )
        self._toast.say(f"Deleted “{title}”.", undo)

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
        if self.conversation is not None:
            place = self.pane.more_button
            self.chats.menu(self.conversation).popup(place.mapToGlobal(place.rect().bottomLeft()))
