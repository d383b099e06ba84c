"""Small models sometimes say one thing over and over: seen here, so that it ends. Pure."""

from __future__ import annotations

import re

_AGAIN = re.compile(r"(?P<said>.{8,160}?)(?P=said){3,}\Z", re.DOTALL)
_SENTENCE_END = re.compile(r"[.!?\n]")
_REACH = 800  # characters


def unlooped(text: str) -> str | None:
    """The text with what it says again and again said once; None when it does not."""
    said = text.rstrip()
    found = _AGAIN.search(said, max(0, len(said) - _REACH))
    if found is None:
        return None
    start, period = found.start(), len(found["said"])
    while start and said[start - 1] == said[start - 1 + period]:
        start -= 1
    once = start + period
    end = _SENTENCE_END.search(said, once, once + period)
    return said[: end.end() if end else once].rstrip()
