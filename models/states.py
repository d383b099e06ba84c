"""What the model made of a prompt's beginning, kept in files so that it is not read again.

A state holds the user's words as numbers, so its file is private and forgetting clears the folder. It is good
only for the same model, adapters, context and tokens; all of them are in its key. A file that is damaged or
somebody else's is never shown to llama.cpp, which trusts what it is given.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import secrets
from array import array
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.wardrobe import Outfit

log = logging.getLogger(__name__)

MOST = 4  # files
LARGEST = 512 * 1024**2  # bytes of one state
_MAGIC = b"dormouse state 1"
_HASH = hashlib.sha256().digest_size
_HEADER = len(_MAGIC) + _HASH + _HASH  # then the state: what it is of, and the state's own hash
_WINDOWS, _WINDOW = 64, 256 * 1024  # of a file that is too large to be hashed whole


@dataclass(frozen=True, slots=True)
class Place:
    """Where a state belongs. ``mark`` is a file that is gone once the folder was cleared."""

    path: Path
    key: bytes
    mark: Path


class States:
    """The saved states of one engine.

    Args:
        folder: where; made private where it is missing. Other engines may use it too.
        made_by: all that a state depends on beside adapters and tokens: the model, the context, llama.cpp.
    """

    def __init__(self, folder: Path, made_by: str) -> None:
        self._folder, self._made_by = folder, made_by

    def place(self, outfit: Outfit, tokens: Sequence[int]) -> Place | None:
        """Where the state after these tokens belongs; asked for before they are read. None: nowhere."""
        try:
            wearer = wearer_of(self._made_by, outfit)
            key = key_of(wearer, tokens)
            return Place(self._folder / f"{wearer[:16]}-{key.hex()[:32]}.state", key, self._mark())
        except OSError as problem:
            log.warning("no state is kept: %s", type(problem).__name__)
            return None

    def _mark(self) -> Path:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = min(self._folder.glob("*.mark"), default=None)
        if found is None:
            found = self._folder / f"{secrets.token_hex(8)}.mark"
            found.touch(mode=0o600)
        return found

    def load(self, place: Place) -> bytes | None:
        """The state of a place, if there is a whole one."""
        try:
            state = unpack(place.path.read_bytes(), place.key)
            os.utime(place.path)  # the most recently used
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as problem:
            log.warning("a saved state is left aside: %s", problem)
            return None
        return state

    def save(self, place: Place, state: bytes) -> None:
        """Keep a state, unless something was forgotten since its place was asked for."""
        if len(state) > LARGEST:
            return
        partial = place.path.with_suffix(f".{secrets.token_hex(4)}.partial")
        try:
            _write(partial, pack(place.key, state))
            if place.mark.exists():
                partial.replace(place.path)
                self._tidy(place.path)
            if not place.mark.exists():  # cleared between the two looks
                place.path.unlink(missing_ok=True)
        except OSError as problem:
            log.warning("a state could not be saved: %s", type(problem).__name__)
        finally:
            partial.unlink(missing_ok=True)

    def _tidy(self, newest: Path) -> None:
        """Drop what another model or other adapters made, the longest unused, and half-written files."""
        for path in unwanted(_by_age(self._folder), newest):
            path.unlink(missing_ok=True)


def clear(folder: Path) -> None:
    """Delete every state, also one that is just being written: the marks go first.

    Raises ``OSError`` for a file that cannot be deleted, after all that can.
    """
    problems = []
    for pattern in ("*.mark", "*"):
        for path in list(folder.glob(pattern)):
            try:
                path.unlink(missing_ok=True)
            except OSError as problem:
                problems.append(problem)
    if problems:
        raise problems[0]


def unwanted(oldest_first: Sequence[Path], newest: Path) -> list[Path]:
    """Which files go, now that ``newest`` was saved. Pure."""
    wearer = newest.name.partition("-")[0]
    states = [path for path in oldest_first if path.suffix == ".state"]
    ours = [path for path in states if path.name.partition("-")[0] == wearer and path != newest]
    kept = {newest, *ours[max(0, len(ours) - MOST + 1) :]}
    return [path for path in oldest_first if path.suffix in (".state", ".partial") and path not in kept]


def key_of(wearer: str, tokens: Sequence[int]) -> bytes:
    """Names a state: who read, and what."""
    return hashlib.sha256(wearer.encode() + array("i", tokens).tobytes()).digest()


def wearer_of(made_by: str, outfit: Outfit) -> str:
    """Names a dressed model: the same adapters at the same strengths in the same order."""
    worn = [(fingerprint(Path(name), modified, size), scale) for (name, modified, size), scale in outfit]
    return hashlib.sha256(json.dumps([made_by, worn]).encode()).hexdigest()


@lru_cache(maxsize=64)
def fingerprint(path: Path, modified: int, size: int) -> str:
    """Tells a file that was opened at that time and size from every other, its bytes included."""
    digest = hashlib.sha256(f"{modified} {size}".encode())
    with path.open("rb") as file:
        for start in range(0, size, max(_WINDOW, size // _WINDOWS)):
            file.seek(start)
            digest.update(file.read(_WINDOW))
    return digest.hexdigest()


def pack(key: bytes, state: bytes) -> bytes:
    """A state as it is written."""
    return _MAGIC + key + hashlib.sha256(state).digest() + state


def unpack(raw: bytes, key: bytes) -> bytes:
    """The state of a file.

    Raises:
        ValueError: it is damaged, or the state of something else.
    """
    head, state = raw[:_HEADER], raw[_HEADER:]
    if head != _MAGIC + key + hashlib.sha256(state).digest():
        raise ValueError("it is damaged or of something else")
    return state


def _write(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)


def _by_age(folder: Path) -> list[Path]:
    """Its files, the longest unused first; one that another engine has just removed counts as old."""

    def used(path: Path) -> int:
        try:
            return path.stat().st_mtime_ns
        except OSError:
            return 0

    return sorted(folder.iterdir(), key=used)
