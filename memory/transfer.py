"""Everything out and in again, as lines of JSON that people and programs can read.

Nothing is lost on the way but the undo journal. Adapters are files and stay where they are, so a
night that comes in is history: it is not worn.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect, select

from memory.records import MemoryRefused
from memory.rows import from_image, image, notify_index
from memory.schema import (
    Base,
    ConversationRow,
    FactRow,
    NightFactRow,
    NightItemRow,
    NightRow,
    TurnRow,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.orm import Session

    from memory.store import Store

FORMAT = 1
TABLES: tuple[type[Base], ...] = (ConversationRow, TurnRow, FactRow, NightRow, NightFactRow, NightItemRow)
BY_NAME = {table.__tablename__: table for table in TABLES}
OVER = ("kept", "cancelled", "failed", "undone")  # the states of nights that nothing more happens to
POINTERS = {
    "conversation_id": "conversation",
    "turn_id": "turn",
    "fact_id": "fact",
    "night_id": "night",
}


def export(store: Store, target: Path) -> int:
    """Write everything to a file only the user can read; returns how many lines it holds."""
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    lines = 0
    descriptor = os.open(partial, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
        for entry in _entries(store):
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
            lines += 1
    partial.replace(target)
    return lines


def bring_in(store: Store, source: Path) -> dict[str, int]:
    """Add what a file holds to what is there; all of it or nothing. Returns how much of each kind."""
    new_ids: dict[str, dict[int, int]] = {name: {} for name in BY_NAME}
    counts: dict[str, int] = {}
    later: list[tuple[int, int]] = []
    with store.write() as session, source.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            entry = _entry(line, number)
            if number == 1:
                _check_format(entry)
                continue
            name = _bring(session, entry, new_ids, later, number)
            counts[name] = counts.get(name, 0) + 1
        for fact_id, successor in later:
            session.get_one(FactRow, fact_id).superseded_by = new_ids["fact"].get(successor)
        _move_notes(session, new_ids)
        notify_index(session, "turn", new_ids["turn"].values())
        notify_index(session, "fact", new_ids["fact"].values())
    return counts


def _entries(store: Store) -> Iterator[dict[str, Any]]:
    yield {"dormouse": FORMAT}
    with store.read() as session:
        for table in TABLES:
            for row in session.scalars(select(table).order_by(*inspect(table).primary_key)):
                yield {"table": table.__tablename__} | image(row)


def _entry(line: str, number: int) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except json.JSONDecodeError as error:
        raise MemoryRefused(f"Line {number} of this file cannot be read; nothing was taken in.") from error
    if not isinstance(entry, dict):
        raise MemoryRefused(f"Line {number} of this file is not an entry; nothing was taken in.")
    return entry


def _check_format(entry: dict[str, Any]) -> None:
    if entry.get("dormouse") != FORMAT:
        raise MemoryRefused("This is not an export of Dormouse, or one of a newer version.")


def _bring(
    session: Session,
    entry: dict[str, Any],
    new_ids: dict[str, dict[int, int]],
    later: list[tuple[int, int]],
    number: int,
) -> str:
    name = entry.pop("table", "")
    table = BY_NAME.get(name)
    if table is None:
        raise MemoryRefused(f"Line {number} of this file is of no known kind; nothing was taken in.")
    old_id, successor = entry.pop("id", None), entry.pop("superseded_by", None)
    for column, kind in POINTERS.items():
        if entry.get(column) is not None:
            entry[column] = new_ids[kind].get(entry[column])
    if name == "night":
        _make_history(entry)
    row = table(**from_image(table, entry))
    session.add(row)
    session.flush()
    if old_id is not None:
        new_ids[name][old_id] = row.id  # type: ignore[attr-defined]
    if successor is not None:
        later.append((row.id, successor))  # type: ignore[attr-defined]
    return str(name)


def _make_history(night: dict[str, Any]) -> None:
    """Its adapter's name may be that of another night's file here, and nobody goes on with it."""
    night["adapter"] = ""
    if night.get("state") not in OVER:
        night["state"] = "undone"


def _move_notes(session: Session, new_ids: dict[str, dict[int, int]]) -> None:
    """What a reply was given is named by id: name it by the new ones."""
    for turn in session.scalars(select(TurnRow).where(TurnRow.id.in_(new_ids["turn"].values()))):
        notes = [note.split(":") for note in turn.notes]
        turn.notes = [
            f"{kind}:{new_ids[kind][int(item)]}" for kind, item in notes if int(item) in new_ids.get(kind, {})
        ]
