"""Words of a sentence rewritten: without what was not wanted, written out, spelt otherwise. Pure."""

from __future__ import annotations

import re
import tomllib
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

EMOJI = re.compile(
    r"\s*[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0f\u200d\U000e0020-\U000e007f]+"
    r"|(?<!\w)[:;]-?[)D(P](?!\w)"
)
SORRY = re.compile(
    r"\b(?:i'?m sorry|i am sorry|sorry|i apologi[sz]e|my apologies|apologies)\b[^,.!?;]*[,.!?;]?\s*(?:but )?",
    re.IGNORECASE,
)


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def addressed(text: str, name: str) -> str:
    """A sentence said to somebody by name."""
    match = re.search(r"[.!?…]+[\"”')]*$", text)
    return f"{text[: match.start()]}, {name}{match.group()}" if match else f"{text}, {name}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def without_opening(text: str, openers: Iterable[str]) -> str:
    """A first sentence without these openings and the usual pleasantries."""
    every = sorted((*openers, *_words()["openers"]), key=len, reverse=True)
    words = "|".join(re.escape(word).replace("'", "['’]") for word in every)
    return _capital(re.sub(rf"^\W*(?:(?:{words})\b[\s,.!:;–—-]*)+", "", text, flags=re.IGNORECASE))


def without_words(text: str, banned: Iterable[str]) -> str:
    """A sentence without these words, as far as it can do without."""
    for word in banned:
        text = re.sub(rf",?\s*\b{re.escape(word)}s?\b", "", text, flags=re.IGNORECASE)
    return _capital(re.sub(r"^[\s,;:]+|\s+(?=[,.!?;:])", "", text)) if banned else text


def _in_full(text: str) -> str:
    for pattern, whole in _words()["contractions"]:
        text = re.sub(pattern, whole, text, flags=re.IGNORECASE)
    return text


# What replies can be without, and how a sentence is rid of it.
PLAIN: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("emoji", lambda text: EMOJI.sub("", text)),
    ("markdown", lambda text: re.sub(r"\*{1,3}|_{2,}|`+|^#+\s*", "", text)),
    ("apology", lambda text: _capital(SORRY.sub("", text))),
    ("bracket", lambda text: re.sub(r"\s*[(\[][^)\]]*[)\]]", "", text)),
    ("contraction", _in_full),
    ("exclamation", lambda text: re.sub(r"!+", ".", text).replace("?.", "?")),
    ("dash", lambda text: re.sub(r"\s*[–—]+\s*| - ", ", ", text)),
    ("semicolon", lambda text: text.replace(";", ",")),
)


def spelt(text: str, spelling: str) -> str:
    """A text in British or American spelling."""
    for american, british in _words()["spelling"]:
        old, new = (american, british) if spelling == "british" else (british, american)
        whole = r"(?!\w)" if len(old) < 4 else ""
        text = re.sub(rf"\b{old}{whole}", partial(_like, new), text, flags=re.IGNORECASE)
    return text


def _like(word: str, match: re.Match[str]) -> str:
    """A word in the case of what it takes the place of."""
    old = match.group()
    if old.isupper() and len(old) > 1:
        return word.upper()
    return _capital(word) if old[:1].isupper() else word
