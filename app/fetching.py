"""Looking models up and downloading them, as the app sees it: child processes that speak JSON lines."""

from __future__ import annotations

import json
import logging
import subprocess
import threading
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from app.events import Bus, Changed, DownloadEnded, DownloadProgress
from app.jobs import start_child, worker_command
from models import hub, offers
from models.offers import Found
from models.partial import DownloadRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from app.home import Home

log = logging.getLogger(__name__)

BROKE = "The download ended unexpectedly. What came is kept; its log, fetch.log, says more."
PAUSED = "Paused. What came is kept."
GRACE = 3.0  # seconds a download has to stop by itself; it may be killed at any moment


class Fetching:
    """The downloads of one home.

    Args:
        home: where the models go, and whose setting names the hub.
        bus: told how far a download is, and how it ended.
        found: called with whatever the hub said.
        ended: called when a download ended, before the bus is told.
    """

    def __init__(
        self,
        home: Home,
        bus: Bus,
        found: Callable[[Found], None],
        ended: Callable[[DownloadEnded], None],
    ) -> None:
        self._home, self._bus, self._found, self._tell_end = home, bus, found, ended
        self._lock = threading.Lock()
        self._children: dict[str, subprocess.Popen[str]] = {}
        self._watchers: dict[str, threading.Thread] = {}
        self._progress: dict[str, DownloadProgress] = {}
        self._ended: dict[str, DownloadEnded] = {}
        self._pausing: set[str] = set()

    def look_up(self, names: Sequence[str]) -> list[str]:
        """Ask the hub about some offers; returns the sentences about those of which nothing was learned."""
        order = {"do": "look up", "names": list(names), "endpoint": self._endpoint()}
        child = self._start(order)
        heard = list(_lines(child))
        _leave(child)
        for message in heard:
            self._learn(message)
        silent = [BROKE] if len(heard) < len(names) else []
        return [message["sentence"] for message in heard if message["kind"] == "refused"] + silent

    def start(self, name: str, target: Path, found: Found | None) -> None:
        """Begin a download or go on with one; ``found`` is what is known, if the hub was asked before."""
        order = {
            "do": "download",
            "name": name,
            "target": str(target),
            "endpoint": self._endpoint(),
            "found": asdict(found) if found else None,
        }
        with self._lock:
            if name in self._children:
                raise DownloadRefused("It is being downloaded already.")
            self._ended.pop(name, None)
            self._children[name] = child = self._start(order)
            watcher = threading.Thread(target=self._watch, args=(name, child), name="fetch", daemon=True)
            self._watchers[name] = watcher
        watcher.start()

    def pause(self, name: str) -> None:
        """Stop a download and keep what came."""
        with self._lock:
            child, watcher = self._children.get(name), self._watchers.get(name)
            if child is None:
                return
            self._pausing.add(name)
        _end(child)
        if watcher is not None:
            watcher.join(GRACE)

    def wait(self, name: str) -> DownloadEnded:
        """Until a download that was begun here has ended."""
        self._watchers[name].join()
        return self._ended[name]

    def progress(self, name: str) -> DownloadProgress | None:
        """The last that was heard of a download; nothing unless it is under way."""
        return self._progress.get(name)

    def under_way(self) -> set[str]:
        return set(self._children)

    def close(self) -> None:
        """The app goes: downloads stop, and go on when the user says so."""
        for name in list(self._children):
            self.pause(name)

    def _endpoint(self) -> str:
        return hub.endpoint(self._home.settings.hub)

    def _start(self, order: dict[str, Any]) -> subprocess.Popen[str]:
        child = start_child(worker_command("fetch"), self._home.log_file("fetch"))
        assert child.stdin is not None
        with suppress(OSError):  # it died at once; whoever listens hears nothing and says so
            child.stdin.write(json.dumps(order) + "\n")
            child.stdin.flush()
        return child

    def _watch(self, name: str, child: subprocess.Popen[str]) -> None:
        ended = DownloadEnded(name, "refused", BROKE)
        try:
            for message in _lines(child):
                ended = self._hear(name, message) or ended
        except Exception:  # what came could not be written down, as on a full disk
            log.exception("a download is not listened to any more")
            _end(child)
        finally:
            _leave(child)
            self._over(name, ended)

    def _over(self, name: str, ended: DownloadEnded) -> None:
        with self._lock:
            if name in self._pausing and ended.sentence == BROKE:  # killed, because it did not hear
                ended = DownloadEnded(name, "paused", PAUSED)
            self._pausing.discard(name)
            self._children.pop(name, None)
            self._progress.pop(name, None)
            self._ended[name] = ended
        try:
            self._tell_end(ended)
        except Exception:  # as above; whoever waits is told all the same
            log.exception("the end of a download was not written down")
        self._bus.tell(ended)
        self._bus.tell(Changed(frozenset({"models"})))

    def _hear(self, name: str, message: dict[str, Any]) -> DownloadEnded | None:
        kind = message["kind"]
        if kind == "came":
            numbers = (message["done"], message["total"], message["rate"], message["left"])
            self._progress[name] = DownloadProgress(name, *numbers, offers.offer(name).title)
            self._bus.tell(self._progress[name])
        elif kind == "here":
            return DownloadEnded(name, "here", sha256=message["sha256"])
        elif kind == "paused":
            return DownloadEnded(name, "paused", PAUSED)
        elif kind == "refused":
            return DownloadEnded(name, "refused", message["sentence"])
        else:
            self._learn(message)
        return None

    def _learn(self, message: dict[str, Any]) -> None:
        if message["kind"] == "found" and (found := Found.of(message["found"])) is not None:
            self._found(found)


def _lines(child: subprocess.Popen[str]) -> Iterator[dict[str, Any]]:
    assert child.stdout is not None
    with suppress(OSError, ValueError):  # its pipe broke
        for line in child.stdout:
            try:
                message = json.loads(line)
                message["kind"]
            except (ValueError, KeyError, TypeError):
                log.warning("the fetching process said something that is no message")
                continue
            yield message


def _end(child: subprocess.Popen[str]) -> None:
    with suppress(OSError, ValueError):
        assert child.stdin is not None
        child.stdin.write("stop\n")
        child.stdin.flush()
    try:
        child.wait(GRACE)
    except subprocess.TimeoutExpired:
        child.kill()


def _leave(child: subprocess.Popen[str]) -> None:
    with suppress(OSError, ValueError), child:
        pass
