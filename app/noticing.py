"""After a reply, when all is quiet: what did the user's words tell? Nothing is lost by a crash."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from app.completer import EngineCompleter, Interrupted
from app.events import Bus, Changed, Noticed
from memory.extract import notice
from models.engine import EngineDied, EngineError

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.home import Home
    from app.serving import Serving
    from memory.extract import Candidate
    from memory.facts import Facts
    from memory.records import Fact, FactState, Turn
    from memory.store import Store

log = logging.getLogger(__name__)

MARK = "noticed"  # the last turn of the user's that was read
SURE = 0.6  # below this a fact that would replace another is only proposed, as when the rule cannot tell


class Noticing:
    """Reads the user's new messages, one after the other, and remembers how far it has come."""

    def __init__(self, home: Home, store: Store, facts: Facts, serving: Serving, bus: Bus) -> None:
        self._home, self._store, self._facts, self._serving, self._bus = home, store, facts, serving, bus
        if home.owned:
            self._come_back()

    def _come_back(self) -> None:
        """A backup put in place has fewer turns than the mark knows: new ones must not hide below it."""
        newest = self._store.newest_turn()
        if int(self._home.mark(MARK) or 0) > newest:
            self._home.set_mark(MARK, newest)

    def run(self, give_way: Callable[[], bool]) -> None:
        """Read what is waiting; gives way between tokens, and goes on there the next time."""
        if not self._home.settings.notice:
            return
        try:
            for turn in self.waiting():
                completer = EngineCompleter(self._serving.engine(), self._serving.skill(), give_way)
                self._take_in(turn, completer)
        except Interrupted:
            return
        except EngineError as problem:
            if isinstance(problem, EngineDied):
                self._serving.fell(problem)
            log.warning("noticing waits for the engine: %s", type(problem).__name__)

    def _take_in(self, turn: Turn, completer: EngineCompleter) -> None:
        try:
            learned = self._read(turn, completer)
        except EngineDied:
            raise
        except EngineError as problem:
            # the mark stays, for it may be the engine's fault; the next message that can be read moves it on
            log.warning("turn %s could not be read: %s", turn.id, type(problem).__name__)
            return
        self._home.set_mark(MARK, turn.id)
        new = tuple(fact for fact in learned if fact.state != "expired")  # what ended is no news to show
        if new:
            self._bus.tell(Noticed(turn.conversation_id, new))
        if learned:
            self._bus.tell(Changed(frozenset({"facts"})))

    def waiting(self) -> list[Turn]:
        """The user's messages that have not been read yet, the oldest first.

        What was imported is not read: it may be years of messages, and the model would be busy for hours.
        """
        done = int(self._home.mark(MARK) or 0)
        return self._store.own_turns_after(done)

    def _read(self, turn: Turn, completer: EngineCompleter) -> list[Fact]:
        candidates = notice(turn.text, self._serving.reader(), completer)
        learned: list[Fact | None] = []
        kept: set[str] = set()
        for candidate in candidates:
            if candidate.sentence not in kept:  # what is kept word for word is kept once
                learned.append(self._learn(candidate, turn))
            kept |= {candidate.sentence} - {""}
        return [fact for fact in learned if fact is not None]

    def _learn(self, candidate: Candidate, turn: Turn) -> Fact | None:
        decision = self._facts.decide(candidate, turn.text, turn.created)
        sure = decision.sure and candidate.confidence >= SURE
        if decision.action == "end" and not sure:
            return None  # nothing can be proposed in its place, and what is known is not ended on a guess
        replaces = decision.action in {"supersede", "merge"}
        state: FactState = "proposed" if replaces and not sure else "current"
        return self._facts.learn(candidate, turn.id, turn.text, state, turn.created)
