"""What a forgetting still owes outside the database, on disk from before its commit until all is done.

So a kill in between leaves nothing in use that was forgotten: the home's owner goes on at the next start.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from app.settings import write_private
from memory.records import Forgotten

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.home import Home

NAME = "forgetting-{}.json"


def owing(home: Home, forget: Callable[[Callable[[Forgotten], None]], Forgotten]) -> tuple[Forgotten, Path]:
    """Forget, having noted what is owed then; returns it, and the note, which is its owner's to remove.

    Args:
        home: where the note is.
        forget: does it, and calls what it is given before it commits.
    """
    note = home.path / NAME.format(uuid4().hex)

    def keep(gone: Forgotten) -> None:
        said = [moment.isoformat() for moment in gone.said]
        write_private(note, json.dumps(asdict(gone) | {"said": said}))

    try:
        return forget(keep), note
    except BaseException:  # nothing was forgotten
        note.unlink(missing_ok=True)
        raise


def owed(home: Home) -> list[tuple[Forgotten, Path]]:
    """What was not done to its end, with the notes; halves of notes, written before any commit, go."""
    for path in home.path.glob(NAME.format("*") + ".partial"):
        path.unlink(missing_ok=True)
    return [(_read(path), path) for path in sorted(home.path.glob(NAME.format("*")))]


def _read(note: Path) -> Forgotten:
    kept = json.loads(note.read_text("utf-8"))
    kept["said"] = map(datetime.fromisoformat, kept["said"])
    whole_chat = bool(kept.pop("whole_chat"))
    several: dict[str, Any] = {name: tuple(values) for name, values in kept.items()}
    return Forgotten(whole_chat=whole_chat, **several)
