"""Words of a sentence rewritten: without what was not wanted, written out, spelt otherwise. Pure."""

from __future__ import annotations

import re
import tomllib
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# Programs, links and addresses are nobody's wording.
KEPT = re.compile(r"`[^`]*`|!?\[[^\]]*\]\([^)]*\)|<?https?://\S+|\b\w+\([^)]*\)")
EMOJI = re.compile(
    "\\s*[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0f\u200d\U000e0020-\U000e007f]+"
    r"|\s*(?<!\w)[:;]-?[)D(P](?!\w)"
)
SORRY = re.compile(
    r"^(?:oh,? )?(?:(?:i['’]?m |i am )?(?:so |very )?sorry|i apologi[sz]e|my apologies|apologies)"
    r"\b[^,.!?;]*[,.!?;]?\s*(?:but )?",
    re.IGNORECASE,
)
ENDINGS = r"(?:s|ed|ing|er|ers|ful|fully|less|able|ably|ite|ites|hood|hoods|ly|ist)?"


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def around_programs(text: str, change: Callable[[str], str]) -> str:
    """A text changed everywhere but in programs, links and addresses."""
    parts, end = [], 0
    for match in KEPT.finditer(text):
        parts += [change(text[end : match.start()]), match.group()]
        end = match.end()
    return "".join((*parts, change(text[end:])))


def addressed(text: str, name: str) -> str:
    """A sentence said to somebody by name."""
    match = re.search(r"[.!?…:]+[\"”')]*$", text)
    return f"{text[: match.start()]}, {name}{match.group()}" if match else f"{text}, {name}"


def capital(text: str) -> str:
    """With a capital letter at its beginning."""
    return text[:1].upper() + text[1:]


def without_opening(text: str, openers: Iterable[str]) -> str:
    """A first sentence without the usual pleasantries, and without these words, however it goes on."""
    usual, own = _any_of(_words()["openers"]), _any_of(openers)
    ends = r"(?:\s*[,.!:;]+\s*|\s+[–—-]+\s*|\s*$)"
    pattern = rf"^\W*(?:(?:{usual}){ends})+"
    if own:
        pattern = rf"^\W*(?:(?:{usual}){ends}|(?:{own})(?:{ends}|\s+(?!(?-i:[A-Z][a-z]))))+"
    return capital(re.sub(pattern, "", text, flags=re.IGNORECASE))


def _any_of(words: Iterable[str]) -> str:
    every = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(word).replace("'", "['’]") for word in every)


def without_words(text: str, banned: Iterable[str]) -> str:
    """A sentence without these words, as far as it can do without."""
    for word in banned:
        text = re.sub(rf",?\s*(?<!\w){re.escape(word)}s?(?![\w'’])", "", text, flags=re.IGNORECASE)
    return capital(re.sub(r"^[\s,;:]+|\s+(?=[,.!?;:])", "", text)) if banned else text


def _in_full(text: str) -> str:
    for pattern, whole in _words()["contractions"]:
        text = re.sub(pattern, whole, text, flags=re.IGNORECASE)
    return text


# What replies can be without, and how a sentence is rid of it.
PLAIN: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("emoji", lambda text: EMOJI.sub("", text)),
    ("markdown", lambda text: re.sub(r"(\*{1,3}|__)(?=\S)(.+?)(?<=\S)\1|^#+\s+", r"\2", text)),
    ("bracket", lambda text: re.sub(r"\s*\([^)]*\)", "", text)),
    ("contraction", _in_full),
    ("exclamation", lambda text: re.sub(r"!+(?!=)", ".", text).replace("?.", "?")),
    ("dash", lambda text: re.sub(r"\s+[–—]+\s*|(?<!\d)[–—]+\s*|(?<=[^\W\d]) - (?=[^\W\d])", ", ", text)),
    ("semicolon", lambda text: text.replace(";", ",")),
)


def without_apology(text: str) -> str:
    """A sentence that does not begin by being sorry."""
    return capital(SORRY.sub("", text))


def spelt(text: str, spelling: str) -> str:
    """A text in British or American spelling; names inside a sentence stay as they are."""
    for american, british, endings in _spellings():
        old, new = (american, british) if spelling == "british" else (british, american)
        text = re.sub(rf"\b{old}({endings})\b", partial(_like, new), text, flags=re.IGNORECASE)
    return text


@cache
def _spellings() -> tuple[tuple[str, str, str], ...]:
    words = _words()
    stems = tuple((old, new, "e|es|ed|er|ers|ing|ation|ations") for old, new in words["stems"])
    return (*((old, new, ENDINGS) for old, new in words["spelling"]), *stems)


def _like(new: str, match: re.Match[str]) -> str:
    """A word in the case of what it takes the place of."""
    old, before = match.group(), match.string[: match.start()].rstrip()
    if old.isupper():
        return (new + match[1]).upper()
    if old[:1].isupper() and before and before[-1] not in '.!?:“"':
        return old  # a name
    return capital(new + match[1]) if old[:1].isupper() else new + match[1].lower()
