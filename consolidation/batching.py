"""Examples to batches: grouped by task and length, so that little is padding and no beginning read twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidation.items import Encoded

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from consolidation.base import Base
    from consolidation.items import Example
    from models.engine import Message

WORTH_SHARING = 8  # tokens


def shared_start(items: Sequence[Encoded]) -> list[int]:
    """The tokens that every prompt begins with, when they are worth computing apart."""
    if len(items) < 2:
        return []
    first, last = min(item.ids for item in items), max(item.ids for item in items)
    most = min(min(item.start for item in items) - 1, len(first), len(last))
    length = next((i for i in range(most) if first[i] != last[i]), most)
    return first[:length] if length >= WORTH_SHARING else []


def without_start(items: Sequence[Encoded], length: int) -> list[Encoded]:
    """The items with that many tokens cut off at the front."""
    return [Encoded(item.ids[length:], item.start - length, item.weight) for item in items]


def batches(items: Sequence[Encoded], tokens: int, rng: random.Random) -> list[list[Encoded]]:
    """Group by length, at most ``tokens`` with padding, in random order."""
    ordered = sorted(items, key=lambda item: len(item.ids) + rng.random() * 8)
    grouped: list[list[Encoded]] = [[]]
    for item in ordered:
        if grouped[-1] and (len(grouped[-1]) + 1) * len(item.ids) > tokens:
            grouped.append([])
        grouped[-1].append(item)
    rng.shuffle(grouped)
    return grouped


def epoch_batches(
    base: Base, examples: Sequence[Example], tokens: int, rng: random.Random
) -> list[tuple[list[int], list[Encoded]]]:
    """The batches of an epoch in random order, each with the tokens that all its prompts begin with.

    Examples of one task differ in the last message only, so each task's beginning is computed once a batch.
    """
    tasks: dict[tuple[Message, ...], list[Encoded]] = {}
    for example in examples:
        tasks.setdefault(example.messages[:-1], []).append(base.encode(example))
    grouped = []
    for items in tasks.values():
        start = shared_start(items)
        grouped += [(start, batch) for batch in batches(without_start(items, len(start)), tokens, rng)]
    rng.shuffle(grouped)
    return grouped
