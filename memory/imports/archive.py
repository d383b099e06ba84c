"""The ``conversations.json`` of an export, wherever it lies: by itself, in a folder or in its .zip."""

from __future__ import annotations

import json
import lzma
import re
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from memory.records import MemoryRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = re.compile(r"conversations[-_ ()0-9]*\.json", re.IGNORECASE)  # large exports come in parts
SPACE = re.compile(r"[ \t\r\n]*")
LARGEST = 4 << 30  # bytes, unpacked
DECODER = json.JSONDecoder()
# what zipfile raises for a damaged file, beside its own error
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
    RuntimeError,
)
BROKEN_ZIP = "{} is damaged, or is locked with a password; nothing was taken in. Download the export again."
NOT_IN_ZIP = (
    "There is no conversations.json in {}; nothing was taken in. Choose the .zip of the export itself."
)
BROKEN_JSON = (
    "{} cannot be read to its end, so it is cut off or damaged; nothing was taken in. "
    "Download the export again."
)


def entries(path: Path) -> Iterator[Any]:
    """Every conversation of an export, decoded one at a time: only its text is held as a whole."""
    for content in _contents(path):
        try:
            yield from elements(content.decode("utf-8-sig"))
        except (ValueError, RecursionError) as problem:
            raise MemoryRefused(BROKEN_JSON.format(path.name)) from problem


def parts_of(folder: Path) -> list[Path]:
    """The export's own files in a folder that it was unpacked to."""
    return sorted(path for path in folder.iterdir() if NAME.fullmatch(path.name) and path.is_file())


def elements(text: str) -> Iterator[Any]:
    """The elements of a JSON list; raises ``ValueError`` where it is none."""
    at = _after(text, 0, "[")
    more = text[at : at + 1] != "]"
    while more:
        value, at = DECODER.raw_decode(text, at)
        yield value
        at = _skip(text, at)
        more = text[at : at + 1] != "]"
        at = _after(text, at, ",") if more else at
    if _skip(text, at + 1) != len(text):
        raise ValueError("something follows the list")


def _after(text: str, at: int, sign: str) -> int:
    at = _skip(text, at)
    if text[at : at + 1] != sign:
        raise ValueError(f"{sign!r} is missing")
    return _skip(text, at + 1)


def _skip(text: str, at: int) -> int:
    space = SPACE.match(text, at)
    return space.end() if space else at


def _contents(path: Path) -> Iterator[bytes]:
    if path.is_dir():
        yield from (part.read_bytes() for part in parts_of(path))
    elif is_zip(path):
        yield from _unzipped(path)
    else:
        yield path.read_bytes()


def is_zip(path: Path) -> bool:
    """By its first bytes: a .zip that is cut off is still meant as one."""
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def _unzipped(path: Path) -> Iterator[bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = {PurePosixPath(info.filename).name: info for info in archive.infolist()}
            wanted = [names[name] for name in sorted(names) if NAME.fullmatch(name)]
            for info in wanted:
                if info.file_size > LARGEST:
                    raise zipfile.BadZipFile
                yield archive.read(info)
    except DAMAGED as problem:
        raise MemoryRefused(BROKEN_ZIP.format(path.name)) from problem
    if not wanted:
        raise MemoryRefused(NOT_IN_ZIP.format(path.name))
