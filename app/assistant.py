"""One turn: the user's words are kept, then recall, prompt, reply, and the reply is kept as it grows."""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

from app import answering, prompt
from app.counting import Counts
from app.editing import wish
from app.events import Bus, Changed, PromptRead, Recalled, TurnLogged
from app.history import Room, alternating, window
from app.replying import Reply
from app.serving import SKILL
from memory.gists import Gists
from memory.manner import one_off
from memory.records import MemoryRefused
from models.engine import Done, EngineDied, EngineError, Reading, Request, Sampling, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from app.settings import Settings
    from memory.manner import Manner
    from memory.records import Gist, Note, Turn
    from memory.store import Store
    from models.engine import Engine, Weighed

log = logging.getLogger(__name__)

HUSH = 10.0  # seconds
SPARE_TOKENS = 64  # what a chat template adds around the messages
TURN_TOKENS = 8  # ... and around each of them
ASIDE, GISTS = 8, 12  # shares of the context: one for a turn's question and notes, one for gists of the chat


class Voice(Protocol):
    """Where the assistant gets its engine; ``app.serving.Serving`` is the real one."""

    def engine(self) -> Engine:
        """The engine, started and dressed; raises ``EngineError`` with a sentence when it cannot be."""

    def worn(self) -> tuple[str, ...]:
        """Names of the adapters in service."""

    def fell(self, problem: EngineError) -> None:
        """The engine died; the next call to ``engine`` starts another."""


class Mind(Protocol):
    """What the assistant has in mind; ``app.remembering.Remembering`` is the real one."""

    def recall(self, question: str, conversation_id: int) -> Sequence[Note]: ...

    def weigh(self, question: str, texts: Sequence[str]) -> Weighed | None:
        """How a question stands to these texts; None where nobody can read them yet."""

    def profile(self) -> Sequence[Note]: ...

    def manner(self) -> Manner:
        """How the user wants to be answered."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question with what was said before it and what is always in mind, each looked up once."""

    question: Turn
    before: list[Turn]
    profile: Sequence[Note]
    gists: Sequence[Gist]
    manner: Manner


class Assistant:
    """Answers one question at a time, whichever thread asks."""

    def __init__(
        self, store: Store, mind: Mind, voice: Voice, bus: Bus, settings: Callable[[], Settings]
    ) -> None:
        self._store, self._mind, self._voice, self._bus = store, mind, voice, bus
        self._settings, self._gists = settings, Gists(store)
        self._speaking, self._guard = threading.Lock(), threading.Lock()
        self._asked: list[tuple[int, threading.Event]] = []
        self._counts = Counts()
        self.context_used = 0.0

    @property
    def busy(self) -> bool:
        """Whether somebody waits for a reply: side work gives way."""
        return bool(self._asked)

    def ask(self, conversation_id: int, text: str) -> Turn:
        """Keep the user's words, then answer them. Returns the reply as it was kept."""
        question = self._store.add_turn(conversation_id, "user", text)
        self._bus.tell(TurnLogged(question))
        self._bus.tell(Changed(frozenset({"conversations"})))
        return self._answer(question)

    def edit(self, turn_id: int, text: str) -> Turn:
        """Keep the user's words as another version of what they said, and answer them."""
        old = self._store.turn(turn_id)
        if old.speaker != "user" or old.name:
            raise MemoryRefused("Only what you said yourself can be changed.")
        self.stop(old.conversation_id)
        question = self._store.add_turn(old.conversation_id, "user", text, instead_of=turn_id)
        self._bus.tell(TurnLogged(question))
        self._bus.tell(Changed(frozenset({"conversations"})))
        return self._answer(question)

    def regenerate(self, turn_id: int) -> Turn:
        """Answer the same words again: another version of the reply, with nothing after it yet."""
        asked = self._asked_before(turn_id)
        self._wake()  # the old reply is put away only when another can be made
        self._bus.tell(Changed(frozenset({"conversations"})))
        return self._answer(asked, instead_of=turn_id)

    def _asked_before(self, turn_id: int) -> Turn:
        reply = self._store.turn(turn_id)
        if reply.speaker == "user":
            raise MemoryRefused("Only a reply can be made again; your own words can be changed.")
        turns = self._store.turns(reply.conversation_id)
        before = [each for each in turns if each.id < turn_id]
        asked = next((each for each in reversed(before) if each.speaker == "user"), None)
        if asked is None:
            raise MemoryRefused("There is no question before this reply that could be answered again.")
        return asked

    def _wake(self) -> None:
        try:
            self._voice.engine()
        except EngineDied as problem:
            self._voice.fell(problem)
            raise

    def stop(self, conversation_id: int) -> None:
        """End the reply that is being written, within a token."""
        self._stop(lambda asked: asked == conversation_id)

    def stop_all(self) -> None:
        self._stop(lambda _: True)

    def hush(self) -> None:
        """Before a forgetting: end every reply, wait until the one that is being written was kept."""
        self.stop_all()
        if self._speaking.acquire(timeout=HUSH):
            self._speaking.release()
        self._counts.forget()

    def _stop(self, meant: Callable[[int], bool]) -> None:
        with self._guard:
            for conversation_id, stopping in self._asked:
                if meant(conversation_id):
                    stopping.set()

    def _answer(self, question: Turn, instead_of: int | None = None) -> Turn:
        with self._turn_to_speak(question.conversation_id) as stopping:
            asked = self._look_up(question)
            settled, notes = self._settle(asked)
            self._bus.tell(Recalled(question.conversation_id, notes))
            worn = self._voice.worn()
            reply = Reply(self._store, self._bus, question, notes, worn, instead_of, asked.manner)
            try:
                self._speak(asked, settled, notes, reply, stopping.is_set)
            except EngineError as problem:
                if isinstance(problem, EngineDied):
                    self._voice.fell(problem)
                reply.end("interrupted", str(problem))
            finally:
                reply.end("interrupted", "Something went wrong; the words so far are kept.")
            return reply.turn

    @contextmanager
    def _turn_to_speak(self, conversation_id: int) -> Iterator[threading.Event]:
        asked = (conversation_id, threading.Event())
        with self._guard:
            self._asked.append(asked)
        try:
            with self._speaking:
                yield asked[1]
        finally:
            with self._guard:
                self._asked.remove(asked)

    def _settle(self, asked: _Asked) -> tuple[answering.Settled | None, tuple[Note, ...]]:
        """How the question stands to all that is known, and the notes that a reply rests on."""
        question = asked.question
        recalled = self._mind.recall(question.text, question.conversation_id)
        return answering.rest_on(
            question.text,
            recalled,
            asked.profile,
            asked.before,
            self._mind.weigh,
            self._settings().recall_notes,
        )

    def _speak(
        self,
        asked: _Asked,
        settled: answering.Settled | None,
        notes: Sequence[Note],
        reply: Reply,
        stopped: Callable[[], bool],
    ) -> None:
        engine = self._voice.engine()
        request = self._request(engine, asked, notes, seed=reply.turn.id)  # another version is another reply
        decided = settled is not None and (settled.said or settled.stands == "untold")
        if asked.manner.yes_no and not decided and answering.is_closed(asked.question.text):
            request = replace(request, prefix=answering.yes_or_no(engine, request))
            reply.grow(request.prefix)
        say = engine.chat
        if settled and SKILL in self._voice.worn():  # another model reads and abstains by itself
            texts, contrast = [note.text for note in notes], self._settings().contrast
            say = partial(answering.answer, engine, settled=settled, notes=texts, contrast=contrast)
        for event in say(request, stop=lambda: stopped() or reply.whole):
            if isinstance(event, Text):
                reply.grow(event.text)
            elif isinstance(event, Reading):
                self._bus.tell(PromptRead(asked.question.conversation_id, event.share))
            elif isinstance(event, Done):
                self.context_used = (event.prompt_tokens + event.reply_tokens) / engine.info.context
                reply.end("stopped" if event.why == "stopped" and not reply.whole else "complete")

    def _request(self, engine: Engine, asked: _Asked, notes: Sequence[Note], seed: int) -> Request:
        settings, question, before = self._settings(), asked.question, asked.before
        profile = [note.text for note in asked.profile]
        past = alternating(before)
        if past and past[-1].speaker == "user":  # its reply never came: both are one message now
            question = replace(question, text=f"{past[-1].text}\n\n{question.text}")
            before = [turn for turn in before if turn.id < past[-1].id]
        if wanted := wish(asked.manner):
            question = replace(question, text=f"{question.text}\n{wanted}")
        bare = prompt.lay_out(question.text, notes, (), profile)
        room = self._room(engine, [message.content for message in bare])
        held = window(before, asked.gists, lambda each: self._count(engine, each.text), room)
        earlier = [line.text for line in held.earlier]
        messages = prompt.lay_out(question.text, notes, held.turns, profile, earlier)
        return Request(messages, Sampling(settings.reply_tokens, settings.temperature, seed=seed))

    def _room(self, engine: Engine, bare: Sequence[str]) -> Room:
        """What a prompt can hold of a chat beside this system text and this turn's words with their notes."""
        context = engine.info.context
        system, asked = (self._count(engine, text) for text in bare)
        free = context - self._settings().reply_tokens - context // GISTS - SPARE_TOKENS - system
        return Room(free - asked, free - context // ASIDE, context // GISTS)

    def _look_up(self, question: Turn) -> _Asked:
        turns = self._store.turns(question.conversation_id)
        before = [turn for turn in turns if turn.id < question.id]
        manner = self._mind.manner().and_then(one_off(question.text))
        gists = self._gists.of(question.conversation_id)
        return _Asked(question, before, self._mind.profile(), gists, manner)

    def _count(self, engine: Engine, text: str) -> int:
        return self._counts.count(engine, text) + TURN_TOKENS
