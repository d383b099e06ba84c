"""How many threads llama.cpp should use just now.

Its threads wait for each other by spinning, several hundred times a token. When another program
takes one of the cores they wait for, two threads were measured to be twenty times slower than one,
so the engine looks at how busy the others are and leaves them their cores.
"""

from __future__ import annotations

import os
import time

import psutil

_LOOK_EVERY = 0.25  # seconds
_FIRST_LOOK = 0.05


def default_threads() -> int:
    """Physical cores that this process may use, at most eight."""
    return max(1, min(8, psutil.cpu_count(logical=False) or 1, usable_cores()))


def usable_cores() -> int:
    """Logical cores that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def threads_beside(others: float, cores: int, most: int) -> int:
    """Threads to use when other programs keep ``others`` of the machine's cores busy."""
    return max(1, min(most, int(cores - others + 0.75)))


class Pace:
    """Watches what other programs use, from the system's own counters; asking it costs next to nothing."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._cores = psutil.cpu_count() or 1
        self._others: float | None = None
        self._seen = self._look()

    def threads(self) -> int:
        """The number for the next batch of tokens."""
        if self._most == 1:
            return 1
        passed = time.monotonic() - self._seen[0]
        if passed >= _LOOK_EVERY or (self._others is None and passed >= _FIRST_LOOK):
            self._measure()
        return threads_beside(self._others or 0.0, self._cores, self._most)

    def _measure(self) -> None:
        now = self._look()
        passed, busy, own = (new - old for new, old in zip(now, self._seen, strict=True))
        self._others, self._seen = max(0.0, (busy - own) / passed), now

    @staticmethod
    def _look() -> tuple[float, float, float]:
        """The time, the seconds of work done by all cores, and by this process."""
        system, own = psutil.cpu_times(), psutil.Process().cpu_times()
        # Time stolen by a virtual machine's host is lost to us like any other program's.
        names = ("user", "system", "nice", "irq", "softirq", "steal", "interrupt", "dpc")
        busy = sum(getattr(system, name, 0.0) for name in names)
        return time.monotonic(), busy, own.user + own.system
