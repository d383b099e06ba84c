"""The morning report: what was learned and what not, and the exam; as JSON and as Markdown."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from consolidation.exam import Verdict


def compose(
    night_id: int,
    headline: str,
    learned: Sequence[str],
    refused: Sequence[tuple[str, str]],
    verdict: Verdict | None,
    minutes: float,
    unsure: Sequence[tuple[str, str]] = (),
    retention: Sequence[dict[str, int]] = (),
) -> dict[str, Any]:
    """The report as plain values; figures of the exam are percent right.

    ``unsure`` are learned sentences that the weights do not give by heart, with what they say instead;
    ``retention`` is how much is known by heart of what each night brought.
    """
    gates = verdict.gates if verdict is not None else []
    return {
        "night": night_id,
        "headline": headline,
        "learned": list(learned),
        "unsure": [{"sentence": sentence, "said": said} for sentence, said in unsure],
        "retention": list(retention),
        "refused": [{"sentence": sentence, "why": why} for sentence, why in refused],
        "exam": [
            {
                **asdict(gate),
                "before": round(gate.before, 1),
                "after": round(gate.after, 1),
                "must": round(gate.must, 1),
            }
            for gate in gates
        ],
        "scales": {
            f"{scale:g}": [gate.name for gate in tried if not gate.passed]
            for scale, tried in (verdict.tried.items() if verdict is not None else ())
        },
        "scale": verdict.scale if verdict is not None else 0.0,
        "minutes": round(minutes, 2),
    }


def markdown(report: dict[str, Any]) -> str:
    """The same for a person."""
    lines = [f"# Night {report['night']}", "", report["headline"], ""]
    if report["learned"]:
        said = {unsure["sentence"]: unsure["said"] for unsure in report.get("unsure", ())}
        lines += ["## Learned", ""]
        lines += [f"- {sentence}{_unsure(said.get(sentence))}" for sentence in report["learned"]]
        lines += [""]
    if report["refused"]:
        lines += ["## Not learned", "", *(f"- {r['sentence']} ({r['why']})" for r in report["refused"]), ""]
    if report["exam"]:
        lines += ["## Exam", "", "| What | Before | After | Had to be | |", "|---|---|---|---|---|"]
        lines += [
            f"| {gate['name']} | {gate['before']:g} | {gate['after']:g} | {gate['must']:g} | "
            f"{'passed' if gate['passed'] else 'FAILED'} |"
            for gate in report["exam"]
        ]
        lines += [""]
    lines += [f"Worn at {report['scale']:g}. It took {report['minutes']:.1f} minutes.", ""]
    return "\n".join(lines)


def _unsure(said: str | None) -> str:
    return "" if said is None else f" (looked up; by heart it is: “{said}”)"


def write(folder: Path, report: dict[str, Any]) -> Path:
    """Both forms into the folder of reports, for the owner's eyes only; returns the Markdown file."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    stem = f"night-{report['night']:04}"
    save(folder / f"{stem}.json", json.dumps(report, ensure_ascii=False, indent=1) + "\n")
    path = folder / f"{stem}.md"
    save(path, markdown(report))
    return path


def save(path: Path, text: str) -> None:
    """Replace a file in one step; only its owner may read it."""
    beside = path.with_name(path.name + ".writing")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    beside.replace(path)
