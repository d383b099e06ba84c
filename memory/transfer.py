"""Everything out and in again, as lines of JSON that people and programs can read.

Nothing is lost on the way but the undo journal. Adapters are files and stay where they are, so a
night that comes in is history: it is not worn.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, inspect, select
from sqlalchemy.exc import IntegrityError

from memory.files import written
from memory.lines import FORMAT, TABLES, read_lines
from memory.merging import Merging
from memory.outlines import outlines
from memory.records import BroughtIn, MemoryRefused
from memory.rows import image, notify_index

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from memory.store import Store

ORIGIN = "Dormouse"
LOOK = 0.1  # the share of the time that the first look takes


def export(store: Store, target: Path) -> int:
    """Write everything to a file only the user can read; returns how many lines it holds."""
    lines = 0
    with written(target) as file:
        for entry in _entries(store):
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
            lines += 1
    return lines


def bring_in(store: Store, source: Path, progress: Callable[[float], None] = lambda share: None) -> BroughtIn:
    """Add what a file holds and is not here yet; all of it or nothing."""
    there = outlines(read_lines(source, lambda share: progress(share * LOOK)))
    try:
        with store.write() as session:
            merging = Merging(session, there)
            for line in read_lines(source, lambda share: progress(LOOK + share * (1 - LOOK))):
                merging.take(line)
            merging.finish()
            notify_index(session, "turn", merging.new["turn"])
            notify_index(session, "fact", [*merging.new["fact"], *merging.ended])
    except IntegrityError as problem:
        raise MemoryRefused("This file contradicts itself; nothing was taken in.") from problem
    return _came(merging)


def _came(merging: Merging) -> BroughtIn:
    new, grown = merging.new, len(merging.grown)
    return BroughtIn(
        ORIGIN,
        new=len(new["conversation"]),
        grown=grown,
        known=merging.known - grown,
        turns=len(new["turn"]),
        facts=len(new["fact"]),
    )


def _entries(store: Store) -> Iterator[dict[str, Any]]:
    with store.read() as session:
        counts = [session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES]
        yield {"dormouse": FORMAT, "rows": sum(counts)}  # without it, a file cut at a line would look whole
        for table in TABLES:
            for row in session.scalars(select(table).order_by(*inspect(table).primary_key)):
                yield {"table": table.__tablename__} | image(row)
