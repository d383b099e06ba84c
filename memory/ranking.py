"""How past turns are ranked: a small model over what was found, whose weights are learned once.

A turn counts for what it says itself, for what is said around it (answers follow questions, and a subject is
named once), and more if it is by whom the question is about. ``ranker.toml`` has the weights;
``benchmarks/_ranker.py`` learned them on conversations written for this project.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from memory.lexical import words_of
from memory.scoring import asks_dormouse, is_about, nearness, of_best

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from memory.scoring import Place

PERSON, USER, DORMOUSE = range(3)  # whose a turn is: a person's in an imported chat, the user's, Dormouse's
COUNTS = ("before", "after", "further", "answers", "asks", "about")


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts how much: bm25 beside similarity, and per kind of speaker each of ``COUNTS``.

    ``before``, ``after`` and ``further``: of a turn's score lent by the turns around it; ``answers``: more of
    the turn before where that one asks; ``asks``: taken off a turn that asks; ``about``: more for a turn by
    whom the question is about.
    """

    words: float
    counts: tuple[tuple[float, ...], ...]


@cache
def weights() -> Weights:
    """The learned ones; ``benchmarks/_ranker.py`` wrote them."""
    table = tomllib.loads(Path(__file__).with_name("ranker.toml").read_text(encoding="utf-8"))
    kinds = (table["person"], table["user"], table["dormouse"])
    return Weights(table["words"], tuple(tuple(kind[name] for name in COUNTS) for kind in kinds))


def rank(
    question: str, meaning: Mapping[int, float], words: Mapping[int, float], places: Sequence[Place]
) -> list[tuple[int, float]]:
    """Turns with their scores, best first. ``places`` are in the order in which they were said."""
    learned = weights()
    near, shared = nearness(meaning), of_best(words)
    found = np.array([near.get(p.id, 0.0) + learned.words * shared.get(p.id, 0.0) for p in places])
    scored = around(found, Surroundings.of(question, places), np.array(learned.counts))
    pairs = zip((place.id for place in places), scored.tolist(), strict=True)
    return sorted(pairs, key=lambda pair: (-pair[1], -pair[0]))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around each of n turns: kinds, places of neighbours (-1 is none), flags that are 0 or 1."""

    whose: NDArray[np.int64]
    neighbours: NDArray[np.int64]  # (4, n): one and two before, one and two after
    asks: NDArray[np.float64]
    about: NDArray[np.float64]

    @classmethod
    def of(cls, question: str, places: Sequence[Place]) -> Surroundings:
        asked, of_dormouse = set(words_of(question)), asks_dormouse(question)
        chats = np.array([place.conversation_id for place in places], dtype=np.int64)
        rows = [_neighbours(chats, distance) for distance in (-1, -2, 1, 2)]
        return cls(
            np.array([_whose(place) for place in places], dtype=np.int64),
            np.stack(rows) if places else np.zeros((4, 0), dtype=np.int64),
            np.array([float(place.asks) for place in places]),
            np.array([float(is_about(place, asked, of_dormouse)) for place in places]),
        )


def _neighbours(chats: NDArray[np.int64], distance: int) -> NDArray[np.int64]:
    """For each turn the place of the one so far away in the same conversation, or -1."""
    there = np.arange(len(chats)) + distance
    inside = (there >= 0) & (there < len(chats))
    same = chats == chats[np.clip(there, 0, max(0, len(chats) - 1))]
    return np.where(inside & same, there, -1)


def around(found: Any, stand: Surroundings, counts: Any) -> Any:
    """Scores in the light of what stands around each turn.

    Plain arithmetic on arrays, numpy's or torch's, so that learning computes just what recall does.

    Args:
        found: (n,) or (questions, n), each turn's own score.
        stand: the surroundings.
        counts: (3, len(COUNTS)), the weights for each kind of speaker.
    """
    before, before2, after, after2 = (
        found[..., at] * (at >= 0) for at in stand.neighbours
    )  # place -1 is the last turn, made nothing by the mask
    asking = stand.asks[stand.neighbours[0]]
    mine = counts[stand.whose]
    own = found * (1 - mine[:, 4] * stand.asks)
    lent = mine[:, 0] * before + mine[:, 1] * after + mine[:, 2] * (before2 + after2)
    return (own + lent + mine[:, 3] * asking * before) * (1 + mine[:, 5] * stand.about)


def _whose(place: Place) -> int:
    if place.name:
        return PERSON
    return USER if place.speaker == "user" else DORMOUSE
