"""Notes in Markdown or plain text: each file is a conversation, each of its paragraphs a message.

They stand on the user's side under the file's name. What bears a name is recalled and quoted, but
nothing in it is ever noticed as a fact: a document may be about anybody.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from memory.imports.talks import Malformed, Said, Talk, clean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KIND, ORIGIN = "documents", "Documents"
SUFFIXES = frozenset({".md", ".markdown", ".txt", ".text"})
LONGEST = 800  # characters of one message: about what the embedder reads
HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)


def files(folder: Path) -> list[Path]:
    """The documents in a folder and below, but none that is hidden."""
    found = [path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file()]
    return sorted(path for path in found if not _is_hidden(path.relative_to(folder)))


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def read(path: Path) -> Talk:
    """One file; raises ``Malformed`` when it is not text."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        when = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OSError, ValueError, OverflowError) as problem:
        raise Malformed from problem
    if "\0" in text:
        raise Malformed
    said = [Said(part, "user", part, when, clean(path.name)) for part in paragraphs(text)]
    heading = HEADING.search(text)
    return Talk(str(path.absolute()), clean(heading[1] if heading else path.stem), when, tuple(said))


def paragraphs(text: str) -> list[str]:
    """Whole paragraphs where they are short enough; a heading stands with what follows it."""
    found: list[str] = []
    held = ""
    for part in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n")):
        held = f"{held}\n\n{clean(part)}" if held else clean(part)
        if held and not HEADING.fullmatch(held):
            found.extend(_pieces(held))
            held = ""
    return [*found, held] if held else found


def _pieces(text: str) -> Iterator[str]:
    """Cut at the end of a sentence where there is one, else between words, else anywhere."""
    while len(text) > LONGEST:
        room = text[:LONGEST]
        ends = [found.end() for found in re.finditer(r"[.!?]\s", room)]
        cut = ends[-1] if ends else room.rfind(" ") + 1 or LONGEST
        if piece := text[:cut].strip():
            yield piece
        text = text[cut:].strip()
    if text:
        yield text
