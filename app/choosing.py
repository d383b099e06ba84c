"""Which of the notes that a reader weighed are said: the best, and one that it leads to. Pure.

A reader finds the note that a question names more surely than the one behind it ("The user's sister is
married to Ama." and "Ama is a potter."), and it is blind to dates. Both can be seen from the words.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from memory.scoring import content_words

if TYPE_CHECKING:
    from collections.abc import Sequence

SAID = 0.0  # natural-log odds from which a second note is said beside the best
LED_TO = -3.0  # ... and one that the best leads to
NEAR = 1.5  # nats within which two notes stand as near to a question
MOST = 2
FRAME = frozenset({"user", "users", "s", "said", "also", "called", "name"})
FEW = 2  # notes that a word may stand in to lead from one to the other
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY = re.compile(rf"^\((\d{{1,2}}) ({'|'.join(MONTHS)})[a-z]*(?: (\d{{4}}))?\)", re.IGNORECASE)
_YEAR = re.compile(rf"(?:\b({'|'.join(MONTHS)})[a-z]* )?\b((?:19|20)\d\d)\b", re.IGNORECASE)
_PAST = re.compile(
    r"\b(?:first|original\w*|before|used to|earliest|was|were|did|old|previous\w*|former\w*|ago|until|"
    r"how long|how many|when|since)\b",
    re.IGNORECASE,
)


def chosen(question: str, texts: Sequence[str], odds: Sequence[float], kept: Sequence[int]) -> list[int]:
    """Places of the texts to say, at most ``MOST``.

    Args:
        question: the user's words.
        texts: what was weighed.
        odds: natural-log odds that an answer rests on each.
        kept: the places that bear on it, the best first.
    """
    sure = [at for at in kept if odds[at] >= SAID] or [kept[0]]
    said = sure[:MOST]
    if len(said) == 1 and (leads := _led_to(question, texts, odds, said[0])) is not None:
        said.append(leads)
    return sorted(_still_so(question, texts, odds, said, kept))


def _still_so(
    question: str, texts: Sequence[str], odds: Sequence[float], said: Sequence[int], kept: Sequence[int]
) -> Sequence[int]:
    """Of notes that are dated in the same way only the latest, unless the question is about the past."""
    best = said[0]
    if _PAST.search(question) or _when(texts[best]) is None:
        return said
    near = [at for at in kept if odds[at] >= odds[best] - NEAR]
    dated = [at for at in {*said, *near} if _alike(texts[at], texts[best])]
    latest = max(dated, key=lambda at: _when(texts[at]) or (0, 0, 0))
    return [latest, *(at for at in said if at not in dated)]


def _alike(one: str, other: str) -> bool:
    """Whether both are dated in the same way."""
    first, second = _when(one), _when(other)
    return first is not None and second is not None and bool(first[0]) == bool(second[0])


def _when(text: str) -> tuple[int, int, int] | None:
    """Year (0 where none is given), month and day that a note is dated."""
    if day := _DAY.match(text):
        return int(day[3] or 0), MONTHS.index(day[2].lower()) + 1, int(day[1])
    year = _YEAR.search(text)
    return (int(year[2]), MONTHS.index(year[1].lower()) + 1 if year[1] else 0, 0) if year else None


def _led_to(question: str, texts: Sequence[str], odds: Sequence[float], best: int) -> int | None:
    """The likeliest note that shares with the best an unusual word which the question does not have."""
    words = [set(content_words(text)) - FRAME for text in texts]
    common = Counter(word for each in words for word in each)
    links = {word for word in words[best] - set(content_words(question)) if common[word] <= FEW}
    linked = [at for at in range(len(texts)) if at != best and words[at] & links and odds[at] >= LED_TO]
    return max(linked, key=lambda at: odds[at], default=None)
