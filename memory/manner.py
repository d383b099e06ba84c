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
SENTENCE = re.compile(r"[^.!?\n]*(?:[.!?]+(?=\s|$)|[.!?]+(?=[^\s])[^.!?\n]*[.!?]*|\n|$)")
LASTING = re.compile(
    r"\b(?:always|never|ever|every|all your|from (?:now|here) on|in future|going forward|only|with me|"
    r"don['’]?t|do not|stop|quit|i (?:like|prefer|want|need|hate|can['’]?t)|i['’]d (?:like|rather|prefer)|"
    r"immer|künftig|nie|altijd|nooit|voortaan|toujours|jamais|siempre|nunca|sempre|mai|zawsze)\b",
    re.IGNORECASE,
)
LITTLE = frozenset(
    {"", "so", "it", "that", "this", "anything", "nothing", "much", "no", "yes", "hello", "goodbye"}
)
_THIS_ONCE = re.compile(
    r"\bthis (?:time|once|one|answer|reply|poem|paragraph|text|letter|list|email|story)\b|\bfor now\b",
    re.IGNORECASE,
)
_FOR_GOOD = re.compile(
    r"\b(?:always|from (?:now|here) on|in future|going forward|all your|with me|"
    r"every (?:time|answer|reply))\b",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    r"(?:^|[,;:]\s|\bso )\W*(?:please |now |(?:can|could|would|will) you (?:please )?)?"
    r"(?:write|draft|make (?:me|a)|give me|tell me|list|name|explain|describe|summar\w+|plan|suggest|find|"
    r"convert|turn|put|edit|proofread|carry on|fix|redo|rewrite|shorten|discuss|show|translate|compose|draw|"
    r"help|recommend|what|who|where|which|why|how|is|are|does|"
    r"do(?! not|n['’]?t| always| please))\b",
    re.IGNORECASE,
)


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

    def and_then(self, later: Manner) -> Manner:
        """Both; where they say different things, the later."""
        changes: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(later, field.name)
            if isinstance(value, frozenset):
                changes[field.name] = getattr(self, field.name) | value
            elif value:
                changes[field.name] = value
        return replace(self, **changes)


NOTHING = Manner()


def read(text: str) -> Manner:
    """What a text asks of replies; ``NOTHING`` where it asks nothing that can be checked."""
    found = NOTHING
    for match in SENTENCE.finditer(text):
        found = found.and_then(_read(match.group()))
    return found


def one_off(question: str) -> Manner:
    """How long the reply to this one question is to be."""
    found = read(question)
    return Manner(found.sentences, found.words, found.lines, found.paragraphs, found.items)


def together(texts: Iterable[str]) -> Manner:
    """What these ask for, the latest last."""
    found = NOTHING
    for text in texts:
        found = found.and_then(read(text))
    return found


def stated(message: str) -> Iterator[tuple[int, int]]:
    """Where a message says for good how to answer.

    What belongs to one request ("in two sentences, what is ...") does not.
    """
    parts = [match.span() for match in SENTENCE.finditer(message) if match.group().strip()]
    wishes = [(a, b) for a, b in parts if _read(message[a:b]) != NOTHING]
    alone = not any(_requests(message[start:end]) for start, end in parts)
    for_good = alone and (len(wishes) == len(parts) or LASTING.search(message) is not None)
    for start, end in wishes:
        own = message[start:end]
        if _THIS_ONCE.search(own) or _requests(own):
            continue
        if for_good or LASTING.search(own):
            start += len(own) - len(own.lstrip())
            yield start, start + len(own.strip())


def _requests(sentence: str) -> bool:
    """Whether a sentence asks for something now, and not only to be answered so from now on."""
    if _FOR_GOOD.search(sentence):
        return False
    if sentence.rstrip().endswith("?") or re.search(r":\s+\S", sentence):
        return True
    return _REQUEST.search(sentence) is not None


def _read(sentence: str) -> Manner:
    values: dict[str, Any] = {}
    for field, value, pattern in _rules():
        if field in values and field not in ("without", "banned"):
            continue
        if match := pattern.search(sentence):
            _set(values, field, value, match)
    if values.get("no_opening"):
        values.pop("opening", None)
    return Manner(**values)


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
def _rules() -> list[tuple[str, Any, re.Pattern[str]]]:
    table = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    names = "|".join(sorted(map(re.escape, NUMBERS), key=len, reverse=True))
    item = table["words"]["item"]
    places = {
        "{n}": rf"(?P<n>\d{{1,3}}|{names})",
        "{no}": table["words"]["no"] if table["words"]["no"].startswith("(?:") else "",
        "{answers}": table["words"]["answers"],
        "{items}": rf"(?P<items>(?:{item}, ?)*{item}(?: (?:or|and|nor) {item})+|{item})",
    }
    rules = []
    for rule in table["rule"]:
        for pattern in rule["match"]:
            for place, means in places.items():
                pattern = pattern.replace(place, rf"\b{means}\b" if place == "{no}" else means)
            rules.append((rule["field"], rule.get("value"), re.compile(pattern, re.IGNORECASE)))
    return rules
