"""A worker process and its one caller at a time: started when needed, replaced when it died."""

from __future__ import annotations

import os
import queue
import subprocess
import threading
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING

from models import wire
from models.engine import EngineDied, EngineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

_DIED = "The model stopped unexpectedly. What it had written is kept; send the message again to go on."


class Child:
    """A running worker: words out through its stdin, words in through a queue."""

    def __init__(self, command: Sequence[str], log: Path | None) -> None:
        with _opened_log(log) as errors:
            self._process = subprocess.Popen(
                list(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        self._words: queue.SimpleQueue[tuple[wire.Word, int] | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, name="worker-reader", daemon=True)
        self._reader.start()
        self._write_lock = threading.Lock()

    @property
    def pid(self) -> int:
        return self._process.pid

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            try:
                self._words.put(wire.decode(line))
            except ValueError:
                break
        self._words.put(None)

    def send(self, word: wire.Word, number: int) -> None:
        assert self._process.stdin is not None
        try:
            with self._write_lock:
                self._process.stdin.write(wire.encode(word, number))
                self._process.stdin.flush()
        except (OSError, ValueError) as problem:  # ValueError: closed by another thread
            raise EngineDied(_DIED) from problem

    def send_quietly(self, word: wire.Word, number: int) -> None:
        """Send what need not arrive."""
        with suppress(EngineDied):
            self.send(word, number)

    def receive(self, timeout: float | None = None) -> tuple[wire.Word, int] | None:
        """The next word, or None when none came in time; raises ``EngineDied`` at the end of all."""
        try:
            arrived = self._words.get(timeout=timeout)
        except queue.Empty:
            return None
        if arrived is None:
            self._words.put(None)
            raise EngineDied(_DIED)
        return arrived

    def end(self) -> None:
        """Close its stdin, which ends it; kill it if that does not."""
        assert self._process.stdin is not None and self._process.stdout is not None
        with suppress(OSError):  # it died before it read all
            self._process.stdin.close()
        try:
            self._process.wait(timeout=3)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(timeout=1)
        self._process.stdout.close()


@contextmanager
def _opened_log(path: Path | None) -> Iterator[IO[bytes] | int]:
    if path is None:
        yield subprocess.DEVNULL
        return
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "ab") as file:
        yield file


class Client:
    """One worker at a time, one request at a time; a dead worker is replaced at the next request."""

    def __init__(self, command: Sequence[str], log: Path | None, greet: Callable[[Child], None]) -> None:
        self._command, self._log, self._greet = list(command), log, greet
        self._child: Child | None = None
        self._lock = threading.Lock()
        self._holder: int | None = None
        self._number = 0

    @property
    def pid(self) -> int | None:
        return None if self._child is None else self._child.pid

    @contextmanager
    def turn(self) -> Iterator[tuple[Child, int]]:
        """Hold the worker for one request; the worker and the request's number."""
        if self._holder == threading.get_ident():
            raise EngineError("The model is in the middle of another reply.")
        with self._lock:
            self._holder = threading.get_ident()
            try:
                self._number += 1
                yield self._living(), self._number
            except EngineDied:
                self._bury()
                raise
            finally:
                self._holder = None

    def ask(self, word: wire.Word) -> wire.Word:
        """Send one word and wait for its one answer."""
        with self.turn() as (child, number):
            child.send(word, number)
            return answer_to(child, number)

    def _living(self) -> Child:
        if self._child is not None and not self._answers(self._child):
            self._bury()
        if self._child is None:
            child = self._child = Child(self._command, self._log)
            try:
                self._greet(child)
            except EngineError:
                self._bury()
                raise
        return self._child

    def _answers(self, child: Child) -> bool:
        """Whether it is alive; asked of it, since a killed process is there until its threads have ended."""
        try:
            child.send(wire.Ping(), self._number)
            answer_to(child, self._number)
        except EngineDied:
            return False
        return True

    def _bury(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None

    def interrupt(self) -> None:
        """Stop the request in hand, if any, from any thread."""
        child, number = self._child, self._number
        if child is not None and self._holder is not None:
            child.send_quietly(wire.Stop(), number)

    def close(self) -> None:
        self.interrupt()
        with self._lock:
            self._bury()


def answer_to(child: Child, number: int) -> wire.Word:
    """The answer to one request; answers to earlier ones that nobody waited for are passed over."""
    while True:
        arrived = child.receive()
        if arrived is None or arrived[1] != number:
            continue
        if isinstance(arrived[0], wire.Failed):
            raise arrived[0].exception()
        return arrived[0]
