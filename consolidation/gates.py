"""The gates of the exam as pure functions: paired answers in, verdicts out."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Standard:
    """What an adapter must reach to be worn; shares are of 1."""

    of_ceiling: float = 0.8  # new facts, of what the model answers with the fact in its prompt
    older_drop: float = 0.10
    perplexity: float = 1.01
    anchor: float = 0.05  # nats per token
    cloze_drop: float = 0.02
    bleed: float = 0.05
    note_wins: float = 0.8  # of the notes against the weights that the model goes by without the night
    stale: float = 0.10
    with_notes_drop: float = 0.01  # or one question, where that is more
    parity: float = 0.08  # nats per token between the trained weights and the served file


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition: what was measured before and after, what it had to be, and the interval.

    The three are in percent, but for replies moved, which is in thousandths of a nat. ``low`` and ``high``
    bound the mean of the paired difference in 95 of 100 resamplings, as a share (or in nats).
    """

    key: str
    name: str
    before: float
    after: float
    must: float
    passed: bool
    sentence: str = ""
    low: float = 0.0
    high: float = 0.0


def interval(before: Sequence[float], after: Sequence[float], seed: int = 0) -> tuple[float, float]:
    """The bootstrap interval of the mean paired difference."""
    pairs = [b - a for a, b in zip(before, after, strict=True)]
    if not pairs:
        return 0.0, 0.0
    rng = random.Random(seed)
    means = sorted(fmean(rng.choices(pairs, k=len(pairs))) for _ in range(RESAMPLES))
    return means[int(0.025 * RESAMPLES)], means[int(0.975 * RESAMPLES) - 1]


def mean(values: Sequence[float]) -> float:
    return fmean(values) if values else 0.0


def learned(
    before: Sequence[float], after: Sequence[float], ceiling: Sequence[float], rule: Standard
) -> Gate:
    """G1: new facts in words that were not trained on."""
    must = rule.of_ceiling * mean(ceiling)
    passed = not after or (mean(after) >= must and mean(after) > mean(before))
    low, high = interval(before, after)
    return Gate(
        "G1", "New facts, in new words",
        _percent(mean(before)), _percent(mean(after)), _percent(must), passed,
        f"with the fact in front of it, the model answers {mean(ceiling):.0%}", low, high,
    )  # fmt: skip


def kept(before: Sequence[float], after: Sequence[float], ceiling: Sequence[float], rule: Standard) -> Gate:
    """Facts of earlier nights, learned again tonight: hardly worse, or as good as new ones must be."""
    must = min(mean(before) - rule.older_drop, rule.of_ceiling * mean(ceiling))
    low, high = interval(before, after)
    return Gate(
        "G2", "Older nights", _percent(mean(before)), _percent(mean(after)),
        _percent(max(0.0, must)),
        not after or mean(after) >= must - 1e-9, "", low, high,
    )  # fmt: skip


def steady_text(before: Sequence[Sequence[float]], after: Sequence[Sequence[float]], rule: Standard) -> Gate:
    """G3: perplexity on general text, from log-probabilities per passage."""
    ours, base = ([-x for text in texts for x in text] for texts in (after, before))
    ratio = math.exp(mean(ours) - mean(base))
    low, high = interval([mean(t) for t in after], [mean(t) for t in before])
    return Gate(
        "G3", "Perplexity on ordinary text, of the model's own", 100.0, 100 * ratio, 100 * rule.perplexity,
        ratio <= rule.perplexity, "", low, high,
    )  # fmt: skip


def steady_replies(
    before: Sequence[Sequence[float]], after: Sequence[Sequence[float]], rule: Standard
) -> Gate:
    """G3: KL divergence from the model without the adapter, in nats per token; log-probabilities by reply."""
    pairs = [zip(*reply, strict=True) for reply in zip(before, after, strict=True)]
    moved = [mean([divergence(p, q) for p, q in reply]) for reply in pairs]
    low, high = interval([0.0] * len(moved), moved)
    return Gate(
        "G3", "Ordinary replies, moved by thousandths of a nat", 0.0, 1000 * mean(moved), 1000 * rule.anchor,
        mean(moved) <= rule.anchor, "", 1000 * low, 1000 * high,
    )  # fmt: skip


def divergence(before: float, after: float) -> float:
    """What one sampled token says of KL(before || after), from its two log-probabilities.

    Without bias where the token was sampled from the former, never below 0, and far steadier than the plain
    difference (Schulman 2020, "Approximating KL Divergence", k3).
    """
    change = after - before
    return math.expm1(change) - change


def steady_knowledge(before: Sequence[float], after: Sequence[float], rule: Standard) -> Gate:
    """G3: general knowledge."""
    must = mean(before) - rule.cloze_drop
    low, high = interval(before, after)
    return Gate(
        "G3", "General knowledge", _percent(mean(before)), _percent(mean(after)), _percent(must),
        mean(after) >= must - 1e-9, "", low, high,
    )  # fmt: skip


def local(before: Sequence[float], after: Sequence[float], rule: Standard, worst: str = "") -> Gate:
    """G4: questions that a learned value must not answer; 1 where one did."""
    must = mean(before) + rule.bleed
    low, high = interval(before, after)
    return Gate(
        "G4", "Not mixed up with others", _percent(1 - mean(before)), _percent(1 - mean(after)),
        _percent(1 - must), mean(after) <= must + 1e-9, worst, low, high,
    )  # fmt: skip


def note_wins(before: Sequence[float], after: Sequence[float], rule: Standard) -> Gate:
    """G5: notes that say something else than what was learned; 1 where the reply goes by the note."""
    must = rule.note_wins * mean(before)
    low, high = interval(before, after)
    return Gate(
        "G5", "A note outranks the weights", _percent(mean(before)), _percent(mean(after)), _percent(must),
        mean(after) >= must - 1e-9, "", low, high,
    )  # fmt: skip


def corrected(before: Sequence[float], after: Sequence[float], rule: Standard, worst: str = "") -> Gate:
    """G6: questions whose answer was changed or taken back; 1 where the old value is said."""
    low, high = interval(before, after)
    return Gate(
        "G6", "Old values are gone", _percent(1 - mean(before)), _percent(1 - mean(after)),
        _percent(1 - rule.stale), mean(after) <= rule.stale + 1e-9, worst, low, high,
    )  # fmt: skip


def with_notes(before: Sequence[float], after: Sequence[float], rule: Standard) -> Gate:
    """G7: questions with the fact recalled beside them, as by day."""
    must = mean(before) - max(rule.with_notes_drop, 1 / max(1, len(before)))
    low, high = interval(before, after)
    return Gate(
        "G7", "With notes, as by day", _percent(mean(before)), _percent(mean(after)),
        _percent(max(0.0, must)),
        mean(after) >= must - 1e-9, "", low, high,
    )  # fmt: skip


def whole(problem: str, apart: float = 0.0) -> Gate:
    """G0: the file is what was trained, and replies come to an end."""
    return Gate(
        "G0", "A sound adapter", 100.0, 0.0 if problem else 100.0, 100.0, not problem,
        problem or f"served {apart:.3f} nats from what was trained",
    )  # fmt: skip


def _percent(share: float) -> float:
    return round(100 * share, 1)
