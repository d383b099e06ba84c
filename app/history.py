"""What of a chat a prompt can hold, and what stands for the rest. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from memory.records import Gist, GistLine, Turn

    Count: TypeAlias = Callable[[Turn | GistLine], int]

NO_TURN = 2**63  # later than every turn
LITTLE = 4  # less than such a part of the room is too little to begin after a stretch
STEP = 8  # turns are let go of in steps, so that the prompt's beginning stays the same for a while


@dataclass(frozen=True, slots=True)
class Room:
    """Tokens: what there is for history in this prompt, what there surely is in others, and for gists."""

    now: int
    usually: int
    gists: int


@dataclass(frozen=True, slots=True)
class Window:
    """The turns that a prompt holds, and the lines that stand for those before them."""

    turns: tuple[Turn, ...] = ()
    earlier: tuple[GistLine, ...] = ()


def window(turns: Sequence[Turn], gists: Sequence[Gist], count: Count, room: Room) -> Window:
    """All the turns where they fit; else those after a stretch that was condensed, with its lines.

    It moves only from the end of one such stretch to that of another, whatever the notes and the question of
    a turn take, so that the beginning of the prompt stays. Where that would leave little the oldest turns go
    in steps.
    """
    most = max(0, min(room.now, room.usually))
    rest = newest(alternating(turns), count, most)
    oldest = rest[0].id if rest else NO_TURN
    gone = max((turn.id for turn in turns if turn.id < oldest and turn.text.strip()), default=0)
    if gone:
        rest = _after_a_stretch(turns, gists, gone)
        if LITTLE * sum(map(count, rest)) < most:
            rest = fitting(alternating(turns), count, most)
    rest = _from_user(rest)  # a chat may begin with a reply, as imported ones do
    first = rest[0].id if rest else NO_TURN
    left = [line for gist in gists for line in gist.lines if line.turn_id < first] if gone else []
    return Window(tuple(rest), tuple(_most_telling(left, count, room.gists)))


def _after_a_stretch(turns: Sequence[Turn], gists: Sequence[Gist], gone: int) -> list[Turn]:
    """What follows the first stretch that ends with a turn which does not fit, or later."""
    end = next((gist.turns[1] for gist in gists if gist.turns[1] >= gone), NO_TURN)
    return _from_user(alternating([turn for turn in turns if turn.id > end]))


def _most_telling(lines: Sequence[GistLine], count: Count, room: int) -> list[GistLine]:
    """As many as fit, in the order they were said."""
    chosen = []
    for line in sorted(lines, key=lambda line: -line.weight):
        if (cost := count(line)) <= room:
            chosen.append(line)
            room -= cost
    return sorted(chosen, key=lambda line: (line.turn_id, line.start))


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


def newest(turns: Sequence[Turn], count: Count, room: int) -> list[Turn]:
    """The newest turns that fit."""
    start = len(turns)
    while start > 0 and (room := room - count(turns[start - 1])) >= 0:
        start -= 1
    return list(turns[start:])


def fitting(turns: Sequence[Turn], count: Count, room: int) -> list[Turn]:
    """The newest turns that fit, fewer by some, beginning with one of the user's."""
    gone = len(turns) - len(newest(turns, count, room))
    return _from_user(turns[-(-gone // STEP) * STEP :])


def _from_user(turns: Sequence[Turn]) -> list[Turn]:
    start = next((at for at, turn in enumerate(turns) if turn.speaker == "user"), len(turns))
    return list(turns[start:])
