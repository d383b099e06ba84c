"""A colour and a shape for each topic on the map: neither says it alone. No Qt."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from app.desktop import words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from memory.records import Fact


class Look(NamedTuple):
    """``symbol`` is pyqtgraph's name of a shape, ``color`` a name of the theme's."""

    symbol: str
    color: str


LOOKS = (
    Look("o", "accent"), Look("s", "learned"), Look("t1", "good"), Look("d", "code-name"),
    Look("p", "danger"), Look("star", "warn"), Look("h", "learned"), Look("t", "accent"),
    Look("+", "good"), Look("x", "code-name"), Look("t3", "danger"),
)  # fmt: skip
REST = Look("o", "before")


def looks(facts: Iterable[Fact]) -> dict[str, Look]:
    """A look for each topic, the same however the facts are narrowed; those beyond the eleventh share one."""
    counted = Counter(words.topic(fact.topic) for fact in facts)
    names = sorted(counted, key=lambda name: (-counted[name], name))
    return {name: LOOKS[at] if at < len(LOOKS) else REST for at, name in enumerate(names)}
