"""Work that is not the user's turn: child processes, and the thread that tidies up when all is quiet."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, TypeAlias

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

log = logging.getLogger(__name__)

Chore: TypeAlias = "Callable[[Callable[[], bool]], None]"

LOOK_EVERY = 20.0  # seconds until the idle thread looks for work that other processes left
AGAIN_AFTER = 0.3  # seconds of quiet before a chore begins


def worker_command(kind: str, *arguments: str) -> list[str]:
    """How to start a worker of this same program, frozen or not."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "worker", kind, *arguments]
    # -P: a folder called "app" where the user happens to stand is not this app
    return [sys.executable, "-P", "-m", "app", "worker", kind, *arguments]


def start_child(command: Sequence[str], log_file: Path) -> subprocess.Popen[str]:
    """A child at low priority that speaks lines on stdio and complains into a log."""
    with log_file.open("a", encoding="utf-8") as complaints:
        child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
            encoding="utf-8",
            bufsize=1,
            start_new_session=True,  # Ctrl+C in a terminal is for the parent to judge
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    lower_priority(child.pid)
    return child


def lower_priority(pid: int) -> None:
    """Let everything else on the machine go first."""
    lowest = psutil.BELOW_NORMAL_PRIORITY_CLASS if os.name == "nt" else 10
    try:
        psutil.Process(pid).nice(lowest)
    except psutil.Error as problem:
        log.info("priority of %s not lowered: %s", pid, type(problem).__name__)


class Idle:
    """One thread that does the chores whenever nobody waits for a reply.

    A chore is called with a question, "should I give way?", and is called again later when it did.

    Args:
        chores: done in this order.
        busy: whether the user is waiting for something.
    """

    def __init__(self, chores: Sequence[Chore], busy: Callable[[], bool]) -> None:
        self._chores, self._busy = tuple(chores), busy
        self._work, self._closing = threading.Event(), threading.Event()
        self._quiet = threading.Condition()
        self._rounds = 0
        self._thread = threading.Thread(target=self._run, name="idle", daemon=True)

    def start(self) -> None:
        self._work.set()
        self._thread.start()

    def wake(self) -> None:
        """There may be something to do."""
        self._work.set()

    def close(self, wait: float = 10.0) -> None:
        """Give way, then end."""
        self._closing.set()
        self._work.set()
        if self._thread.is_alive():
            self._thread.join(wait)

    def settle(self, wait: float) -> bool:
        """Wait until the chores have been through once more; false when that took too long."""
        with self._quiet:
            goal = self._rounds + 1
            self._work.set()
            return self._quiet.wait_for(lambda: self._rounds >= goal, wait)

    def _give_way(self) -> bool:
        return self._closing.is_set() or self._busy()

    def _run(self) -> None:
        while not self._closing.is_set():
            self._work.wait(LOOK_EVERY)
            self._work.clear()
            while self._give_way() and not self._closing.wait(AGAIN_AFTER):
                pass
            if not self._closing.is_set() and self._all_done():
                with self._quiet:
                    self._rounds += 1
                    self._quiet.notify_all()

    def _all_done(self) -> bool:
        for chore in self._chores:
            try:
                chore(self._give_way)
            except Exception:  # a thread's edge: the next round tries again
                log.exception("a chore failed")
            if self._give_way():
                self._work.set()
                return False
        return True
