"""How two values of one thing stand to each other: the same, more precise, less precise, another. Pure.

The tables are in ``values.toml``.
"""

from __future__ import annotations

import re
import tomllib
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

from memory.moments import date_in, plain

Relation: TypeAlias = Literal["same", "more", "less", "other"]

ALIKE = 0.75  # of the letters: below that a name is another name rather than a slip
NUMBER = 6  # digits from which a value is a number that may be spaced in any way
NOT = frozenset(
    {"not", "no", "don't", "dont", "never", "nicht", "kein", "keine", "keinen", "pas", "niet", "geen", "sin"}
)
_MEASURE = re.compile(r"^(\d+(?:[.,]\d+)?)\s*([a-z]+)$")


def relation(old: str, new: str) -> Relation:
    """How a new value stands to an old one; "more" is the old one, said more precisely."""
    one, other = _told(old), _told(new)
    if one == other or _solid(one) == _solid(other) or _measures_same(one, other):
        return "same"
    if (dates := (date_in(old), date_in(new))) and dates[0] and dates[1]:
        return _between_dates(dates[0], dates[1], one, other)
    return _between_words(_words(one), _words(other))


def are_alike(one: str, other: str) -> bool:
    """Whether two values are spelled so nearly alike that one may be a slip for the other."""
    return SequenceMatcher(None, plain(one), plain(other)).ratio() >= ALIKE


def differ_in_numbers(one: str, other: str) -> bool:
    """Whether two values are the same but for their numbers: "metformin 500 mg", "metformin 850 mg"."""
    first, second = telling_words(one), telling_words(other)
    named = _without_digits(first)
    return first != second and bool(named) and named == _without_digits(second)


def telling_words(value: str) -> frozenset[str]:
    """The words of a value that carry something."""
    return _words(_told(value))


def _told(value: str) -> str:
    """A value in small letters without its country, in the words that stand for such values."""
    words = plain(value).strip(" .!")
    place, comma, wide = words.rpartition(",")
    if comma and wide.strip() in _tables()["places"]["wide"].split():
        words = place
    return _synonyms().get(words, words)


def _words(value: str) -> frozenset[str]:
    small = _tables()["words"]["small"].split()
    found = [word for word in re.findall(r"[\w']+", value) if word not in small]
    return frozenset(word[:-1] if len(word) > 3 and word.endswith("s") else word for word in found)


def _solid(value: str) -> str:
    """The letters alone, in order; of a long number the digits."""
    digits = re.sub(r"\D", "", value)
    if len(digits) >= NUMBER and not re.search(r"[a-z]", value):
        return digits
    small = _tables()["words"]["small"].split()
    return "".join(word for word in re.findall(r"\w+", value) if word not in small)


def _between_words(old: frozenset[str], new: frozenset[str]) -> Relation:
    if old == new:
        return "same" if old else "other"
    if not old or not new or (old ^ new) & NOT:
        return "other"
    return "more" if old < new else "less" if new < old else "other"


def _between_dates(
    old: tuple[int, int, int | None], new: tuple[int, int, int | None], one: str, other: str
) -> Relation:
    """Dates decide by day and month; what else is said must not contradict."""
    if old[:2] != new[:2] or (old[2] and new[2] and old[2] != new[2]):
        return "other"
    if old[2] != new[2]:
        return "less" if old[2] else "more"
    rest = [frozenset(word for word in _words(value) if not _is_of_date(word)) for value in (one, other)]
    return "same" if rest[0] == rest[1] else _between_words(rest[0], rest[1]) if all(rest) else "same"


def _is_of_date(word: str) -> bool:
    return word[:1].isdigit() or date_in(f"1 {word}") is not None


def _without_digits(words: frozenset[str]) -> frozenset[str]:
    return frozenset(word for word in words if not any(letter.isdigit() for letter in word))


def _measures_same(one: str, other: str) -> bool:
    first, second = _measure(one), _measure(other)
    return first is not None and first == second


def _measure(value: str) -> tuple[str, float] | None:
    match = _MEASURE.match(value)
    unit = _tables()["units"].get(match.group(2)) if match else None
    if match is None or unit is None:
        return None
    return unit["of"], round(float(match.group(1).replace(",", ".")) * unit["times"], 3)


@cache
def _synonyms() -> dict[str, str]:
    return {other: name for name, others in _tables()["same"].items() for other in others}


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
