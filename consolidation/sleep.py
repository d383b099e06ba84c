"""The process of a night: ``main`` is what the worker runs. Progress goes out as JSON lines.

SIGTERM (or the machine going down) stops the night, and the next one goes on with it; a line "cancel" on
stdin ends it for good.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import psutil
from filelock import FileLock, Timeout

from consolidation.bed import Bed
from consolidation.night import Sleep
from consolidation.nights import Nights
from consolidation.progress import Progress
from consolidation.served import Stopped
from memory.store import Store
from models import catalogue
from models.engine import EngineError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consolidation.bed import Trainer
    from models.engine import Engine

log = logging.getLogger(__name__)

DONE, FAILED, ASLEEP, TO_BE_CONTINUED = 0, 1, 2, 3
CONTEXT = 1024
VETOED = "vetoed"
PATIENCE = 1.0  # seconds: whoever asks whether a night is in progress holds the lock for a moment


class Place(Protocol):
    """A home as the night knows it; ``app.home.Home`` is one."""

    path: Path
    database: Path
    backups: Path
    adapters: Path
    reports: Path

    @property
    def settings(self) -> Any: ...

    def mark(self, name: str) -> Any: ...

    def log_file(self, name: str) -> Path: ...


class Orders:
    """What the night was told from outside: to stop and go on later, or to end."""

    def __init__(self) -> None:
        self.stop, self.cancel = threading.Event(), threading.Event()

    def listen(self) -> None:
        """Hear signals and stdin."""
        for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), lambda *_: self.stop.set())
        threading.Thread(target=self._read, name="orders", daemon=True).start()

    def _read(self) -> None:
        try:
            for line in sys.stdin:
                if line.strip() == "cancel":
                    self.cancel.set()
        except (OSError, ValueError):
            return  # whoever could have told us something is gone; the night goes on

    def __call__(self) -> bool:
        return self.stop.is_set() or self.cancel.is_set()


def bed_of(home: Place) -> Bed:
    """Where a home's nights happen, by its settings."""
    chosen = home.settings.model
    model = Path(chosen) if chosen else catalogue.built_in().path
    folder = home.path / "nights"
    folder.mkdir(mode=0o700, exist_ok=True)
    vetoed = frozenset(int(number) for number in home.mark(VETOED) or ())
    return Bed(folder, home.adapters, home.reports, model, catalogue.skill_for(model), vetoed)


def lock_of(home: Path) -> FileLock:
    """Held for as long as a night is slept in this home."""
    folder = home / "nights"
    folder.mkdir(mode=0o700, exist_ok=True)
    return FileLock(folder / "asleep.lock", mode=0o600)


def in_progress(home: Path) -> bool:
    """Whether some process sleeps a night in this home."""
    try:
        with lock_of(home).acquire(blocking=False):
            return False
    except Timeout:
        return True


def say(progress: Progress) -> None:
    """One line on stdout; nobody has to listen."""
    try:
        sys.stdout.write(json.dumps({k: v for k, v in asdict(progress).items() if v is not None}) + "\n")
        sys.stdout.flush()
    except OSError:
        log.debug("nobody listens to the night")


def lower_priority() -> None:
    """Everything else on the machine goes first."""
    try:
        own = psutil.Process()
        if os.name == "nt":
            own.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        elif own.nice() < 10:
            own.nice(10)
    except psutil.Error:
        log.info("the priority could not be lowered")


def main(home: Place, engine_command: Sequence[str] | None = None, bed: Bed | None = None) -> int:
    """Sleep one night in this process, or go on with the one that was cut off."""
    lower_priority()
    orders = Orders()
    orders.listen()
    try:
        with lock_of(home.path).acquire(timeout=PATIENCE):
            return _sleep(home, bed, orders, engine_command)
    except Timeout:
        log.warning("another night is in progress in this home")
        return ASLEEP


def _sleep(home: Place, bed: Bed | None, orders: Orders, command: Sequence[str] | None) -> int:
    store = Store(home.database, home.backups)
    nights = Nights(store, home.adapters)
    try:
        _night(home, bed or bed_of(home), store, orders, command).run()
        return DONE
    except Stopped:
        if orders.cancel.is_set():
            _end(nights, "cancelled", "The night was cancelled. Nothing was changed.")
            return DONE
        return TO_BE_CONTINUED
    except EngineError as problem:
        log.exception("the engine failed")
        _end(nights, "failed", f"The night failed: {problem}")
        return FAILED
    except Exception as problem:  # the process's edge
        log.exception("the night failed")
        _end(nights, "failed", f"The night failed ({type(problem).__name__}); its log says more.")
        return FAILED
    finally:
        store.close()


def _night(home: Place, bed: Bed, store: Store, orders: Orders, command: Sequence[str] | None) -> Sleep:
    def open_engine() -> Engine:
        from models.process import EngineProcess

        threads = int(getattr(home.settings, "threads", 0)) or None
        return EngineProcess(
            command, bed.model, context=CONTEXT, threads=threads, log=home.log_file("night-engine")
        )

    return Sleep(bed, store, open_engine, in_torch, say, orders)


def in_torch() -> Trainer:
    """The real trainer; torch is imported when training begins, not before."""
    os.environ.setdefault("TQDM_DISABLE", "1")  # read when transformers is imported
    from consolidation.trainer import train_adapter

    return train_adapter


def _end(nights: Nights, state: str, sentence: str) -> None:
    night = nights.open()
    if night is not None:
        nights.end(night.id, state, sentence)
        say(Progress(night.id, "done", 1.0, sentence))
