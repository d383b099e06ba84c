"""A night's report in the shape the page shows, whatever of it there is. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.desktop import words

if TYPE_CHECKING:
    from memory.records import Night

RUNNING = frozenset({"selecting", "dreaming", "training", "examining"})
HEADLINES = {
    "worn": "Slept well. All checks passed.",
    "kept": "Not good enough. I kept yesterday's.",
    "undone": "This night was undone.",
    "cancelled": "This night was cancelled.",
    "failed": "This night did not work out.",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the exam, in percent."""

    name: str
    before: float | None
    after: float | None
    must: float | None
    passed: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """What the morning report says; beside what was learned stands what is wrong with it, if anything."""

    headline: str
    learned: tuple[tuple[str, str], ...]
    refused: tuple[tuple[str, str], ...]
    exam: tuple[Line, ...]
    minutes: float


def read(night: Night, report: Mapping[str, Any]) -> Reading:
    """The report of a night; figures between 0 and 1 are shares."""
    ended = night.ended or night.started
    minutes = float(report.get("minutes") or (ended - night.started).total_seconds() / 60)
    return Reading(
        headline=str(
            report.get("headline") or night.sentence or HEADLINES.get(night.state, "A night in progress.")
        ),
        learned=_learned(report),
        refused=tuple((_sentence(item), _why(item)) for item in report.get("refused") or ()),
        exam=tuple(_line(item) for item in _lines(report.get("exam"))),
        minutes=minutes,
    )


def _learned(report: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    said = {_sentence(item): str(item.get("said", "")) for item in _lines(report.get("unsure"))}
    learned = [_sentence(item) for item in report.get("learned") or ()]
    return tuple((text, _looked_up(said[text]) if text in said else "") for text in learned)


def _looked_up(said: str) -> str:
    return f"Looked up rather than known by heart: asked without its note, I say “{said}”"


def mark(state: str) -> str:
    """The kind of a night in the calendar."""
    return {
        "worn": "worn",
        "kept": "refused",
        "failed": "refused",
        "undone": "undone",
        "cancelled": "undone",
    }.get(state, "running")


def _lines(exam: Any) -> list[Mapping[str, Any]]:
    if isinstance(exam, Mapping):
        return [{"name": name, **item} for name, item in exam.items() if isinstance(item, Mapping)]
    return [item for item in exam or () if isinstance(item, Mapping)]


def _line(item: Mapping[str, Any]) -> Line:
    after, must = _percent(item.get("after")), _percent(item.get("must", item.get("threshold")))
    passed = item.get("passed")
    good = bool(passed) if passed is not None else after is not None and (must is None or after >= must)
    return Line(str(item.get("name", "")), _percent(item.get("before")), after, must, good)


def _percent(value: Any) -> float | None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return value * 100 if isinstance(value, float) and 0 <= value <= 1 else float(value)


def _sentence(item: Any) -> str:
    if isinstance(item, Mapping):
        item = item.get("sentence") or item.get("fact") or item.get("question") or ""
    return words.you(str(item))


def _why(item: Any) -> str:
    return str(item.get("why") or item.get("reason") or "") if isinstance(item, Mapping) else ""
