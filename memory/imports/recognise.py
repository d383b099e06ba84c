"""Which kind of thing lies at a path: by what is in it, and looked through before anything is written."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from memory.imports import chatgpt, claude, documents
from memory.imports.archive import entries, is_zip, parts_of
from memory.imports.talks import Found, Malformed
from memory.records import MemoryRefused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from memory.imports.talks import Talk

UNKNOWN = (
    "{} is nothing that can be taken in. Name the .zip or the conversations.json of an export from ChatGPT "
    "or Claude, an export of Dormouse, or a folder or file of Markdown or plain text."
)
EMPTY = "There are no conversations in {}; nothing was taken in."


class Reader(Protocol):
    """A module that reads one kind of chat."""

    KIND: str
    ORIGIN: str

    def is_one(self, entry: Any) -> bool: ...

    def read(self, entry: Any, undated: datetime) -> Talk: ...


CHATS: tuple[Reader, ...] = (chatgpt, claude)


def recognise(path: Path) -> Found:
    """What lies there; raises ``MemoryRefused`` with a sentence when it is of no known kind, or broken."""
    if path.is_dir():
        return _chats(path) if parts_of(path) else _documents(path, documents.files(path))
    if (is_zip(path) or _begins(path) == b"[") and (found := _chats_or_none(path)):
        return found
    if path.suffix.lower() not in documents.SUFFIXES:
        raise MemoryRefused(UNKNOWN.format(path.name))
    return _documents(path, [path])


def _begins(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(100).removeprefix(b"\xef\xbb\xbf").lstrip()[:1]


def _chats_or_none(path: Path) -> Found | None:
    """A note may begin with a bracket too: then that it is no export is no fault of it."""
    try:
        return _chats(path)
    except MemoryRefused:
        if path.suffix.lower() in documents.SUFFIXES:
            return None
        raise


def _chats(path: Path) -> Found:
    reader: Reader | None = None
    count = 0
    for entry in entries(path):
        reader = reader or next((each for each in CHATS if each.is_one(entry)), None)
        count += 1
    if reader is None:
        raise MemoryRefused((UNKNOWN if count else EMPTY).format(path.name))
    return Found(reader.KIND, reader.ORIGIN, count, partial(_read_chats, reader, path))


def _read_chats(reader: Reader, path: Path) -> Iterator[Talk | None]:
    undated = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    for entry in entries(path):
        try:
            yield reader.read(entry, undated)
        except Malformed:
            yield None


def _documents(path: Path, found: list[Path]) -> Found:
    if not found:
        raise MemoryRefused(UNKNOWN.format(path.name))
    return Found(documents.KIND, documents.ORIGIN, len(found), partial(_read_documents, found))


def _read_documents(found: list[Path]) -> Iterator[Talk | None]:
    for path in found:
        try:
            yield documents.read(path)
        except Malformed:
            yield None
