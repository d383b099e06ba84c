"""The exam, on the served path: GGUF model, memory skill and the night's adapter in llama.cpp.

Every question is asked with and without the adapter, so that what the model never could do is not held
against the night. Scales are tried from the largest; the first that passes every gate is worn.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from consolidation import gates
from consolidation.dream import held_out
from consolidation.gates import Gate, Standard
from consolidation.phrasing import general
from consolidation.served import Served, holds
from models.adapters import AdapterFile, AdapterRefused
from models.engine import Worn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from consolidation.paper import Paper, Question

SCALES = (1.0, 0.9, 0.75, 0.5)
_DATA = Path(__file__).parent / "exam_data"


@dataclass(slots=True)
class Verdict:
    """How each scale did; ``scale`` is what may be worn, 0 for nothing."""

    scale: float = 0.0
    tried: dict[float, list[Gate]] = field(default_factory=dict)

    @property
    def gates(self) -> list[Gate]:
        """The gates at the scale that is worn, else those at full strength."""
        return self.tried.get(self.scale) or next(iter(self.tried.values()), [])

    @property
    def why(self) -> str:
        """The first gate that refused, in words."""
        failed = next((gate for gate in self.gates if not gate.passed), None)
        if failed is None:
            return ""
        tail = f" ({failed.sentence})" if failed.sentence else ""
        return f"{failed.name}: {failed.after:g}, and it had to be {failed.must:g}{tail}"


@cache
def rows(name: str) -> list[dict[str, str]]:
    """A data file of the exam."""
    return [json.loads(line) for line in (_DATA / name).read_text("utf-8").splitlines() if line.strip()]


# What the model does by itself: asked once for a model, the same for every night.


@dataclass(frozen=True, slots=True)
class Usual:
    """The model without a night: text, ordinary replies of its own and general knowledge."""

    texts: tuple[tuple[float, ...], ...]
    replies: tuple[tuple[str, str, tuple[float, ...]], ...]  # question, sampled reply, log-probabilities
    cloze: tuple[float, ...]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, plain_values: dict[str, Any]) -> Usual:
        return cls(
            tuple(map(tuple, plain_values["texts"])),
            tuple((q, r, tuple(p)) for q, r, p in plain_values["replies"]),
            tuple(plain_values["cloze"]),
        )


def usual(served: Served) -> Usual:
    """Measure the model without a night."""
    replies = []
    for seed, question in enumerate([q for q in general() if held_out(q)]):
        reply = served.reply(question, most=32, temperature=1.0, seed=seed + 1).text
        if reply:
            replies.append((question, reply, tuple(served.log_probs(question, [reply], ended=False)[0])))
    return Usual(tuple(map(tuple, _texts(served))), tuple(replies), tuple(_cloze(served)))


def _texts(served: Served) -> list[list[float]]:
    return [served.log_probs(row["question"], [row["text"]], ended=False)[0] for row in rows("texts.jsonl")]


def perplexity_logs(served: Served) -> float:
    """Mean log-probability of a token of ordinary text."""
    return gates.mean([token for text in _texts(served) for token in text])


def _cloze(served: Served) -> list[float]:
    """1 where the right ending is likelier than the wrong one, per token."""
    marks = []
    for row in rows("cloze.jsonl"):
        right, wrong = served.log_probs(row["question"], [row["right"], row["wrong"]], ended=False)
        marks.append(float(gates.mean(right) > gates.mean(wrong)))
    return marks


# The exam.


@dataclass(frozen=True, slots=True)
class Candidate:
    """The adapter to be examined, with what training says it should say.

    ``probes`` are (question, reply, mean log-probability under the trained weights).
    """

    path: Path
    base_sha256: str
    architecture: str
    probes: tuple[tuple[str, str, float], ...] = ()


class Exam:
    """One night's exam.

    Args:
        base: the model with its skill and nothing of a night.
        yesterday: the model as it is worn now.
        candidate: the new adapter.
        paper: what is asked.
        usual: the model by itself.
        rule: what must be reached.
        told: how far it is.
    """

    def __init__(
        self,
        base: Served,
        yesterday: Served,
        candidate: Candidate,
        paper: Paper,
        usual: Usual,
        rule: Standard = Standard(),  # noqa: B008
        told: Callable[[float], None] = lambda share: None,
    ) -> None:
        self._base, self._yesterday, self._candidate = base, yesterday, candidate
        self._paper, self._usual, self._rule, self._told = paper, usual, rule, told

    def sit(self, scales: Sequence[float] = SCALES) -> Verdict:
        """Try the scales from the largest; stop at the first that passes."""
        verdict, paper = Verdict(), self._paper
        sound = self._integrity()
        if not sound.passed:
            verdict.tried[scales[0]] = [sound]
            return verdict
        facts = (*paper.new, *paper.older)
        ceiling = self._marks(self._base, facts, open_book=True)
        before = self._marks(self._yesterday, facts)
        bled = self._bleed(self._base)[0]
        for number, scale in enumerate(scales):
            self._told(0.3 + 0.7 * number / len(scales))
            tried = [sound]
            for gate in self._gates(scale, ceiling, before, bled):
                tried.append(gate)
                if not gate.passed:
                    break
            verdict.tried[scale] = tried
            if all(gate.passed for gate in tried):
                verdict.scale = scale
                return verdict
        return verdict

    def _gates(
        self, scale: float, ceiling: list[float], before: list[float], bled: list[float]
    ) -> Iterator[Gate]:
        """The gates one after the other; the cheap and the likely to fail first."""
        worn, count, rule = (
            self._base.wearing(Worn(self._candidate.path, scale)),
            len(self._paper.new),
            self._rule,
        )
        facts = (*self._paper.new, *self._paper.older)
        after = self._marks(worn, facts)
        yield gates.learned(before[:count], after[:count], ceiling[:count], rule)
        yield gates.kept(before[count:], after[count:], ceiling[count:], rule)
        marks, worst = self._bleed(worn)
        yield gates.local(bled, marks, rule, worst)
        yield gates.with_notes(ceiling, self._marks(worn, facts, open_book=True), rule)
        altered = self._paper.altered
        yield gates.note_wins(
            self._marks(self._base, altered, open_book=True),
            self._marks(worn, altered, open_book=True),
            rule,
        )
        yield self._corrected(worn)
        yield self._moved(worn)
        yield gates.steady_text(self._usual.texts, _texts(worn), rule)
        yield gates.steady_knowledge(self._usual.cloze, _cloze(worn), rule)

    def _marks(self, served: Served, questions: Sequence[Question], open_book: bool = False) -> list[float]:
        marks = []
        for question in questions:
            notes = [question.note] if open_book else []
            reply = served.reply(question.text, notes, most=len(question.value) // 2 + 24)
            marks.append(float(holds(reply.text, question.value)))
        return marks

    def _bleed(self, served: Served) -> tuple[list[float], str]:
        """1 where a learned value answers what it must not; and one such question."""
        marks, worst = [], ""
        for question in self._paper.elsewhere:
            reply = served.reply(question.text, most=32).text
            bled = [v for v in self._paper.values if holds(reply, v) and not holds(question.text, v)]
            marks.append(float(bool(bled)))
            worst = worst or (f"“{question.text}” was answered with “{bled[0]}”" if bled else "")
        return marks, worst

    def _corrected(self, worn: Served) -> Gate:
        stale = self._paper.stale
        before, after = self._marks(self._yesterday, stale), self._marks(worn, stale)
        said = next((q for q, mark in zip(stale, after, strict=True) if mark), None)
        worst = f"“{said.text}” is still answered with “{said.value}”" if said else ""
        return gates.corrected(before, after, self._rule, worst)

    def _moved(self, worn: Served) -> Gate:
        said = self._usual.replies
        after = [worn.log_probs(q, [r], ended=False)[0] for q, r, _ in said]
        return gates.steady_replies([p for _, _, p in said], after, self._rule)

    def _integrity(self) -> Gate:
        candidate = self._candidate
        problem = file_problem(candidate)
        if problem:
            return gates.whole(problem)
        worn = self._base.wearing(Worn(candidate.path, 1.0))
        served = [gates.mean(worn.log_probs(q, [r], ended=False)[0]) for q, r, _ in candidate.probes]
        apart = gates.mean([abs(a - p) for a, (_, _, p) in zip(served, candidate.probes, strict=True)])
        if apart > self._rule.parity:
            return gates.whole(
                f"the served adapter does not say what was trained: {apart:.2f} nats a token apart", apart
            )
        endless = [q.text for q in self._paper.new[:8] if not worn.reply(q.text, most=96).ended]
        if len(endless) > 1:
            return gates.whole("its replies do not come to an end", apart)
        return gates.whole("", apart)


def file_problem(candidate: Candidate) -> str:
    """What is wrong with an adapter file; empty when nothing is."""
    try:
        adapter = AdapterFile.read(candidate.path)
    except AdapterRefused as problem:
        return str(problem)
    if adapter.base_sha256 != candidate.base_sha256 or adapter.architecture != candidate.architecture:
        return "it was made for another model"
    arrays = [array for pair in adapter.tensors.values() for array in pair]
    if not all(np.isfinite(array).all() for array in arrays):
        return "it holds numbers that are not numbers"
    if not any(np.abs(up).max() > 0 for _, up in adapter.tensors.values()):
        return "it changes nothing: all of it is zero"
    return ""
