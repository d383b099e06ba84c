"""How the user wants to be answered, read from what they say: lengths, shape, words, figures.

A small model forgets such wishes by the second sentence. So those that can be checked are read by rules
(``manner.toml``) into a ``Manner``, which holds for every reply until it is taken back.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MANNER = "style preference"  # the name of such facts
NUMBERS = {
    "a": 1, "an": 1, "one": 1, "single": 1, "a single": 1, "two": 2, "a couple of": 2, "three": 3, "four": 4,
    "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "twenty": 20,
    "thirty": 30, "fifty": 50, "hundred": 100, "a hundred": 100,
    "ein": 1, "zwei": 2, "drei": 3, "een": 1, "twee": 2, "drie": 3, "une": 1, "deux": 2, "trois": 3,
    "una": 1, "dos": 2, "tres": 3, "due": 2, "tre": 3,
}  # fmt: skip
LONGEST = 1000  # characters that are read: nobody says it in more
SENTENCE = re.compile(r"[^.!?\n]*(?:[.!?]+(?=\s|$)|[.!?]+(?=[^\s])[^.!?\n]*[.!?]*|\n|$)")
LITTLE = frozenset(
    {"", "so", "it", "that", "this", "anything", "nothing", "much", "no", "yes", "hello", "goodbye"}
)
CUES = {  # what the words of ``manner.toml``'s [cues] stand between
    "lasting": r"\b(?:{})\b",
    "for_good": r"\b(?:{})\b",
    "this_once": r"\b(?:{})\b",
    "request": r"(?:^|[,;:]\s|\bso )\W*(?:please |now |(?:can|could|would|will) you (?:please )?)?(?:{})\b",
    "answers": r"\b(?:{})\b",
    "narrates": r"\b(?:{})\b",
    "refused": r"\b(?:{})\b[^.!?;,]{{0,24}}$",
}


@dataclass(frozen=True, slots=True)
class Manner:
    """What every reply must keep to; a field at its default asks for nothing.

    ``sentences``, ``words``, ``lines``, ``paragraphs`` and ``items`` are upper limits.
    """

    sentences: int = 0
    words: int = 0
    lines: int = 0
    paragraphs: int = 0
    items: int = 0
    brief: bool = False
    listing: str = ""  # bullets, numbers, none
    case: str = ""  # upper, lower
    without: frozenset[str] = frozenset()
    yes_no: bool = False
    no_opening: frozenset[str] = frozenset()
    opening: str = ""
    closing: str = ""
    banned: frozenset[str] = frozenset()
    address: str = ""
    clock: int = 0
    units: str = ""  # grams, metric, imperial
    spelling: str = ""  # british, american
    lifted: frozenset[str] = frozenset()  # fields, and things to be without, that are taken back

    def and_then(self, later: Manner) -> Manner:
        """Both; where they say different things, the later, which may also take back what was wished."""
        changes: dict[str, Any] = {}
        for field in fields(self):
            mine, value = getattr(self, field.name), getattr(later, field.name)
            if isinstance(value, frozenset):
                changes[field.name] = (mine - later.lifted) | value
            elif value or field.name in later.lifted:
                changes[field.name] = value
        return replace(self, **changes)


NOTHING = Manner()


def read(text: str) -> Manner:
    """What a text asks of replies; ``NOTHING`` where it asks nothing that can be checked."""
    found = NOTHING
    for match in SENTENCE.finditer(text[:LONGEST]):
        found = found.and_then(_read(match.group()))
    return found


def one_off(question: str) -> Manner:
    """How long the reply to this one question is to be ("in two sentences, ...")."""
    values: dict[str, Any] = {}
    for match in _lengths().finditer(question[:LONGEST]):
        unit = match["unit"].casefold().removesuffix("s")
        values[f"{unit}s"] = _number(match["n"])
    return Manner(**values)


def together(texts: Iterable[str]) -> Manner:
    """What these ask for, the latest last."""
    found = NOTHING
    for text in texts:
        found = found.and_then(read(text))
    return replace(found, lifted=frozenset())


def stated(message: str) -> Iterator[tuple[int, int]]:
    """Where a message says for good how to answer.

    What belongs to one request ("in two sentences, what is ...") does not, nor what is told of oneself
    ("I take it one step at a time").
    """
    message = message[:LONGEST]
    parts = [match.span() for match in SENTENCE.finditer(message) if match.group().strip()]
    wishes = [(a, b) for a, b in parts if _read(message[a:b]) != NOTHING]
    alone = not any(_requests(message[start:end]) for start, end in parts)
    for_good = alone and (len(wishes) == len(parts) or _cue("lasting").search(message) is not None)
    for start, end in wishes:
        own = message[start:end]
        if _cue("this_once").search(own) or _requests(own) or not _is_to_me(own):
            continue
        if for_good or _cue("lasting").search(own):
            start += len(own) - len(own.lstrip())
            yield start, start + len(own.strip())


def _is_to_me(sentence: str) -> bool:
    """Whether a sentence is about how to answer: it says so, tells what to do, or is no whole sentence."""
    if _cue("answers").search(sentence) or _tells().search(sentence):
        return True
    return not _cue("narrates").search(re.split(r"[,;:–—-]\s", sentence, maxsplit=1)[0])


def _requests(sentence: str) -> bool:
    """Whether a sentence asks for something now, and not only to be answered so from now on."""
    if _cue("for_good").search(sentence):
        return False
    if sentence.rstrip().endswith("?") or re.search(r":\s+\S", sentence):
        return True
    return _cue("request").search(sentence) is not None


def _read(sentence: str) -> Manner:
    values: dict[str, Any] = {}
    lifted: set[str] = set()
    for field, value, pattern in _rules():
        if field in values and field not in ("without", "banned"):
            continue
        if match := pattern.search(sentence):
            if field == "lifted":
                lifted.add(str(value))
            elif _cue("refused").search(sentence[: match.start()]):
                lifted.add(str(value) if field == "without" else field)
            else:
                _set(values, field, value, match)
    if values.get("no_opening"):
        values.pop("opening", None)
    if without := values.get("without"):
        values["without"] = without - lifted
    return Manner(**values, lifted=frozenset(lifted))


def _set(values: dict[str, Any], field: str, value: Any, match: re.Match[str]) -> None:
    groups = match.groupdict()
    if field in ("banned", "no_opening"):
        words = _items(next(filter(None, (groups.get(key) for key in ("items", "quoted", "own")))))
        values[field] = values.get(field, frozenset()) | words
    elif field == "without":
        values[field] = values.get(field, frozenset()) | {value}
    elif field in ("opening", "closing", "address"):
        values[field] = groups["quoted"].strip("\"“”‘’' ")
    else:
        values[field] = value if value is not None else _number(groups["n"])


def _items(text: str) -> frozenset[str]:
    parts = re.split(r"\s*(?:,|/|\bor\b|\band\b|\bnor\b)\s*", text)
    words = {part.strip("\"“”‘’' ").casefold() for part in parts}
    return frozenset(words - LITTLE)


def _number(word: str) -> int:
    return int(word) if word.isdigit() else NUMBERS[" ".join(word.casefold().split())]


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


@cache
def _cue(name: str) -> re.Pattern[str]:
    return re.compile(CUES[name].format("|".join(_table()["cues"][name])), re.IGNORECASE)


@cache
def _tells() -> re.Pattern[str]:
    """A sentence that tells what to do, after words that may lead up to it."""
    leads, tells = ("|".join(_table()["cues"][name]) for name in ("leads", "tells"))
    return re.compile(rf"^\W*(?:(?:{leads})[\s,]+)*(?:{tells})\b", re.IGNORECASE)


@cache
def _lengths() -> re.Pattern[str]:
    """How long one reply is to be."""
    return re.compile(
        r"\b(?:in|within|under|at most|no more than|max(?:imum)?|up to)\s+"
        rf"(?P<n>\d{{1,3}}|{'|'.join(NUMBERS)})\s+"
        r"(?:short |brief |full |single )?(?P<unit>sentences?|words?|lines?|paragraphs?)\b",
        re.IGNORECASE,
    )


@cache
def _rules() -> list[tuple[str, Any, re.Pattern[str]]]:
    table = _table()
    names = "|".join(sorted(map(re.escape, NUMBERS), key=len, reverse=True))
    item = table["words"]["item"]
    places = {
        "{n}": rf"(?P<n>\d{{1,3}}|{names})",
        "{no}": rf"\b{table['words']['no']}\b",
        "{answers}": table["words"]["answers"],
        "{items}": rf"(?P<items>(?:{item}, ?)*{item}(?: (?:or|and|nor) {item})+|{item})",
    }
    rules = []
    for rule in table["rule"]:
        for pattern in rule["match"]:
            for place, means in places.items():
                pattern = pattern.replace(place, means)
            rules.append((rule["field"], rule.get("value"), re.compile(pattern, re.IGNORECASE)))
    return rules
