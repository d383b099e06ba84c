"""How well questions are answered from remembered notes, per kind of question."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from app.answering import answer, settle
from benchmarks import _served
from models.engine import Request, Sampling, words_of

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from models.engine import Engine, Reader

KINDS = ("direct", "indirect", "multi", "temporal", "abstain", "world")
LONGEST = 160  # tokens of a reply

add_options = _served.add_options


def run(files: list[Path], options: argparse.Namespace) -> dict[str, Any]:
    """Ask every question in the app's own prompt, with the notes as what was recalled."""
    verdicts: dict[str, list[bool]] = defaultdict(list)
    misses = []
    with _served.engine(options) as (engine, skill), _served.reader() as reader:
        for row in _served.rows(files):
            reply = _reply(engine, reader if skill else None, row["question"], row["notes"])
            right = holds(reply, row["expect"], row["forbid"])
            verdicts[row["kind"]].append(right)
            if not right:
                misses.append({**row, "reply": reply})
    _served.write_misses(options, misses)
    every = [right for rights in verdicts.values() for right in rights]
    figures: dict[str, Any] = {"overall": share(every)}
    figures |= {kind: share(verdicts[kind]) for kind in KINDS}
    return {**figures, "questions": len(every)}


def _reply(engine: Engine, reader: Reader | None, question: str, notes: list[str]) -> str:
    """As the assistant does it; without a reader, with all the notes and no decision."""
    if reader is None:
        return words_of(engine.chat(Request(_served.asked(question, notes), Sampling(LONGEST))))
    settled = settle(question, notes, reader.weigh(question, notes))
    kept = [notes[at] for at in settled.kept]
    request = Request(_served.asked(question, kept), Sampling(LONGEST))
    return words_of(answer(engine, request, settled, kept))


def holds(reply: str, expect: list[str], forbid: list[str]) -> bool:
    """Whether a reply has one of the expected pieces and none of the forbidden ones."""
    text = reply.casefold()
    return any(piece.casefold() in text for piece in expect) and not any(p.casefold() in text for p in forbid)


def share(rights: list[bool]) -> float:
    return round(sum(rights) / len(rights), 4) if rights else 0.0
