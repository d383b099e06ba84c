"""Dormouse: the face that the window and the commands use. It knows no Qt.

Every call may block and belongs on a background thread. What happens is told on the bus.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import doctor, renewing, shelf, tidying
from app.answering import settle
from app.assistant import Assistant
from app.bedtime import Bedtime, Schedule
from app.care import Care
from app.chats import Chats
from app.compacting import Compacting
from app.comparing import Compared, compare
from app.jobs import Idle
from app.knowing import Knowing
from app.library import Library
from app.noticing import Noticing
from app.remembering import Remembering
from app.serving import Serving
from app.sleeping import Sleeping
from consolidation.select import Choice
from memory.gists import Gists
from memory.store import Store
from models.engine import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from app.doctor import Check
    from app.events import Bus, EngineState
    from app.home import Home
    from app.serving import OpenEmbedder, OpenEngine
    from memory.records import Gist, Night, Note
    from models.catalogue import Model

__all__ = ["Choice", "Dormouse", "Schedule"]

log = logging.getLogger(__name__)


class Dormouse(Knowing, Chats, Care):
    """One person's assistant.

    Args:
        home: where it lives.
        bus: where it tells what happens.
        open_engine: how to start an engine; a child process by default.
        open_embedder: how to start the embedder; a child process by default.
    """

    def __init__(
        self,
        home: Home,
        bus: Bus,
        open_engine: OpenEngine | None = None,
        open_embedder: OpenEmbedder | None = None,
    ) -> None:
        self.home, self.bus = home, bus
        self._openers = (open_engine, open_embedder)
        self._opened = False

    def start(self, guest: bool = False, tend: bool = True) -> None:
        """Open the memory.

        Args:
            guest: share the home with another Dormouse: no vector index, no chores.
            tend: do the chores in the background: index, noticing, the schedule.
        """
        if not guest:
            self.home.lock()
        try:
            self._open()
        except BaseException:
            self.home.unlock()
            raise
        self._tends = tend
        self._begin()

    def _begin(self) -> None:
        if self.home.owned:
            tidying.sweep(self.home)
            renewing.settle(self.home, self.store)
            self.store.close_open_turns()
            self._finish()
            if self._tends:
                self.idle.start()

    def _finish(self) -> None:
        try:
            self.memory.finish_forgetting()
        except Exception:  # the start's edge: a full disk must not keep the memory shut; the next start tries
            log.exception("what a forgetting left undone was not done")

    def _open(self) -> None:
        if self.home.owned:
            renewing.make_room(self.home)
        self.store = Store(self.home.database, self.home.backups)
        self.serving = Serving(self.home, self.store.nights, self.bus, *self._openers)
        self.memory = Remembering(
            self.home, self.store, self.serving, self.bus, lambda: self.sleeping.cancel()
        )
        self.sleeping = Sleeping(self.home, self.store, self.memory.facts, self.serving, self.bus)
        self.library = Library(self.home, self.serving, self.store.nights, self.bus)
        self.bedtime = Bedtime(self.home, self.store, self.sleeping, self.bus)
        self.assistant = Assistant(
            self.store, self.memory, self.serving, self.bus, lambda: self.home.settings
        )
        noticing = Noticing(self.home, self.store, self.memory.facts, self.serving, self.bus)
        # what was noticed is brought into the index in the same round
        tend = self.memory.tend
        compact = Compacting(self.home, self.store, self.serving).run
        chores = (self._warm, tend, noticing.run, tend, compact, self.bedtime.mind_the_clock)
        self.idle = Idle(chores, lambda: self.assistant.busy)
        self._opened = True

    def _warm(self, _give_way: object) -> None:
        try:
            self.serving.engine()
        except EngineError as problem:
            log.warning("the engine does not start: %s", type(problem).__name__)

    def close(self) -> None:
        """Stop what is being written, keep it, and let the home go. May be called twice."""
        if self._opened:
            self._shut()
            self.home.unlock()

    def _shut(self) -> None:
        self._opened = False
        self.assistant.stop_all()
        self.idle.close()
        self.bedtime.close()
        self.library.close()
        self.sleeping.close()
        self.memory.close()
        self.serving.close()
        self.store.close()

    def _reopen(self) -> None:
        self._open()
        self._begin()

    # What was changed, back and forth.

    def undo(self) -> str | None:
        """Take back the last change; the sentence says which."""
        return self._told(self.memory.facts.undo(), "facts", "conversations")

    def redo(self) -> str | None:
        return self._told(self.memory.facts.redo(), "facts", "conversations")

    # What comes to mind.

    def notes_of(self, turn_id: int) -> list[Note]:
        """What a reply was given."""
        return self.memory.notes_of(self.store.turn(turn_id))

    def recall(self, question: str) -> Sequence[Note]:
        """What would be recalled for a question."""
        notes = self.memory.recall(question, patience=120.0)
        texts = [note.text for note in notes]
        weighed = self.memory.weigh(question, texts)
        if weighed is None:
            return notes
        return [notes[at] for at in settle(question, texts, weighed).kept]

    def compare(self, question: str, stop: Callable[[], bool] = lambda: False) -> Iterator[Compared]:
        """One question four ways, each as soon as it is answered; nothing of it is kept."""
        return compare(question, self.serving, self.memory, self.home.settings, stop)

    def gists(self) -> list[Gist]:
        """What stands for each month and for the sessions in it."""
        return Gists(self.store).all()

    def context_used(self) -> float:
        """How much of the model's context the last turn filled, 0 to 1."""
        return self.assistant.context_used

    # Nights.

    def nights(self) -> list[Night]:
        return self.sleeping.nights()

    def tonight(self) -> list[Choice]:
        return self.sleeping.tonight()

    def veto(self, fact_id: int, on: bool) -> None:
        self.sleeping.veto(fact_id, on)

    def start_night(self) -> None:
        self.sleeping.start()

    def cancel_night(self) -> None:
        self.sleeping.cancel()

    def undo_night(self, night_id: int) -> Night:
        return self.sleeping.undo(night_id)

    def set_scale(self, night_id: int, scale: float) -> Night:
        return self.sleeping.set_scale(night_id, scale)

    def report(self, night_id: int) -> dict[str, Any]:
        return self.sleeping.report(night_id)

    def schedule(self) -> Schedule:
        return self.bedtime.schedule()

    def set_schedule(
        self, *, enabled: bool, hour: int, minute: int, plugged_in: bool, idle: bool
    ) -> Schedule:
        return self.bedtime.set_schedule(
            enabled=enabled, hour=hour, minute=minute, plugged_in=plugged_in, idle=idle
        )

    # Models, care.

    def models(self) -> list[Model]:
        return shelf.models(self.home)

    def use_model(self, path: Path) -> None:
        """Answer with this GGUF from now on; when it is refused, nothing changes."""
        chosen = Path(path).expanduser().absolute()
        if chosen != self.serving.model:
            self.serving.use(chosen)
        listed = {model.path: model for model in self.models()}
        builtin = chosen in listed and listed[chosen].builtin
        if chosen not in listed:
            self.home.change("models", (*self.home.settings.models, str(chosen)))
        self.home.change("model", "" if builtin else str(chosen))
        self._changed("models")

    def model_state(self) -> str:
        """``waking``, ``awake`` or ``down``."""
        return self.serving.state.state

    def engine_state(self) -> EngineState:
        return self.serving.state

    def doctor(self) -> list[Check]:
        return doctor.examine(self)
