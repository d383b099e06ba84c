"""What every reader hands over, whatever it reads: conversations as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from memory.records import Speaker

EARLIEST = 1980  # a year; what claims to be older had no date


class Malformed(Exception):
    """One conversation is not of the form that its kind has; the others may well be."""


@dataclass(frozen=True, slots=True)
class Said:
    """One message. ``key`` tells it from the others of its conversation, in every export of it."""

    key: str
    speaker: Speaker
    text: str
    created: datetime
    name: str = ""


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation. ``key`` tells it from the others of its kind, in every export of it."""

    key: str
    title: str
    created: datetime
    turns: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What lies at a path: ``talks`` reads it anew, one after the other; None could not be read."""

    kind: str
    origin: str
    count: int
    talks: Callable[[], Iterator[Talk | None]]


def moment(value: Any) -> datetime | None:
    """A time as exports write it, in seconds or as ISO 8601; None where it is none."""
    try:
        found = _moment(value)
    except (ValueError, OverflowError, OSError):
        return None
    return found if found is not None and found.year >= EARLIEST else None


def _moment(value: Any) -> datetime | None:
    if isinstance(value, str):
        found = datetime.fromisoformat(value)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return datetime.fromtimestamp(value, UTC)
    return None


def clean(text: Any) -> str:
    """Text that any database can hold: half a surrogate pair becomes a question mark."""
    if not isinstance(text, str):
        return ""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8").strip()


def joined(parts: list[str]) -> str:
    """Those of the parts that say something, as paragraphs."""
    return "\n\n".join(part for part in map(clean, parts) if part)
