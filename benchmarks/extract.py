"""How well facts are noticed: value-level precision, recall, F1, and false alarms.

Without a file it reads the messages that the memory skill's training held out.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from app.completer import EngineCompleter
from benchmarks import _served
from memory.extract import THRESHOLD, notice

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from pathlib import Path

SAME = 0.5  # token F1 from which two values are the same


def add_options(parser: argparse.ArgumentParser) -> None:
    _served.add_options(parser)
    parser.add_argument(
        "--threshold", type=float, default=THRESHOLD, help="odds from which facts are proposed"
    )


def run(files: list[Path], options: argparse.Namespace) -> dict[str, Any]:
    """Notice the facts of every message and compare them with what a person found."""
    found = wanted = right = alarms = empty = 0
    misses = []
    messages = _served.rows(files) if files else held_out()
    with _served.engine(options) as (engine, skill), _served.reader() as reader:
        completer = EngineCompleter(engine, skill)
        for row in messages:
            noticed = notice(row["message"], reader, completer, options.threshold)
            values = [fact.value for fact in noticed]
            gold = [fact["value"] for fact in row["facts"]]
            matched = matches(values, gold)
            found, wanted, right = found + len(values), wanted + len(gold), right + matched
            empty += not gold
            alarms += not gold and bool(values)
            if matched < max(len(values), len(gold)):
                misses.append({"message": row["message"], "found": values, "wanted": gold})
    _served.write_misses(options, misses)
    precision, recall = right / max(1, found), right / max(1, wanted)
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(2 * precision * recall / max(1e-9, precision + recall), 4),
        "false_alarms": round(alarms / max(1, empty), 4),
        "messages": len(messages),
    }


def held_out() -> list[dict[str, Any]]:
    """The project's own messages that no training saw."""
    from consolidation.skill.build import Text

    return [
        {"message": item.message, "facts": [{"attribute": a, "value": v} for a, v in item.facts]}
        for item in Text().held_messages
    ]


def matches(values: Sequence[str], gold: Sequence[str]) -> int:
    """How many values pair up one to one, the best pairs first."""
    pairs = sorted(
        ((token_f1(v, g), i, j) for i, v in enumerate(values) for j, g in enumerate(gold)), reverse=True
    )
    used_values: set[int] = set()
    used_gold: set[int] = set()
    for score, i, j in pairs:
        if score >= SAME and i not in used_values and j not in used_gold:
            used_values.add(i)
            used_gold.add(j)
    return len(used_values)


def token_f1(left: str, right: str) -> float:
    """F1 of the words of two texts, case folded."""
    a, b = (Counter(re.findall(r"\w+", text.casefold())) for text in (left, right))
    same = (a & b).total()
    return 2 * same / (a.total() + b.total()) if same else 0.0
