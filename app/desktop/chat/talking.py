"""A turn in the window, from the words to the reply: sent, changed, answered again, drawn as it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.desktop import words
from app.desktop.chat.live import Live

if TYPE_CHECKING:
    from app.desktop.bridge import Bridge
    from app.desktop.chat.chats import Chats
    from app.desktop.chat.mind import Mind
    from app.desktop.chat.pane import Pane
    from app.desktop.tasks import Job, Tasks
    from app.desktop.widgets.toast import Toast
    from app.events import EngineState, PromptRead, Recalled, ReplyDone, ReplyText, TurnLogged
    from memory.records import Conversation

FRAME = 33  # at most thirty drawings a second
BUSY = "A reply is being written here. Stop it first (Esc)."


class Talking(QWidget):
    """The part of the chat page that talks.

    ``conversation`` is the one that is shown; ``None`` is a chat not begun yet. ``live`` are the replies
    on their way, by conversation.
    """

    used = Signal()
    chats: Chats
    pane: Pane
    mind: Mind

    def __init__(self, tasks: Tasks, toast: Toast) -> None:
        super().__init__()
        self._tasks, self._toast = tasks, toast
        self.conversation: int | None = None
        self.live: dict[int, Live] = {}
        self._starting = False
        self._frame = QTimer(self, singleShot=True, interval=FRAME)
        self._frame.timeout.connect(self._draw)

    def open(self, conversation_id: int, turn_id: int | None = None, *, lit: bool = True) -> None:
        """Show a conversation, at a turn or at its end."""
        raise NotImplementedError

    def read_noticed(self) -> None:
        """Show what waits for a yes or a no."""
        raise NotImplementedError

    def _show_mind(self, turn_id: int) -> None:
        raise NotImplementedError

    def stop(self) -> None:
        """Leave a message that is being changed, or stop the reply that is being written here."""
        if self.pane.transcript.leave_rewriting():
            self.pane.composer.field.setFocus()
            return
        number = self.conversation
        if number is not None and number in self.live:
            self.live[number].stopping = True
            self._tasks.now(lambda face: face.stop(number))
            self._state()

    def send(self, text: str) -> None:
        """Show the words, then have them answered."""
        self.pane.show_begun()
        number, ends = self.conversation, self.pane.transcript.ends
        if number is not None:
            self._ask(number, lambda face: face.ask(number, text), text)
        if not ends:  # one was reading far above: the words come with the end of the chat
            self.open(number)
            return
        self.pane.transcript.say(text)
        self.pane.transcript.begin()
        if number is not None:
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
        """Answer the same words again; the older reply is another version then."""
        self._another(turn_id, lambda face: face.regenerate(turn_id))

    def rewrite(self, turn_id: int, text: str) -> None:
        """Say it in other words and have those answered; the older ones are another version then."""
        self._another(turn_id, lambda face: face.edit_message(turn_id, text), text)

    def step(self, turn_id: int) -> None:
        """Show another version of a message, with what followed it."""
        number = self.conversation
        if number is None or self._busy(number):
            return
        self._tasks.write(
            lambda face: face.show_version(turn_id),
            lambda _: self.open(number, turn_id, lit=False),
            owner=self,
        )

    def _another(self, turn_id: int, job: Job, text: str = "") -> None:
        number = self.conversation
        if number is None or self._busy(number):
            return
        self.pane.transcript.drop_from(turn_id)
        self.pane.composer.field.setFocus()
        self._ask(number, job, text)
        if text:
            self.pane.transcript.say(text)
        self.pane.transcript.begin()

    def _busy(self, number: int) -> bool:
        if number in self.live:
            self._toast.say(BUSY)
        return number in self.live

    def _begun(self, one: Conversation, text: str) -> None:
        self._starting = False
        self.conversation = one.id
        self.chats.chosen = one.id
        self.pane.title.say(one.title or words.title_of(text))
        if not one.title:
            title = words.title_of(text)
            self._tasks.write(lambda face: face.rename(one.id, title))
        self._ask(one.id, lambda face: face.ask(one.id, text), text)

    def _ask(self, number: int, job: Job, text: str = "") -> None:
        self.live[number] = Live(question=text)
        self._tasks.talk(job, wrong=lambda why: self._broken(number, why))
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
        bridge.noticed.connect(lambda _event: self.read_noticed())
        bridge.logged.connect(self._logged)
        bridge.engine.connect(self._engine)

    def _logged(self, event: TurnLogged) -> None:
        self.chats.refresh()
        if event.turn.conversation_id == self.conversation:
            self.pane.transcript.keep(event.turn)

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

    def _engine(self, event: EngineState) -> None:
        if event.state == "down" and event.sentence and not self.live:
            self.pane.state.rest(event.sentence)

    def _state(self) -> None:
        live = self.live.get(self.conversation or 0)
        self.pane.composer.set_busy(live is not None or self._starting)
        if live is not None:
            self.pane.state.say(*live.state())
        elif not self._starting:
            self.pane.state.rest()
