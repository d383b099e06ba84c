"""Nights as the app uses them: what, how far, and what is worn afterwards."""

from __future__ import annotations

import json
import logging
import subprocess
import threading
from contextlib import suppress
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from app.events import Bus, Changed, NightEnded, NightProgress
from app.jobs import start_child, worker_command
from consolidation.nights import OPEN, Nights
from consolidation.select import Choice, choose
from consolidation.sleep import in_progress
from memory.records import MemoryRefused
from memory.usage import fact_uses
from models.catalogue import sha256

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.home import Home
    from app.serving import Serving
    from memory.facts import Facts
    from memory.records import Night
    from memory.store import Store

log = logging.getLogger(__name__)

PROGRESS = frozenset(field.name for field in fields(NightProgress))
VETOED = "vetoed"  # the mark that holds the facts that no night may learn
NOT_BEGUN = "The night did not begin; its log, sleep.log, says why."
CANCELLED = "The night was cancelled. Nothing was changed."
ELSEWHERE = "Another night is in progress in this home."
NOT_HERE = "This night was begun by another Dormouse; cancel it there."
ASLEEP = 2  # how the night's process ends when another one is under way
GRACE = 20.0  # seconds a night has to stop by itself


class Sleeping:
    """The nights of one home. A night runs in a child process and survives this one.

    Args:
        home: where adapters and reports are.
        store: the register.
        facts: what can be learned.
        serving: dressed anew after a night.
        bus: told how far a night is.
    """

    def __init__(self, home: Home, store: Store, facts: Facts, serving: Serving, bus: Bus) -> None:
        self._home, self._store, self._facts, self._serving, self._bus = home, store, facts, serving, bus
        self._register = Nights(store, home.adapters)
        self._lock = threading.Lock()
        self._child: subprocess.Popen[str] | None = None
        self._watcher: threading.Thread | None = None
        self._progress: NightProgress | None = None

    # The register.

    def nights(self) -> list[Night]:
        return self._store.nights()

    def report(self, night_id: int) -> dict[str, Any]:
        """The morning report; empty when the night wrote none."""
        text = self._store.night(night_id).report
        return json.loads(text) if text.startswith("{") else {}

    def undo(self, night_id: int) -> Night:
        """Take a night off; the one that it replaced is worn again, if it still can be."""
        return self._changed(self._register.undo(night_id))

    def set_scale(self, night_id: int, scale: float) -> Night:
        """How strongly a night is worn; from 0 (off) to what its exam allowed."""
        return self._changed(self._register.set_scale(night_id, scale))

    def _changed(self, night: Night) -> Night:
        self._serving.dress()
        self._bus.tell(Changed(frozenset({"nights"})))
        return night

    # Tonight.

    def tonight(self) -> list[Choice]:
        """What the next night would learn, best first, and what it leaves out; each with the reason."""
        used = fact_uses(self._store)
        return choose(self._facts.current(), self._learned(), self.vetoed(), uses=used)

    def something_new(self) -> bool:
        """Whether a night would learn anything else than what is worn."""
        return {choice.fact.id for choice in self.tonight() if choice.chosen} != set(self._learned())

    def _learned(self) -> Sequence[int]:
        """The facts that the night worn with the model in use has learned."""
        try:
            worn = self._register.current(sha256(self._serving.model))
        except OSError:  # the model's file is gone; whoever opens it says so
            return ()
        return worn.facts if worn is not None else ()

    def veto(self, fact_id: int, on: bool) -> None:
        """Keep a fact out of the nights, or let it in again."""
        vetoed = self.vetoed() | {fact_id} if on else self.vetoed() - {fact_id}
        self._home.set_mark(VETOED, sorted(vetoed))
        self._bus.tell(Changed(frozenset({"nights"})))

    def vetoed(self) -> set[int]:
        return set(self._home.mark(VETOED) or ())

    # A night.

    @property
    def asleep(self) -> bool:
        """Whether a night is in progress, begun here or by another Dormouse."""
        return self._child is not None or in_progress(self._home.path)

    @property
    def progress(self) -> NightProgress | None:
        """The last that was heard of the night in progress."""
        return self._progress

    @property
    def cut_off(self) -> bool:
        """Whether a night was begun that nobody sleeps now."""
        return self._register.open() is not None and not self.asleep

    def start(self, wait: bool = False) -> None:
        """Fall asleep now, or go on with a night that was cut off."""
        with self._lock:
            if self._child is not None:
                raise MemoryRefused("Dormouse is asleep already; watch this night or cancel it.")
            command = worker_command("sleep", "--home", str(self._home.path))
            self._child = child = start_child(command, self._home.log_file("sleep"))
        self._watcher = threading.Thread(target=self._watch, args=(child,), name="night", daemon=True)
        self._watcher.start()
        if wait:
            self.wait()

    def wait(self) -> None:
        """Until the night that was begun here is over and told of."""
        if self._watcher is not None:
            self._watcher.join()

    def cancel(self) -> None:
        """End the night, or the one that was cut off; nothing of it is worn."""
        child, cut_off = self._child, self._register.open()
        if child is not None:
            self._order(child)
        elif cut_off is not None:
            if in_progress(self._home.path):
                raise MemoryRefused(NOT_HERE)
            self._changed(self._register.end(cut_off.id, "cancelled", CANCELLED))

    def _order(self, child: subprocess.Popen[str]) -> None:
        assert child.stdin is not None
        try:
            child.stdin.write("cancel\n")
            child.stdin.flush()
            child.wait(GRACE)
        except (OSError, ValueError):  # its pipes are broken, or closed
            log.info("the night was over already")
        except subprocess.TimeoutExpired:
            self._kill(child)

    def _kill(self, child: subprocess.Popen[str]) -> None:
        """End a night that does not hear, so that nobody goes on with it."""
        with self._lock:  # the watcher tells of it when the register has it
            child.kill()
            child.wait()
            night = self._register.open()
            if night is not None and not in_progress(self._home.path):
                self._register.end(night.id, "cancelled", CANCELLED)

    def close(self) -> None:
        """The app goes: a night in progress stops and goes on the next time."""
        child = self._child
        if child is not None:
            child.terminate()
            try:
                child.wait(GRACE)
            except subprocess.TimeoutExpired:
                child.kill()

    def _watch(self, child: subprocess.Popen[str]) -> None:
        assert child.stdout is not None
        with suppress(OSError), child:  # an order that came too late cannot be flushed
            for line in child.stdout:
                self._hear(line)
        with self._lock:
            self._child, last, self._progress = None, self._progress, None
        self._morning(last, child.returncode)

    def _hear(self, line: str) -> None:
        try:
            message = json.loads(line)
            self._progress = NightProgress(**{key: message[key] for key in PROGRESS & message.keys()})
        except (ValueError, TypeError, AttributeError):
            log.warning("the night said something that is not progress")
            return
        self._bus.tell(self._progress)

    def _morning(self, last: NightProgress | None, code: int) -> None:
        nights = self._store.nights()
        night = next((each for each in nights if last is not None and each.id == last.night_id), None)
        sentence = night.sentence if night else NOT_BEGUN
        if code == ASLEEP:
            sentence = ELSEWHERE
        elif night is not None and night.state in OPEN:
            sentence = "The night was cut off. The next one goes on where it stopped."
        self._serving.dress()
        self._bus.tell(NightEnded(night.id if night else 0, sentence))
        self._bus.tell(Changed(frozenset({"nights", "facts"})))
