"""What of a chat a prompt can hold. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from memory.records import Turn

STEP = 8  # turns are let go of in steps, so that the prompt's beginning stays the same for a while


def alternating(turns: Sequence[Turn]) -> list[Turn]:
    """The turns with words, neighbours of one speaker joined: templates want the two to take turns."""
    joined: list[Turn] = []
    for turn in turns:
        if not turn.text.strip():
            continue
        if joined and joined[-1].speaker == turn.speaker:
            joined[-1] = replace(joined[-1], text=f"{joined[-1].text}\n\n{turn.text}")
        else:
            joined.append(turn)
    return joined


def fitting(turns: Sequence[Turn], count: Callable[[Turn], int], room: int) -> list[Turn]:
    """The newest turns that fit, beginning with one of the user's."""
    sizes = [count(turn) for turn in turns]
    start = 0
    while start < len(turns) and sum(sizes[start:]) > room:
        start += STEP
    while start < len(turns) and turns[start].speaker != "user":
        start += 1
    return list(turns[start:])
