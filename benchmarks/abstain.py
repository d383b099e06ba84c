"""How well "I was not told" is told from "it stands in the notes", on the project's own held-out questions.

``app.answering.THRESHOLD`` is set by this: it needs no file and sees nothing that was trained on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app import answering
from benchmarks import _served
from consolidation.dream import declines
from consolidation.skill.build import Text
from models.engine import Request

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from consolidation.skill.build import Answering
    from models.engine import Engine

THRESHOLDS = (-3.0, -2.5, -2.25, -2.0, -1.75, -1.5, -1.25, -1.0, -0.5, 0.0)

add_options = _served.add_options


def run(files: list[Path], options: argparse.Namespace) -> dict[str, Any]:
    """For each threshold, the share of untold, told and general questions on which it abstains."""
    questions = [item for item in Text().held_questions if item.notes]
    with _served.engine(options) as (engine, _):
        odds = [_odds(engine, item) for item in questions]
    by_kind: dict[str, list[float]] = {"untold": [], "told": [], "general": []}
    for item, each in zip(questions, odds, strict=True):
        kind = "general" if item.kind == "world" else "untold" if declines(item.answer) else "told"
        by_kind[kind].append(each)
    shares = {f"{threshold:g}": _above(threshold, by_kind) for threshold in THRESHOLDS}
    return {"abstains": shares, "now": answering.THRESHOLD, **{kind: len(of) for kind, of in by_kind.items()}}


def _odds(engine: Engine, item: Answering) -> float:
    return answering.odds(engine, Request(_served.asked(item.question, item.notes)))


def _above(threshold: float, by_kind: dict[str, list[float]]) -> dict[str, float]:
    return {
        kind: round(sum(odd > threshold for odd in odds) / max(1, len(odds)), 3)
        for kind, odds in by_kind.items()
    }
