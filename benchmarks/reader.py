"""How well the reader reads, on the project's own messages and questions that no training saw.

``app.answering`` and ``memory.extract`` take their thresholds from this; it needs no file.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.extract import matches
from consolidation.skill.reading import TOLD, UNTOLD, Reading, taken_apart
from memory.phrases import canonical
from models.reader import FILE, MiniLMReader

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from consolidation.skill.build import Noticing
    from models.engine import Marked, Reader, Weighed

THRESHOLDS = (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0)


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--reader", type=Path, default=FILE, help="other weights than those that ship")


def run(files: list[Path], options: argparse.Namespace) -> dict[str, Any]:
    """Figures of both readings."""
    reader, reading = MiniLMReader(options.reader), Reading()
    return {"questions": _questions(reader, reading), "messages": _messages(reader, reading)}


def _questions(reader: Reader, reading: Reading) -> dict[str, Any]:
    """Per kind: the standing is right, the best note is needed, all needed notes are likely."""
    tallies: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    odds: list[tuple[float, bool]] = []
    for case, kind in reading.held_questions():
        weighed = reader.weigh(case.question, case.notes)
        tally = tallies[kind]
        tally["stands"].append(_stands(weighed) == case.stands)
        if case.stands in (TOLD, UNTOLD):
            odds.append((weighed.untold - weighed.told, case.stands == UNTOLD))
        if case.needs:
            likely = {at for at, note in enumerate(weighed.notes) if note > 0}
            best = max(range(len(case.notes)), key=lambda at: weighed.notes[at])
            tally["best"].append(best in case.needs)
            tally["all"].append(case.needs <= likely | {best})
    shares = {
        kind: {name: round(sum(of) / len(of), 3) for name, of in tally.items()} | {"n": len(tally["stands"])}
        for kind, tally in sorted(tallies.items())
    }
    return {**shares, "untold_auroc": round(auroc(odds), 3)}


def _stands(weighed: Weighed) -> int:
    every = (weighed.told, weighed.untold, weighed.elsewhere)
    return every.index(max(every))


def _messages(reader: Reader, reading: Reading) -> dict[str, Any]:
    """For each threshold on the odds: F1 of the values and false alarms."""
    read = [(item, reader.mark(item.message)) for item in reading.held_messages()]
    every = [(marked.odds, bool(item.facts)) for item, marked in read]
    figures: dict[str, Any] = {"auroc": round(auroc(every), 3), "n": len(read), "names": _names(read)}
    for threshold in THRESHOLDS:
        found = wanted = right = alarms = empty = 0
        for item, marked in read:
            values = _values(item.message, marked) if marked.odds >= threshold else []
            gold = [value for _, value in item.facts]
            found, wanted, right = found + len(values), wanted + len(gold), right + matches(values, gold)
            empty, alarms = empty + (not gold), alarms + (not gold and bool(values))
        f1 = 2 * right / max(1, found + wanted)
        figures[f"{threshold:g}"] = {"f1": round(f1, 3), "false_alarms": round(alarms / max(1, empty), 3)}
    return figures


def _names(read: Sequence[tuple[Noticing, Marked]]) -> dict[str, float]:
    """Of the written values that are found: the share that gets a name, and that gets the written one."""
    given = []
    for item, marked in read:
        written = {value: canonical(name) for name, value in item.facts}
        found = [(item.message[span.start : span.end], span.name) for span in marked.spans]
        given += [(name, written[value]) for value, name in found if value in written]
    named = [canonical(name) == wanted for name, wanted in given if name]
    whose = [taken_apart(name)[0] == taken_apart(wanted)[0] for name, wanted in given if name]
    return {
        "named": round(len(named) / max(1, len(given)), 3),
        "right": round(sum(named) / max(1, len(named)), 3),
        "whose": round(sum(whose) / max(1, len(whose)), 3),
    }


def _values(message: str, marked: Marked) -> list[str]:
    return [message[span.start : span.end] for span in marked.spans]


def auroc(scored: Sequence[tuple[float, bool]]) -> float:
    """The chance that a true one scores above a false one; half for equals."""
    true, false = [s for s, t in scored if t], [s for s, t in scored if not t]
    wins = sum((a > b) + 0.5 * (a == b) for a in true for b in false)
    return wins / max(1, len(true) * len(false))
