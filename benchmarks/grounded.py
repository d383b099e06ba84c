"""How well questions are answered from remembered notes, per kind of question."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from app.answering import answer
from benchmarks import _served
from models.engine import Request, Sampling, words_of

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

KINDS = ("direct", "indirect", "multi", "temporal", "abstain", "world")
LONGEST = 160  # tokens of a reply

add_options = _served.add_options


def run(files: list[Path], options: argparse.Namespace) -> dict[str, Any]:
    """Ask every question in the app's own prompt, with the notes as what was recalled."""
    verdicts: dict[str, list[bool]] = defaultdict(list)
    misses = []
    with _served.engine(options) as (engine, skill):
        for row in _served.rows(files):
            notes = row["notes"]
            request = Request(_served.asked(row["question"], notes), Sampling(max_tokens=LONGEST))
            events = answer(engine, request, notes) if notes and skill else engine.chat(request)
            reply = words_of(events)
            right = holds(reply, row["expect"], row["forbid"])
            verdicts[row["kind"]].append(right)
            if not right:
                misses.append({**row, "reply": reply})
    _served.write_misses(options, misses)
    every = [right for rights in verdicts.values() for right in rights]
    figures: dict[str, Any] = {"overall": share(every)}
    figures |= {kind: share(verdicts[kind]) for kind in KINDS}
    return {**figures, "questions": len(every)}


def holds(reply: str, expect: list[str], forbid: list[str]) -> bool:
    """Whether a reply has one of the expected pieces and none of the forbidden ones."""
    text = reply.casefold()
    return any(piece.casefold() in text for piece in expect) and not any(p.casefold() in text for p in forbid)


def share(rights: list[bool]) -> float:
    return round(sum(rights) / len(rights), 4) if rights else 0.0
