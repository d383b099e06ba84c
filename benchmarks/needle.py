"""How many notes that look alike a reply can stand beside the right one: plain, and held against no notes.

The reader, which would leave those notes out in the product, does not choose here: the model reads them all.
"""

from __future__ import annotations

import random
import time
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.answering import from_notes
from benchmarks import _served
from benchmarks.grounded import holds, share
from models.engine import Done, Request, Sampling, Text

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from models.engine import Engine

DATA = Path(__file__).with_suffix(".toml")
BESIDE = (0, 2, 4, 8, 16)  # notes of the same thing of others
STRENGTHS = (0.0, 0.5, 1.0)
LONGEST = 24  # tokens of a reply
ASKED = 5  # notes of each thing


@dataclass(frozen=True, slots=True)
class Needle:
    """A question, its note and value, and the notes and values of the same thing of others."""

    question: str
    note: str
    value: str
    others: tuple[tuple[str, str], ...]

    def notes(self, beside: int) -> list[str]:
        """The note among so many of the others, at a place of its own; more are added to the same fewer."""
        notes = [note for note, _ in self.others[:beside]]
        notes.insert(random.Random(f"{self.note} {beside}").randint(0, len(notes)), self.note)
        return notes


def add_options(parser: argparse.ArgumentParser) -> None:
    _served.add_options(parser)
    parser.add_argument("--questions", type=int, default=40, help="only so many questions")


def needles(path: Path = DATA) -> Iterator[Needle]:
    """All questions, those of one thing apart from each other."""
    data = tomllib.loads(path.read_text("utf-8"))
    for at in range(ASKED):
        for number, thing in enumerate(data["things"]):
            pairs = list(zip(data["who"], thing["values"], strict=True))
            who, value = pairs.pop((number + 3 * at) % len(pairs))
            random.Random(f"{who} {value}").shuffle(pairs)
            others = tuple((thing["note"].format(who=w, value=v), v) for w, v in pairs)
            question = thing["question"].format(who=who)
            yield Needle(question, thing["note"].format(who=who, value=value), value, others)


def run(files: list[Path], options: argparse.Namespace) -> dict[str, Any]:
    """Ask every question beside each number of other notes, at every strength in turn; no files needed."""
    rights: dict[tuple[float, int], list[bool]] = defaultdict(list)
    seconds: dict[float, list[float]] = defaultdict(list)
    misses = []
    with _served.engine(options) as (engine, _):
        for needle in list(needles())[: options.questions]:
            for beside in BESIDE:
                for strength in STRENGTHS:
                    reply, per_token = ask(engine, needle, beside, strength)
                    seconds[strength] += per_token
                    right = is_right(reply, needle, beside)
                    rights[strength, beside].append(right)
                    if not right:
                        misses.append({"question": needle.question, "value": needle.value, "reply": reply,
                                       "beside": beside, "contrast": strength})  # fmt: skip
    _served.write_misses(options, misses)
    figures: dict[str, Any] = {
        f"contrast {strength}": {f"beside {n}": share(rights[strength, n]) for n in BESIDE}
        for strength in STRENGTHS
    }
    speeds = {strength: len(each) / sum(each) for strength, each in seconds.items() if each}
    figures["tokens_per_second_ratio"] = {s: round(speeds[s] / speeds[0.0], 3) for s in speeds if s}
    return {**figures, "questions": len(rights[0.0, 0])}


def ask(engine: Engine, needle: Needle, beside: int, strength: float) -> tuple[str, list[float]]:
    """The reply as the product writes one from notes, and the seconds of each piece after the first."""
    notes = needle.notes(beside)
    request = from_notes(Request(_served.asked(needle.question, notes), Sampling(LONGEST)), notes, strength)
    pieces, times = [], []
    for event in engine.chat(request):
        if isinstance(event, Text | Done):
            times.append(time.perf_counter())
        if isinstance(event, Text):
            pieces.append(event.text)
    return "".join(pieces), [after - before for before, after in pairwise(times)]


def is_right(reply: str, needle: Needle, beside: int) -> bool:
    """The value, and none of the values that stood beside it."""
    return holds(reply, [needle.value], [value for _, value in needle.others[:beside]])
