"""The face's calls on background threads: the window's only way to the assistant.

Five lanes, so that a hung engine, index or night holds up nothing but its own kind: reads, writes
(one after the other, in the order they were asked for), talk (replies, nights: long), move (in from
elsewhere, everything out: long too), and now (stop, cancel: must not wait behind what they stop). What
changes everything is done alone. Threads are daemons: closing never waits for a hung one.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from app.desktop.face import Face
from app.desktop.gate import Gate

log = logging.getLogger(__name__)

Job = Callable[[Face], Any]
LANES = {"read": 2, "write": 1, "talk": 3, "move": 1, "now": 1}
COUNTED = frozenset({"read", "write", "move"})  # talk is not waited for: whoever wants to be alone ends it


class Tasks(QObject):
    """Runs calls on the face elsewhere and brings the answers back to Qt's thread.

    Calls made before ``open`` has a face wait for it; the window can be used meanwhile.
    """

    ready = Signal()
    failed = Signal(str)  # the sentence of a call that nobody else handles
    refused = Signal(str)  # the assistant could not be started
    _answer = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._face: Face | None = None
        self._opened = threading.Event()
        self._gate = Gate()
        self._queues = {lane: queue.SimpleQueue[Callable[[], None]]() for lane in LANES}
        self._answer.connect(lambda call: call(), Qt.ConnectionType.QueuedConnection)
        for lane, count in LANES.items():
            for number in range(count):
                threading.Thread(
                    target=self._work, args=(lane,), name=f"{lane}-{number}", daemon=True
                ).start()

    def open(self, make: Callable[[], Face]) -> None:
        """Make and start the assistant in the background."""
        threading.Thread(target=self._open, args=(make,), name="start", daemon=True).start()

    def read(
        self,
        job: Job,
        then: Callable[[Any], None],
        *,
        owner: QObject | None = None,
        wrong: Callable[[str], None] | None = None,
    ) -> None:
        """Ask for something; ``then`` gets it on Qt's thread, unless ``owner`` is gone by then."""
        self._put("read", job, then, owner, wrong)

    def write(
        self,
        job: Job,
        then: Callable[[Any], None] | None = None,
        *,
        owner: QObject | None = None,
        wrong: Callable[[str], None] | None = None,
    ) -> None:
        """Change something."""
        self._put("write", job, then, owner, wrong)

    def alone(
        self,
        job: Job,
        then: Callable[[Any], None],
        *,
        owner: QObject | None = None,
        wrong: Callable[[str], None] | None = None,
    ) -> None:
        """Change everything: it waits for what is going on, and what comes meanwhile waits for it."""

        def by_itself(face: Face) -> Any:
            with self._gate.alone():
                return job(face)

        self._queues["write"].put(
            lambda: self._run(by_itself, then, owner, wrong)
        )  # after what was asked for

    def talk(
        self,
        job: Job,
        *,
        wrong: Callable[[str], None] | None = None,
        then: Callable[[Any], None] | None = None,
        owner: QObject | None = None,
    ) -> None:
        """Start something long: a reply, a night, measuring."""
        self._put("talk", job, then, owner, wrong)

    def move(
        self,
        job: Job,
        then: Callable[[Any], None],
        *,
        owner: QObject | None = None,
        wrong: Callable[[str], None] | None = None,
    ) -> None:
        """Bring in much, or write it all out: one at a time, and nothing else waits for it."""
        self._put("move", job, then, owner, wrong)

    def now(self, job: Job) -> None:
        """Stop something long."""
        self._put("now", job, None, None, None)

    def close(self, wait: float = 3.0) -> None:
        """Let the writes that were asked for finish, then close the face; gives up after ``wait`` seconds."""
        if self._face is None:
            return
        done = threading.Event()
        self._put("write", lambda face: (face.close(), done.set()), None, None, None)
        done.wait(wait)

    def _open(self, make: Callable[[], Face]) -> None:
        try:
            face = make()
            face.start()
        except Exception as problem:  # a thread's edge: shown in the window
            log.exception("the assistant could not be started")
            self._say(self.refused, sentence_of(problem))
            return
        self._face = face
        self._opened.set()
        self._say(self.ready)

    def _put(
        self,
        lane: str,
        job: Job,
        then: Callable[[Any], None] | None,
        owner: QObject | None,
        wrong: Callable[[str], None] | None,
    ) -> None:
        def call() -> None:
            if lane == "now":
                self._run(job, then, owner, wrong)
                return
            with self._gate.together(counts=lane in COUNTED):
                self._run(job, then, owner, wrong)

        self._queues[lane].put(call)

    def _work(self, lane: str) -> None:
        line = self._queues[lane]
        while True:
            call = line.get()
            self._opened.wait()
            call()

    def _run(
        self,
        job: Job,
        then: Callable[[Any], None] | None,
        owner: QObject | None,
        wrong: Callable[[str], None] | None,
    ) -> None:
        assert self._face is not None
        try:
            value = job(self._face)
        except Exception as problem:  # a thread's edge: told to whoever asked
            log.exception("a call from the window failed")
            self._back(wrong or self.failed.emit, sentence_of(problem), owner)
            return
        if then is not None:
            self._back(then, value, owner)

    def _back(self, then: Callable[[Any], None], value: Any, owner: QObject | None) -> None:
        def call() -> None:
            if owner is None or isValid(owner):
                then(value)

        self._say(self._answer, call)

    def _say(self, signal: Any, *values: object) -> None:
        try:
            signal.emit(*values)
        except RuntimeError:
            log.debug("the window was closed before an answer came")


def sentence_of(problem: Exception) -> str:
    """What to tell a person about an exception."""
    return str(problem).strip() or f"Something went wrong ({type(problem).__name__}); the log says more."
