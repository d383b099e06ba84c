"""What is known and how it is found: facts, recall and the vector index, as the app uses them."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from app import tidying
from app.events import Bus, Changed, IndexProgress
from app.owing import owed, owing
from consolidation.nights import OPEN
from memory import profile as profiles
from memory.facts import Facts
from memory.forget import forget_conversation, forget_facts, is_there
from memory.index import Index
from memory.manner import MANNER, NOTHING, read, together
from memory.notes import day, fact_note
from memory.places import places
from memory.recall import Recall, keep_loaded
from memory.records import MemoryRefused, Note, Place
from memory.resting import by_kind, resting
from memory.together import Together
from memory.usage import Usage
from models import states
from models.engine import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from pathlib import Path

    from app.home import Home
    from app.serving import Serving
    from memory.manner import Manner
    from memory.records import Forgotten, Turn
    from memory.resting import Item
    from memory.store import Store
    from models.engine import Weighed

log = logging.getLogger(__name__)

WIDER = 2  # times the settings' budget is looked at, before the reader chooses
ON_MAP = 3000  # facts
PATIENCE = 20.0  # seconds a question waits, at most, for the index to wake


class Remembering:
    """The memory of one home. Only the home's owner has the vector index, and with it recall.

    Args:
        home: where the index is.
        store: the database.
        serving: lends the embedder.
        bus: told what changed.
        stop_night: cancels the night in progress.
    """

    def __init__(
        self,
        home: Home,
        store: Store,
        serving: Serving,
        bus: Bus,
        stop_night: Callable[[], None] = lambda: None,
    ) -> None:
        self._home, self._store, self._serving, self._bus = home, store, serving, bus
        self._stop_night, self.facts, self._usage = stop_night, Facts(store), Usage(store)
        self.together = Together(store)
        self._index: Index | None = None
        self._recall: Recall | None = None
        self._rested: tuple[str, int] | None = None
        self._compacts = False  # whether the index's files still hold what a forgetting took out
        self._map: dict[int, tuple[float, float]] = {}  # where facts lay when the map was last drawn
        self._awake = threading.Event()
        self._one, self._tending = threading.Lock(), threading.Lock()

    # What the assistant has in mind.

    def recall(
        self, question: str, conversation_id: int | None = None, patience: float = PATIENCE
    ) -> Sequence[Note]:
        """Notes that may bear on a question, for the reader to choose from; none where no index wakes."""
        settings = self._home.settings
        if not self._home.owned:
            return ()
        if not settings.recall or not settings.recall_notes or not self._something(conversation_id):
            return ()
        if not self._awake.wait(patience):
            return ()
        with self._one:
            if self._recall is None:
                return ()
            try:
                return self._recall.recall(
                    question,
                    k=WIDER * settings.recall_notes,
                    token_budget=WIDER * settings.recall_tokens,
                    conversation_id=conversation_id,
                )
            except EngineError as problem:
                log.warning("nothing was recalled: %s", type(problem).__name__)
                return ()

    def _something(self, conversation_id: int | None) -> bool:
        """Whether there is anything to find: a first question need not wait for the index."""
        if self._awake.is_set() or self.facts.facts(state="current", limit=1):
            return True
        return any(chat.id != conversation_id for chat in self._store.conversations(limit=2))

    def profile(self) -> Sequence[Note]:
        """What every prompt begins with."""
        if not self._home.settings.recall:
            return ()
        now = datetime.now(UTC)
        return [fact_note(line.fact, 0.0, now) for line in self.standing()]

    def standing(self) -> list[profiles.Line]:
        """What is always in mind, in its order."""
        known = self.facts.standing(profiles.attributes())
        return profiles.profile(known, self._home.settings.profile_tokens, used=self._usage.of_facts)

    def manner(self) -> Manner:
        """How the user wants to be answered, by all that they said of it."""
        wishes = [fact for fact in self.facts.standing({MANNER}) if fact.attribute == MANNER]
        return together(fact.value if read(fact.value) != NOTHING else fact.quote for fact in wishes)

    def notes_of(self, turn: Turn) -> list[Note]:
        """What a reply was given, as far as it is still known."""
        notes = [self._note(name) for name in turn.notes]
        return [note for note in notes if note is not None]

    def _note(self, name: str) -> Note | None:
        kind, _, number = name.partition(":")
        now = datetime.now(UTC)
        try:
            if kind == "fact":
                fact = self.facts.fact(int(number))
                when = fact.valid_from or fact.recorded
                return Note(name, fact.sentence, 0.0, when, day(when, now), fact.conversation_id)
            said = self._store.turn(int(number))
        except MemoryRefused:  # forgotten since
            return None
        return Note(name, said.text, 0.0, said.created, day(said.created, now), said.conversation_id)

    def weigh(self, question: str, texts: Sequence[str]) -> Weighed | None:
        """How a question stands to these texts; None until the reader is awake, or if it fails."""
        if not self._awake.is_set():  # whoever knows something has been waited for by ``recall``
            return None
        try:
            return self._serving.reader().weigh(question, texts)
        except EngineError as problem:
            log.warning("nothing was weighed: %s", type(problem).__name__)
            return None

    # The index.

    def tend(self, give_way: Callable[[], bool]) -> None:
        """Bring the index up to date; the owner's chore."""
        self.facts.keep_time()
        if not self._home.owned:
            return
        with self._tending:  # two of them would open the same files at once
            if self._index is None:
                self._index = Index(self._home.index, self._serving.embedder())
            self._let_rest(self._index)
            if self._index.drain(self._store, self._tell_share, give_way):
                log.info("the index was brought up to date")
            if self._compacts and not self._store.outbox_size():
                self._index.compact()
                self._compacts = False
            if self._recall is None:
                self._warm_reader()
                self._recall = Recall(self._store, self._index, self._serving.embedder())
                keep_loaded()
                self._awake.set()

    def _tell_share(self, share: float) -> None:
        if self._index is not None:
            self._bus.tell(IndexProgress(share, self._index.anew))

    def _let_rest(self, index: Index) -> None:
        """What was never used leaves the index when that is full; what is used meanwhile is back at once."""
        due = (f"{datetime.now(UTC):%Y-%m-%d %H}", self._home.settings.vectors)
        if due == self._rested:
            index.wake(self._store)
            return
        index.rest(self._store, by_kind(self.resting()))
        self._rested = due

    def resting(self) -> list[Item]:
        """What is at rest, the least needed first."""
        return resting(self._store, self._home.settings.vectors)

    def map_places(self) -> list[Place] | None:
        """Where the newest facts lie on the map; None until the index is awake."""
        if not self._home.owned:
            raise MemoryRefused("The map is drawn by the Dormouse that was opened first. Look at it there.")
        if not self._awake.is_set():
            return None
        known = [fact.id for fact in self.facts.facts(limit=ON_MAP)]
        with self._one:
            vectors = self._index.vectors("fact", known) if self._index is not None else {}
        self._map = places(vectors, self._map)
        return [Place(fact_id, x, y) for fact_id, (x, y) in self._map.items()]

    def _warm_reader(self) -> None:
        """Its libraries take seconds to load, which no question should wait for."""
        try:
            self._serving.reader().mark("")
        except EngineError as problem:
            log.warning("the reader does not start: %s", type(problem).__name__)

    # Forgetting.

    def forget(self, fact_id: int) -> Forgotten:
        """Remove a fact from everywhere, the messages that told it included."""
        return self.forget_all((fact_id,))

    def forget_all(self, fact_ids: Collection[int]) -> Forgotten:
        """Remove several facts at once, the messages that told them included."""
        act = partial(forget_facts, self._store, fact_ids, True)
        return self._wipe(*owing(self._home, act))

    def forget_conversation(self, conversation_id: int) -> Forgotten:
        act = partial(forget_conversation, self._store, conversation_id)
        return self._wipe(*owing(self._home, act))

    def finish_forgetting(self) -> None:
        """At the owner's start, before anything is worn: what a forgetting was kept from doing."""
        there = {night.id for night in self._store.nights()}
        for gone, note in owed(self._home):
            if is_there(self._store, gone):
                note.unlink()
                continue
            self._wipe(replace(gone, nights=tuple(there.intersection(gone.nights))), note)
            self._compacts = True

    def _wipe(self, gone: Forgotten, note: Path) -> Forgotten:
        """What forgetting does outside the database; then the file itself, whatever else went wrong.

        The note of what is owed goes when all is done.
        """
        try:
            self._end_night(gone.nights)
            tidying.take_off(self._home, self._store, gone.nights)
            tidying.wipe(self._home, gone)
            if self._index is not None:
                self._index.drain(self._store)
                self._index.compact()
            self._serving.dress()
        finally:
            states.clear(self._home.states)
            self._bus.tell(Changed(frozenset({"facts", "conversations", "nights"})))
            self._store.scrub()
        note.unlink(missing_ok=True)
        return gone

    def _end_night(self, nights: Iterable[int]) -> None:
        """End the night in progress if it is learning what is forgotten."""
        if any(self._store.night(number).state in OPEN for number in nights):
            try:
                self._stop_night()
            except MemoryRefused:  # another Dormouse sleeps it; without its folder it comes to nothing
                log.info("the night in progress could not be cancelled from here")

    def close(self) -> None:
        with self._one:
            if self._index is not None:
                self._index.close()
            self._index = self._recall = None
