"""Small models sometimes say one thing over and over: seen here, so that it ends. Pure."""

from __future__ import annotations

import re

_AGAIN = re.compile(r"(?P<said>.{8,160}?)(?P=said){3,}\Z", re.DOTALL)
_SENTENCE_END = re.compile(r"[.!?\n]")
_REACH = 800  # characters


def unlooped(text: str) -> str | None:
    """The text with what it says again and again said once; None when it does not."""
    head, tail = text[:-_REACH], text[-_REACH:].rstrip()
    found = _AGAIN.search(tail)
    if found is None:
        return None
    start, period = found.start(), len(found["said"])
    while start and tail[start - 1] == tail[start - 1 + period]:
        start -= 1
    once = start + period
    end = _SENTENCE_END.search(tail, once, once + period)
    return head + tail[: end.end() if end else once].rstrip()
