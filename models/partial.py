"""An unfinished download: what has come so far, its hash, and a note of what it is a part of.

Beside the file that will be stand two others: what has come (``.part``), and a line of JSON that says of what
it is a part and how much of it is surely on disk (``.part.json``). A run goes on from there, even after a
power cut.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from models.engine import EngineError

if TYPE_CHECKING:
    from pathlib import Path

PIECE = 1 << 20  # bytes
SURE = 1 << 24  # bytes after which what came is brought to the disk and noted


class DownloadRefused(EngineError):
    """The download cannot go on; the text says why, and whether what came is kept."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file as the hub describes it. ``size`` in bytes; ``sha256`` in hexadecimal."""

    url: str
    size: int
    sha256: str


def part_of(target: Path) -> Path:
    """Where what has come so far is."""
    return target.with_name(target.name + ".part")


def so_far(target: Path) -> int:
    """Bytes of an unfinished download, 0 if there is none."""
    with suppress(OSError):
        return part_of(target).stat().st_size
    return 0


def discard(target: Path) -> None:
    """Give up an unfinished download."""
    for path in (part_of(target), _note_of(target)):
        path.unlink(missing_ok=True)


class Partial:
    """What has come so far, with its hash and its note."""

    def __init__(self, target: Path, wanted: Wanted) -> None:
        self._target, self._wanted = target, wanted
        self.folder = target.parent
        self.etag = ""
        self.size = self._sure = 0
        self.hash = hashlib.sha256()
        self._file: IO[bytes]

    def __enter__(self) -> Partial:
        handle = os.open(part_of(self._target), os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        self._file = os.fdopen(handle, "r+b", buffering=0)
        note = self._note()
        sure = min(note.get("sure", 0), os.fstat(handle).st_size) if note else 0
        self.etag = note.get("etag", "") if note else ""
        self._file.truncate(sure)
        while piece := self._file.read(PIECE):
            self.hash.update(piece)
        self.size = self._sure = sure
        return self

    def __exit__(self, *_what: object) -> None:
        with suppress(OSError, ValueError):  # a full disk, or finished and closed
            self.secure()
        self._file.close()

    def begin_again(self) -> None:
        """Throw away what came, and first the note: it must not vouch for what comes now."""
        _note_of(self._target).unlink(missing_ok=True)
        self._file.seek(0)
        self._file.truncate()
        self.size = self._sure = 0
        self.hash = hashlib.sha256()
        self.etag = ""

    def add(self, piece: bytes) -> None:
        """Write the next bytes; a full disk raises ``OSError``, and what came before is kept."""
        rest = memoryview(piece)
        while rest:
            rest = rest[self._file.write(rest) :]
        self.hash.update(piece)
        self.size += len(piece)
        if self.size - self._sure >= SURE:
            self.secure()

    def secure(self) -> None:
        """Bring what came to the disk, then note how much that is."""
        os.fsync(self._file.fileno())
        self._sure = self.size
        note = {
            "sha256": self._wanted.sha256,
            "size": self._wanted.size,
            "etag": self.etag,
            "sure": self._sure,
        }
        path = _note_of(self._target)
        beside = path.with_suffix(".writing")
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(json.dumps(note) + "\n")
        beside.replace(path)

    def finish(self) -> Path:
        """Give the file its name, if it is the right one."""
        right = self.size == self._wanted.size and self.hash.hexdigest() == self._wanted.sha256
        if not right:
            self.begin_again()
            self._file.close()
            discard(self._target)
            raise DownloadRefused(
                "What came is not the file that the hub describes, so it was thrown away. "
                "Look the model up again, then download it again."
            )
        self.secure()
        self._file.close()
        part_of(self._target).replace(self._target)
        discard(self._target)
        return self._target

    def _note(self) -> dict[str, Any]:
        """What is noted of an earlier run, if it was a run for the same file."""
        try:
            note = json.loads(_note_of(self._target).read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        known = isinstance(note, dict) and isinstance(note.get("sure"), int)
        same = known and (note.get("sha256"), note.get("size")) == (self._wanted.sha256, self._wanted.size)
        return note if same else {}


def _note_of(target: Path) -> Path:
    return target.with_name(target.name + ".part.json")
