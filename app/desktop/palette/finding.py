"""Which entries a few typed letters mean, the likeliest first. No Qt."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MOST = 60  # entries shown
START, WORD, INSIDE, INITIALS, LETTERS = 100.0, 80.0, 45.0, 60.0, 20.0
SHORT = 60  # characters; letters with gaps between them are looked for in names, not in sentences
WIDEST = 3  # times as far apart as they were typed
ALSO = 0.7  # what a hit in the other words counts beside one in the name


def fold(text: str) -> str:
    """Small letters without accents, so that ``setubal`` finds Setúbal."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be chosen.

    Args:
        key: tells it from all others.
        words: its name.
        icon: its picture.
        act: what choosing it does; gets the window.
        detail: what it is, in a word or two.
        keys: its shortcut.
        also: other words by which it is found.
        ahead: how much it is preferred to others that fit as well.
    """

    key: str
    words: str
    icon: str
    act: Callable[[Any], object]
    detail: str = ""
    keys: str = ""
    also: str = ""
    ahead: float = 0.0
    folded: str = field(init=False)
    others: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "folded", fold(self.words))
        object.__setattr__(self, "others", fold(self.also))


def find(typed: str, entries: Iterable[Entry]) -> list[Entry]:
    """The entries that hold every typed word, best first; all of them, as they stand, for none."""
    wanted = fold(typed).split()
    if not wanted:
        return list(entries)[:MOST]
    scored = [(score(wanted, entry), at, entry) for at, entry in enumerate(entries)]
    hits = sorted((-value, at, entry) for value, at, entry in scored if value > 0)
    return [entry for _value, _at, entry in hits[:MOST]]


def score(wanted: list[str], entry: Entry) -> float:
    """How well an entry fits; 0 is not at all."""
    total = 0.0
    for word in wanted:
        best = max(fit(word, entry.folded), ALSO * fit(word, entry.others))
        if not best:
            return 0.0
        total += best
    return total / len(wanted) + entry.ahead - min(len(entry.folded), 100) / 50


def fit(word: str, text: str) -> float:
    """How well one folded word fits a folded text."""
    if text.startswith(word):
        return START
    if re.search(rf"\b{re.escape(word)}", text):
        return WORD
    if word in text:
        return INSIDE
    if len(word) < 2 or len(text) > SHORT:
        return 0.0
    if _in_order(word, "".join(re.findall(r"\b\w", text))) is not None:
        return INITIALS
    reach = _in_order(word, text)
    return LETTERS * len(word) / reach if reach is not None and reach <= WIDEST * len(word) else 0.0


def _in_order(word: str, text: str) -> int | None:
    """How far the letters of a word reach in a text that has them in this order."""
    first = at = text.find(word[0])
    for letter in word[1:]:
        if at < 0:
            return None
        at = text.find(letter, at + 1)
    return at - first + 1 if at >= 0 else None
