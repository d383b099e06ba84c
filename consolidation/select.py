"""What is worth learning tonight: a score that can be explained, and a budget.

Surprise is how unlikely the user's words were to the engine, in nats per token; the idea of ranking memory
by it is from Titans (see docs/lineage.md). A night trains a fresh adapter, so what was learned before is
chosen again for as long as it is true and fits the budget.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from memory.manner import MANNER
from memory.phrases import NOTE
from models.engine import Engine, Message, Request, Worn

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from memory.records import Fact

BUDGET = 48  # facts of one night
WEIGHT = {"health": 1.0, "people": 0.8, "home": 0.6, "self": 0.8, "work": 0.5, "pets": 0.6, "plans": 0.3}
USUAL_WEIGHT = 0.3
PINNED, KNOWN, TOLD_AGAIN = 3.0, 1.0, 0.5
SURPRISE_CAP = 8.0  # nats per token
USED, MOST_USES = 0.2, 31  # for each doubling of the replies that rested on it
FRESH_DAYS = 14.0
LONGEST = 120  # characters of a value: more than that is a text, not a fact


@dataclass(frozen=True, slots=True)
class Choice:
    """A fact that a night could learn, whether it does, and why, in a sentence."""

    fact: Fact
    reason: str
    chosen: bool
    score: float = 0.0


def surprise(engine: Engine, facts: Sequence[Fact], worn: Sequence[Worn] = ()) -> dict[int, float]:
    """Nats per token of each fact as the user said it."""
    ask = (Message("user", "Tell me something about yourself."),)
    found = {}
    for fact in facts:
        said = fact.quote or fact.sentence
        tokens = engine.score(Request(ask, adapters=tuple(worn)), [said])[0][:-1]
        found[fact.id] = -sum(tokens) / max(1, len(tokens))
    return found


def choose(
    facts: Sequence[Fact],
    learned: Collection[int] = (),
    vetoed: Collection[int] = (),
    surprises: Mapping[int, float] | None = None,
    now: datetime | None = None,
    budget: int = BUDGET,
    uses: Mapping[int, int] | None = None,
) -> list[Choice]:
    """Everything that could be learned, best first; as many are chosen as the budget holds.

    Args:
        facts: what is known.
        learned: ids of what the worn night knows.
        vetoed: ids that the user wants left out.
        surprises: nats per token, by fact id.
        now: the time of the night.
        budget: how many facts a night learns.
        uses: how many replies rested on a fact, by its id.
    """
    now, surprises, uses = now or datetime.now(UTC), surprises or {}, uses or {}
    choices = []
    for fact in facts:
        if fact.state != "current":
            continue
        used = uses.get(fact.id, 0)
        score, reason = _judge(fact, fact.id in learned, surprises.get(fact.id), used, now)
        refusal = _refusal(fact, vetoed)
        choices.append(Choice(fact, refusal or reason, not refusal, score))
    choices.sort(key=lambda choice: (-choice.chosen, -choice.score, choice.fact.id))
    return [
        choice if place < budget or not choice.chosen else _left_out(choice, budget)
        for place, choice in enumerate(choices)
    ]


def _refusal(fact: Fact, vetoed: Collection[int]) -> str:
    if fact.id in vetoed:
        return "You asked for it to be left out."
    if len(fact.value) > LONGEST:
        return "It is too long to be learned by heart; it is looked up instead."
    if fact.attribute == NOTE:
        return "It is kept in your own words. Give it a name, and a night can learn it."
    if fact.attribute == MANNER:
        return "It is about how I answer, and is kept to in every reply."
    if fact.valid_to is not None:
        return "It holds only for a while; it is looked up instead."
    return ""


def _left_out(choice: Choice, budget: int) -> Choice:
    return Choice(
        choice.fact, f"A night learns {budget} things and others matter more; it is looked up.", False,
        choice.score,
    )  # fmt: skip


def _judge(fact: Fact, learned: bool, nats: float | None, used: int, now: datetime) -> tuple[float, str]:
    age = max(0.0, (now - fact.recorded).total_seconds() / 86400)
    fresh = max(0.0, 1.0 - age / FRESH_DAYS)
    again = min(2, len(fact.nights))
    score = WEIGHT.get(fact.topic, USUAL_WEIGHT) + fresh + TOLD_AGAIN * again * learned
    score += PINNED * fact.pinned + KNOWN * learned + min(nats or 0.0, SURPRISE_CAP) / SURPRISE_CAP
    score += USED * math.log2(1 + min(used, MOST_USES))
    reasons = ["Learned before and still true" if learned else "New since the last night"]
    if fact.pinned:
        reasons.append("you pinned it")
    if used:
        reasons.append("a reply rested on it" if used == 1 else f"{used} replies rested on it")
    if fact.topic in ("health", "people", "self"):
        reasons.append(f"it is about {_about(fact.topic)}")
    if nats is not None and nats > 4:
        reasons.append(f"nobody could have guessed it ({nats:.1f} nats a word piece)")
    return score, "; ".join(reasons) + "."


def _about(topic: str) -> str:
    return {"health": "your health", "people": "your people", "self": "yourself"}[topic]
