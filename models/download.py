"""A large file over a bad line: goes on where it stopped, is checked, and appears whole or not at all.

Every byte goes through SHA-256 on its way, what an earlier run left included, so the check at the end costs
nothing.
"""

from __future__ import annotations

import re
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
from filelock import FileLock, Timeout

from models.hub import refusal
from models.partial import DownloadRefused, Partial, Wanted

if TYPE_CHECKING:
    from collections.abc import Callable

SPARE = 256 * 1024**2  # bytes of disk that are left to others
TELL_EVERY = 0.2  # seconds
LINE = httpx2.Timeout(20.0, read=30.0)
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)  # seconds between tries while nothing comes
LONGEST = 30.0  # seconds: as long as a server's wish to be left alone is granted
SOON = frozenset({408, 425, 429, 500, 502, 503, 504})


class Paused(Exception):
    """It was told to stop. What came is kept."""


@dataclass(frozen=True, slots=True)
class Came:
    """How much is here, of how much, at how many bytes a second; seconds left, if that can be told."""

    done: int
    total: int
    rate: float = 0.0
    left: float | None = None


class _Again(Exception):
    """This try failed, another may not; ``wait`` is the server's own wish, in seconds."""

    def __init__(self, wait: float = 0.0) -> None:
        self.wait = wait


def free_room(folder: Path) -> int:
    """Bytes of disk that a download in this folder may take."""
    return shutil.disk_usage(folder).free - SPARE


def download(
    wanted: Wanted,
    target: Path,
    *,
    tell: Callable[[Came], None] = lambda came: None,
    stop: Callable[[], bool] = lambda: False,
    token: str | None = None,
    room: Callable[[Path], int] = free_room,
    pauses: tuple[float, ...] = PAUSES,
) -> Path:
    """Bring a file here, going on with what an earlier run left.

    Args:
        wanted: what it must turn out to be.
        target: where it will be, once it is whole and right; readable by its owner only.
        tell: told some times a second.
        stop: asked before every piece.
        token: sent to the hub itself, never to where it redirects.
        room: how many bytes of disk may be taken.
        pauses: seconds between tries that bring nothing; when they are used up, it ends.

    Raises:
        DownloadRefused: with a sentence.
        Paused: ``stop`` said so.
    """
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(target.with_name(target.name + ".lock"), mode=0o600)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        raise DownloadRefused(f"{target.name} is being downloaded already.") from None
    try:
        with Partial(target, wanted) as partial:
            _Fetch(wanted, partial, tell, stop, token, room, pauses).run()
            return partial.finish()
    except (httpx2.HTTPError, httpx2.InvalidURL) as problem:
        raise DownloadRefused(
            "The hub sent on to a place that cannot be used. What came is kept."
        ) from problem
    except OSError as problem:
        reason = problem.strerror or type(problem).__name__
        raise DownloadRefused(f"The disk did not take it: {reason}. What came is kept.") from problem
    finally:
        lock.release()
        with suppress(OSError):
            Path(lock.lock_file).unlink(missing_ok=True)


@dataclass
class _Fetch:
    """Tries, until all is here or nothing more comes."""

    wanted: Wanted
    partial: Partial
    tell: Callable[[Came], None]
    stop: Callable[[], bool]
    token: str | None
    room: Callable[[Path], int]
    pauses: tuple[float, ...]
    _rate: float = 0.0
    _told: tuple[float, int] = field(default=(0.0, 0))

    def run(self) -> None:
        self._check_room()
        self._told = time.monotonic(), self.partial.size
        self.tell(Came(self.partial.size, self.wanted.size))
        with httpx2.Client(timeout=LINE, follow_redirects=True) as client:
            tries = 0
            while self.partial.size < self.wanted.size:
                before = self.partial.size
                try:
                    self._try(client)
                except (_Again, httpx2.TransportError) as problem:
                    tries = 1 if self.partial.size > before else tries + 1
                    if tries > len(self.pauses):
                        raise DownloadRefused(self._lost()) from problem
                    self._wait(max(self.pauses[tries - 1], min(getattr(problem, "wait", 0.0), LONGEST)))
        self.tell(Came(self.partial.size, self.wanted.size))

    def _try(self, client: httpx2.Client) -> None:
        """One request; returns when it brought all it promised."""
        headers = {"Accept-Encoding": "identity"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"  # dropped by httpx2 on the way to another host
        if self.partial.size:
            headers["Range"] = f"bytes={self.partial.size}-"
            if self.partial.etag and not self.partial.etag.startswith("W/"):
                headers["If-Range"] = self.partial.etag
        with client.stream("GET", self.wanted.url, headers=headers) as answer:
            self._accept(answer)
            self.partial.etag = answer.headers.get("ETag", "")
            for piece in answer.iter_raw():
                self._take(piece)
        if self.partial.size < self.wanted.size:
            raise _Again  # the line was closed early, however politely

    def _accept(self, answer: httpx2.Response) -> None:
        """See that what follows is what is missing; otherwise begin again, or end."""
        status, etag = answer.status_code, answer.headers.get("ETag", "")
        if status == 416 or (status == 206 and self.partial.etag not in ("", etag)):
            self.partial.begin_again()
            raise _Again
        if status == 200:
            if self.partial.size:
                self.partial.begin_again()
        elif status == 206:
            if _start(answer) != self.partial.size:
                self.partial.begin_again()
                raise _Again
        elif status in SOON:
            raise _Again(_wish(answer))
        else:
            host = f"{answer.url.scheme}://{answer.url.host}"
            raise DownloadRefused(f"The download was refused: {refusal(status, host)}")

    def _take(self, piece: bytes) -> None:
        if self.stop():
            raise Paused
        if self.partial.size + len(piece) > self.wanted.size:
            raise DownloadRefused(self._too_long())
        self.partial.add(piece)
        now = time.monotonic()
        if now - self._told[0] >= TELL_EVERY:
            self._report(now)
            self._check_room()

    def _report(self, now: float) -> None:
        (then, had), size = self._told, self.partial.size
        rate = (size - had) / (now - then)
        # a mean over about the last five seconds: quick enough to follow, slow enough to read
        share = min(1.0, (now - then) / 5.0)
        self._rate = rate if not self._rate else self._rate + share * (rate - self._rate)
        self._told = now, size
        left = (self.wanted.size - size) / self._rate if self._rate > 0 else None
        self.tell(Came(size, self.wanted.size, self._rate, left))

    def _check_room(self) -> None:
        missing = self.wanted.size - self.partial.size
        room = self.room(self.partial.folder)
        if missing > room:
            raise DownloadRefused(
                f"There is no room on the disk: {missing / 1e9:.1f} GB are missing, "
                f"{max(0, room) / 1e9:.1f} GB may be used. What came is kept."
            )

    def _wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        self.tell(Came(self.partial.size, self.wanted.size))
        while time.monotonic() < until:
            if self.stop():
                raise Paused
            time.sleep(min(0.1, seconds))

    def _lost(self) -> str:
        return (
            "The connection was lost, and several more tries brought nothing. What came is kept: go on later."
        )

    def _too_long(self) -> str:
        self.partial.begin_again()
        return "The file is longer than the hub says. It was thrown away; look the model up again."


def _start(answer: httpx2.Response) -> int:
    found = re.match(r"bytes (\d+)-", answer.headers.get("Content-Range", ""))
    return int(found[1]) if found else -1


def _wish(answer: httpx2.Response) -> float:
    """Seconds that the server asks to be left alone."""
    said = answer.headers.get("Retry-After", "")
    return float(said) if said.isdigit() else 0.0
