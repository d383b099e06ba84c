"""How well "I was not told" is told from "it stands in the notes", on the project's own held-out questions.

``app.abstain.THRESHOLD`` is set by this: it needs no file and sees nothing that was trained on.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from app import abstain
from app.prompt import lay_out
from benchmarks import _served
from consolidation.dream import declines
from consolidation.skill.build import Text
from memory.records import Note
from models.engine import Request

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from models.engine import Engine

THRESHOLDS = (-3.0, -2.5, -2.0, -1.5, -1.0, -0.5, 0.0)

add_options = _served.add_options


def run(files: list[Path], options: argparse.Namespace) -> dict[str, Any]:
    """For each threshold, the share of the untold and of the told questions on which it abstains."""
    questions = [item for item in Text().held_questions if item.notes and item.kind != "world"]
    with _served.engine(options) as (engine, _):
        odds = [_odds(engine, item.question, item.notes) for item in questions]
    untold = [declines(item.answer) for item in questions]
    shares = {
        f"{threshold:g}": [_above(threshold, odds, untold, of) for of in (True, False)]
        for threshold in THRESHOLDS
    }
    return {"abstains [untold, told]": shares, "untold": sum(untold), "told": len(untold) - sum(untold)}


def _odds(engine: Engine, question: str, notes: tuple[str, ...]) -> float:
    now = datetime.now(UTC)
    recalled = [Note(f"fact:{i}", text, 1.0, now) for i, text in enumerate(notes)]
    return abstain.odds(engine, Request(lay_out(question, recalled)))


def _above(threshold: float, odds: list[float], untold: list[bool], of: bool) -> float:
    chosen = [odd for odd, each in zip(odds, untold, strict=True) if each is of]
    return round(sum(odd > threshold for odd in chosen) / max(1, len(chosen)), 3)
