"""The engine and the embedder as the app uses them: started when first needed, dressed, replaced."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, TypeAlias

from app import shelf
from app.events import Bus, EngineState, Failed
from models import catalogue
from models.engine import EngineError, ModelRefused, Worn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from app.home import Home
    from app.settings import Settings
    from memory.records import Night
    from models.engine import Embedder, EmbedderAndReader, Engine, Reader

log = logging.getLogger(__name__)

MOST_NIGHTS = 3  # worn at once
SKILL = "skill"  # its name among the adapters in service
WAKING = "Dormouse is waking up."

OpenEngine: TypeAlias = "Callable[[Path, Settings], Engine]"
OpenEmbedder: TypeAlias = "Callable[[], EmbedderAndReader]"


class Serving:
    """One engine at a time, wearing the memory skill and the nights that were worn.

    Args:
        home: where the settings and the adapters are.
        nights: the register, newest first.
        bus: told how the engine is.
        open_engine: how to start an engine; a child process by default.
        open_embedder: how to start the embedder; a child process by default.
    """

    def __init__(
        self,
        home: Home,
        nights: Callable[[], Sequence[Night]],
        bus: Bus,
        open_engine: OpenEngine | None = None,
        open_embedder: OpenEmbedder | None = None,
    ) -> None:
        self._home, self._nights, self._bus = home, nights, bus
        self._open_engine = open_engine or (lambda path, settings: shelf.engine_process(home, path, settings))
        self._open_embedder = open_embedder or (lambda: shelf.embedder_process(home))
        self._lock = threading.RLock()
        self._engine: Engine | None = None
        self._embedder: EmbedderAndReader | None = None
        self._model: Path | None = None
        self._wearing: list[Worn] | None = None
        self._state = EngineState("waking", WAKING)

    @property
    def state(self) -> EngineState:
        return self._state

    @property
    def model(self) -> Path:
        """The model in use: the user's own choice, else the built-in one."""
        return self._model or shelf.chosen_model(self._home.settings)

    def engine(self) -> Engine:
        """The engine, started and dressed; raises ``EngineError`` with a sentence when it cannot be."""
        with self._lock:
            if self._engine is None or self._state.state != "awake":
                self._wake(self.model)
            else:
                self.dress()
            assert self._engine is not None
            return self._engine

    def embedder(self) -> Embedder:
        return self._embedding()

    def reader(self) -> Reader:
        """It shares the embedder's process."""
        return self._embedding()

    def _embedding(self) -> EmbedderAndReader:
        with self._lock:
            if self._embedder is None:
                self._embedder = self._open_embedder()
            return self._embedder

    def skill(self) -> Worn | None:
        """The memory skill's adapter, where this model has one."""
        return self._skill_of(self.model)

    def worn(self) -> tuple[str, ...]:
        """Names of the adapters in service: ``skill``, ``night:12``."""
        skill = (SKILL,) if self.skill() else ()
        return skill + tuple(f"night:{night.id}" for night in self._worn_nights())

    def outfit(self) -> list[Worn]:
        """The adapters in service, the memory skill first."""
        skill = self.skill()
        nights = [Worn(self._home.adapters / night.adapter, night.scale) for night in self._worn_nights()]
        return nights if skill is None else [skill, *nights]

    def dress(self) -> None:
        """Wear what the register says now, if an engine is awake; another process may have changed it."""
        with self._lock:
            if self._engine is not None and self._state.state == "awake":
                self._put_on(self._engine)

    def use(self, model: Path) -> None:
        """Answer with another model; when it is refused the present one stays."""
        with self._lock:
            before, self._engine, state, present = self._engine, None, self._state, self._model
            wearing = self._wearing
            try:
                self._model = model
                self._wake(model)
            except EngineError:
                self._engine, self._model, self._wearing = before, present, wearing
                self._tell(state)
                raise
            if before is not None:
                before.close()

    def fell(self, problem: EngineError) -> None:
        """The engine died: the next call to ``engine`` starts another."""
        with self._lock:
            self._tell(EngineState("down", str(problem)))

    def close(self) -> None:
        with self._lock:
            for part in (self._engine, self._embedder):
                if part is not None:
                    part.close()
            self._engine = self._embedder = None

    def _wake(self, model: Path) -> None:
        self._tell(EngineState("waking", WAKING))
        try:
            if self._engine is None:
                self._engine = self._open_engine(model, self._home.settings)
            self._wearing = None
            self._put_on(self._engine)
        except EngineError as problem:
            self._tell(EngineState("down", str(problem)))
            raise
        self._tell(EngineState("awake", ""))

    def _put_on(self, engine: Engine) -> None:
        outfit = self.outfit()
        if outfit == self._wearing:
            return
        try:
            engine.wear(outfit)
        except ModelRefused as problem:  # a night that cannot be worn must not silence the day
            log.warning("the nights are not worn: %s", problem)
            self._bus.tell(Failed("A night cannot be worn", str(problem)))
            engine.wear(outfit[:1] if self.skill() else [])
        self._wearing = outfit

    def _skill_of(self, model: Path) -> Worn | None:
        try:
            path = catalogue.skill_for(model)
        except OSError:  # the model's file is gone; whoever opens it says so
            return None
        return None if path is None else Worn(path)

    def _worn_nights(self) -> list[Night]:
        worn = [each for each in self._nights() if each.state == "worn" and each.scale > 0 and each.adapter]
        fitting = [each for each in worn if self._fits(each)]
        return fitting[:MOST_NIGHTS]

    def _fits(self, night: Night) -> bool:
        """Its file is there, and it was trained on the model in use."""
        if not (self._home.adapters / night.adapter).is_file():
            return False
        try:
            return not night.base_sha256 or night.base_sha256 == catalogue.sha256(self.model)
        except OSError:  # the model's file is gone; whoever opens it says so
            return False

    def _tell(self, state: EngineState) -> None:
        self._state = state
        self._bus.tell(state)
