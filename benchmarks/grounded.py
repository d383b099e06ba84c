"""How well questions are answered from remembered notes, per kind of question."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from app.answering import answer
from app.prompt import lay_out
from benchmarks import _served
from memory.records import Note
from models.engine import Request, Sampling, Text

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable
    from pathlib import Path

    from models.engine import StreamEvent

KINDS = ("direct", "indirect", "multi", "temporal", "abstain", "world")
LONGEST = 160  # tokens of a reply

add_options = _served.add_options


def run(files: list[Path], options: argparse.Namespace) -> dict[str, Any]:
    """Ask every question in the app's own prompt, with the notes as what was recalled."""
    verdicts: dict[str, list[bool]] = defaultdict(list)
    misses = []
    with _served.engine(options) as (engine, skill):
        for row in _served.rows(files):
            now = datetime.now(UTC)
            notes = [Note(f"fact:{i}", text, 1.0, now) for i, text in enumerate(row["notes"])]
            request = Request(lay_out(row["question"], notes), Sampling(max_tokens=LONGEST))
            reply = said(answer(engine, request, row["notes"]) if notes and skill else engine.chat(request))
            right = holds(reply, row["expect"], row["forbid"])
            verdicts[row["kind"]].append(right)
            if not right:
                misses.append({**row, "reply": reply})
    _served.write_misses(options, misses)
    every = [right for rights in verdicts.values() for right in rights]
    figures: dict[str, Any] = {"overall": share(every)}
    figures |= {kind: share(verdicts[kind]) for kind in KINDS}
    return {**figures, "questions": len(every)}


def said(events: Iterable[StreamEvent]) -> str:
    """The whole text of a stream."""
    return "".join(event.text for event in events if isinstance(event, Text))


def holds(reply: str, expect: list[str], forbid: list[str]) -> bool:
    """Whether a reply has one of the expected pieces and none of the forbidden ones."""
    text = reply.casefold()
    return any(piece.casefold() in text for piece in expect) and not any(p.casefold() in text for p in forbid)


def share(rights: list[bool]) -> float:
    return round(sum(rights) / len(rights), 4) if rights else 0.0
