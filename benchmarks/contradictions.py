"""How often the rule decides rightly what a newly noticed fact does to the known ones.

Without a file it reads ``contradictions.jsonl``. The rule was tuned on the cases marked "seen"; those marked
"held" were written before it, by the same hand, and those marked "drawn" are messages of the memory skill's
text, drawn at random when the rule was ready. A case is right when both the decision and the known fact that
it is about are. ``asked`` is the share in which the user would be asked before anything is replaced.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import _served
from memory import phrases
from memory.decisions import Decision, decide
from memory.records import Fact

if TYPE_CHECKING:
    import argparse

CASES = Path(__file__).with_suffix(".jsonl")
WHEN = datetime(2026, 11, 18, 12, tzinfo=UTC)  # a Wednesday


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--misses", type=Path, help="write what went wrong to this file")


def run(files: list[Path], options: argparse.Namespace) -> dict[str, Any]:
    """The share of right decisions, for each part overall and per decision."""
    tallies: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    asked: dict[str, list[bool]] = defaultdict(list)
    misses = []
    for row in _served.rows(files or [CASES]):
        part, decision = row.get("part", "all"), decided(row)
        right = is_right(row, decision)
        tallies[part]["overall"].append(right)
        tallies[part][row["decision"]].append(right)
        asked[part].append(not decision.sure)
        if not right:
            misses.append(
                row | {"decided": decision.action, "reason": decision.reason, "sure": decision.sure}
            )
    _served.write_misses(options, misses)
    return {
        part: {name: _share(rights) for name, rights in tally.items()}
        | {"asked": _share(asked[part]), "cases": len(tally["overall"])}
        for part, tally in tallies.items()
    }


def decided(row: dict[str, Any]) -> Decision:
    """What the rule makes of a case."""
    known = [_fact(place, *pair) for place, pair in enumerate(row["known"])]
    attribute, value = row["candidate"]
    return decide(known, attribute, value, row["message"], WHEN)


def is_right(row: dict[str, Any], decision: Decision) -> bool:
    about = decision.old.id if decision.old is not None else None
    kept_as = row.get("as", decision.attribute)
    return (decision.action, about, decision.attribute) == (row["decision"], row["about"], kept_as)


def _share(rights: list[bool]) -> float:
    return round(sum(rights) / len(rights), 3)


def _fact(place: int, attribute: str, value: str) -> Fact:
    name = phrases.canonical(attribute)
    sentence = phrases.sentence_for(name, value)
    topic = phrases.topic_of(name)
    return Fact(place, "user", name, value, sentence, "current", "said", topic, 1.0, False, WHEN)
