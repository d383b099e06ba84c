"""How what was found is ranked. Pure functions: numbers and ids in, numbers out."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from memory.lexical import words_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MEANING_POWER = 2  # similarities crowd together; squared, the good ones stand out


@cache
def stop_words() -> frozenset[str]:
    """Words that carry nothing of what a question is about, all languages together."""
    return frozenset(word for words in _tables()["stop"].values() for word in words.split())


@cache
def _tables() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a turn stands and whose it is: ``name`` is a person's in an imported chat.

    What ``asks`` ends with a question, which the next turn may answer, and may tell much before that; a turn
    that does nothing but ask is for ``notes.only_asks``.
    """

    id: int
    conversation_id: int
    speaker: str
    name: str
    asks: bool = False


def content_words(question: str) -> list[str]:
    """The words of a question that carry what it is about; all of them if none do."""
    words = words_of(question)
    return [word for word in words if word not in stop_words()] or words


def fuse(meaning: Mapping[int, float], words: Mapping[int, float]) -> dict[int, float]:
    """One score, 0 to 2, from similarity in meaning and from bm25 (higher is better in both)."""
    near, shared = nearness(meaning), of_best(words)
    return {item: near.get(item, 0.0) + shared.get(item, 0.0) for item in meaning.keys() | words.keys()}


def nearness(meaning: Mapping[int, float]) -> dict[int, float]:
    """Similarities as shares of the best, spread out."""
    return {item: near**MEANING_POWER for item, near in of_best(meaning).items()}


def of_best(scores: Mapping[int, float]) -> dict[int, float]:
    """Scores as shares of the best, 0 to 1."""
    best = max(scores.values(), default=0.0)
    return {item: max(score, 0.0) / best if best > 0 else 0.0 for item, score in scores.items()}


def is_about(place: Place, asked: set[str], of_dormouse: bool) -> bool:
    """Whether the question is about what this speaker said.

    In a chat with Dormouse that is the user, unless the question asks what Dormouse said.
    """
    if place.name:
        return not asked.isdisjoint(words_of(place.name))
    return (place.speaker == "assistant") == of_dormouse


def asks_dormouse(question: str) -> bool:
    """Whether a question asks what Dormouse itself said before ("what did you suggest?")."""
    return _dormouse_said().search(question) is not None


@cache
def _dormouse_said() -> re.Pattern[str]:
    patterns = "|".join(_tables()["dormouse_said"].values())
    return re.compile(rf"\b(?:{patterns})\b", re.IGNORECASE)


def coverage(content: Sequence[str], text: str) -> float:
    """The share of a question's content words that a text holds, as whole words or their beginnings."""
    if not content:
        return 0.0
    there = words_of(text)
    held = sum(any(_akin(word, other) for other in there) for word in content)
    return held / len(content)


def _akin(one: str, other: str) -> bool:
    """The same word, or one with another ending: "work" and "works", "allergies" and "allergy"."""
    if one == other:
        return True
    stem = min(len(one), len(other)) - 1
    return stem >= 4 and one[:stem] == other[:stem] and abs(len(one) - len(other)) <= 3
