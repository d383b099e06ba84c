"""The lines of an export: one row each, and checked when they are read, for anybody may have edited them."""

from __future__ import annotations

import json
import math
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from sqlalchemy import JSON, Boolean, Column, Float, Integer, inspect

from memory.records import FactState, MemoryRefused, NightState, Origin, Speaker, TurnState
from memory.schema import (
    Base,
    ConversationRow,
    FactRow,
    NightFactRow,
    NightItemRow,
    NightRow,
    SecretRow,
    SourceRow,
    TurnRow,
    UtcDateTime,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

FORMAT = 1
HEADER = re.compile(rb'\s*\{\s*"dormouse"')
TABLES: tuple[type[Base], ...] = (
    ConversationRow,
    TurnRow,
    SecretRow,
    SourceRow,
    FactRow,
    NightRow,
    NightFactRow,
    NightItemRow,
)
BY_NAME = {table.__tablename__: table for table in TABLES}
CHOICES = {
    TurnRow.speaker: get_args(Speaker),
    TurnRow.state: get_args(TurnState),
    FactRow.state: get_args(FactState),
    FactRow.origin: get_args(Origin),
    NightRow.state: get_args(NightState),
}
ALLOWED = {(each.class_.__tablename__, each.key): choices for each, choices in CHOICES.items()}
NOT_OURS = "This is not an export of Dormouse, or one of a newer version."
TOO_SHORT = "This file holds {} of the {} entries that it should, so it was cut off; nothing was taken in."


class Line(NamedTuple):
    """One row of an export, with the number of its line for whoever must be told."""

    number: int
    table: str
    values: dict[str, Any]

    def refused(self, why: str) -> MemoryRefused:
        """What to raise when this line cannot be taken in."""
        return MemoryRefused(f"Line {self.number} of this file {why}; nothing was taken in.")


def is_export(path: Path) -> bool:
    """Whether a file begins as an export of Dormouse does."""
    with path.open("rb") as file:
        return HEADER.match(file.read(100)) is not None


def read_lines(path: Path, progress: Callable[[float], None] = lambda share: None) -> Iterator[Line]:
    """Every row of an export in its order; a file that is not whole is refused."""
    size, done, rows, promised = path.stat().st_size, 0, 0, None
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            done += len(raw)
            line = _decoded(raw, number)
            if number == 1:
                promised = _promised(line.values)
                continue
            _check(line)
            rows += 1
            yield line
            progress(done / size)
    if not done:
        raise MemoryRefused(NOT_OURS)
    if promised is not None and rows != promised:
        raise MemoryRefused(TOO_SHORT.format(rows, promised))


def _decoded(raw: bytes, number: int) -> Line:
    empty = Line(number, "", {})
    try:
        values = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError) as problem:
        raise empty.refused("cannot be read") from problem
    if not isinstance(values, dict):
        raise empty.refused("is not an entry")
    return Line(number, str(values.pop("table", "")), values)


def _promised(header: dict[str, Any]) -> Any:
    if header.get("dormouse") != FORMAT:
        raise MemoryRefused(NOT_OURS)
    return header.get("rows")


def _check(line: Line) -> None:
    table = BY_NAME.get(line.table)
    if table is None:
        raise line.refused("is of no known kind")
    for column in inspect(table).columns:
        missing = column.key not in line.values
        if missing and column.default is None and not column.nullable:
            raise line.refused(f"lacks its “{column.key}”")
        if not missing and not _fits(line.table, column, line.values[column.key]):
            raise line.refused(f"has a “{column.key}” that cannot be")


def _fits(table: str, column: Column[Any], value: Any) -> bool:
    if value is None:
        return bool(column.nullable)
    if isinstance(column.type, UtcDateTime):
        return _is_time(value)
    if isinstance(column.type, Boolean):
        return isinstance(value, bool)
    if isinstance(column.type, Integer | Float):
        whole = isinstance(column.type, Integer)
        return _is_number(value) and (not whole or isinstance(value, int))
    if isinstance(column.type, JSON):
        return isinstance(value, list) and all(map(_is_text, value))
    return _is_text(value) and value in ALLOWED.get((table, column.key), (value,))


def _is_time(value: Any) -> bool:
    try:
        datetime.fromisoformat(value).replace(tzinfo=UTC)
        datetime.fromisoformat(value).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return False
    return True


def _is_number(value: Any) -> bool:
    """One that SQLite can hold."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) < 2**63 and math.isfinite(value)


def _is_text(value: Any) -> bool:
    """Half a surrogate pair is nothing that a database can hold."""
    try:
        return isinstance(value, str) and value.encode() is not None
    except UnicodeEncodeError:
        return False
