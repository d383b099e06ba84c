"""What a message tells about the user: proposed by the model, kept only where the message bears it out.

Only what the user typed is ever read here: the assistant's words and recalled notes are no evidence.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from memory import cues, phrases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from memory.ports import Completer

EXTRACT_SYSTEM = "Extract lasting facts about the user as JSON."
NOTHING, SOMETHING = "{}", '{"'
THRESHOLD = -1.0  # natural-log odds of "something" over "nothing" from which facts are proposed
CUES_COUNT = 0.75  # of the words' own odds, added to the model's; both set on messages that were held out
MAX_TOKENS = 160
LONGEST_READ = 4000  # characters: a longer message is a paste, and only its beginning is read
LONGEST_VALUE = 120
CODE_SHARE = 0.08  # of the characters; people's sentences stay well below

GRAMMAR = r"""
root ::= "{}" | "{" pair (", " pair){0,7} "}"
pair ::= string ": " string
string ::= "\"" char+ "\""
char ::= [^"\\\x00-\x1f] | "\\" ["\\/bfnrt]
"""

_PAIR = re.compile(r'("(?:[^"\\]|\\.)+")\s*:\s*("(?:[^"\\]|\\.)+")')
_FENCED = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_QUOTED_LINE = re.compile(r"^>.*$", re.MULTILINE)
_CODE = re.compile(r"[{}()\[\]<>=;_\\|#*&^%$@~`]")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A proposed fact; ``start`` and ``end`` are where its value stands in the message."""

    attribute: str
    value: str
    start: int
    end: int
    confidence: float


def notice(message: str, completer: Completer, threshold: float = THRESHOLD) -> list[Candidate]:
    """The lasting facts about the user in one message that the user typed."""
    words = readable(message)
    if not words.strip() or looks_like_code(words):
        return []
    margin = something_over_nothing(words, completer)
    if margin < threshold:
        return []
    reply = completer.complete(
        EXTRACT_SYSTEM, words.strip(), prefix=SOMETHING, grammar=GRAMMAR, max_tokens=MAX_TOKENS
    )
    return list(grounded(parse(reply), words, confidence(margin)))


def something_over_nothing(words: str, completer: Completer) -> float:
    """How much likelier it is, to the model and by the words, that they hold a fact than none."""
    nothing, something = completer.log_odds(EXTRACT_SYSTEM, words.strip(), (NOTHING, SOMETHING))
    return something - nothing + CUES_COUNT * cues.score(words)


def confidence(margin: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, margin))))


def reply_for(facts: list[tuple[str, str]]) -> str:
    """The reply that stands for these facts; the memory skill is trained to give exactly this."""
    pairs = [f"{_quoted(attribute)}: {_quoted(value)}" for attribute, value in facts]
    return "{" + ", ".join(pairs) + "}"


def parse(reply: str) -> list[tuple[str, str]]:
    """The pairs of a reply, also of one that was cut off; an attribute may occur more than once."""
    pairs = []
    for attribute, value in _PAIR.findall(reply):
        try:
            pairs.append((json.loads(attribute), json.loads(value)))
        except json.JSONDecodeError:
            continue  # a broken escape: this pair cannot be trusted, the others can
    return pairs


def grounded(pairs: list[tuple[str, str]], message: str, sure: float = 1.0) -> Iterator[Candidate]:
    """Those pairs whose value stands in the message, each once."""
    seen: set[tuple[str, str]] = set()
    for attribute, value in pairs:
        name = phrases.canonical(attribute)
        span = find(value, message)
        key = (name, value.casefold().strip())
        if not name or span is None or key in seen or len(value) > LONGEST_VALUE:
            continue
        seen.add(key)
        start, end = span
        yield Candidate(name, " ".join(message[start:end].split()), start, end, sure)


def find(value: str, message: str) -> tuple[int, int] | None:
    """Where a value stands in a message as whole words, whatever its case, spacing and apostrophes."""
    match = re.search(whole(value), message, re.IGNORECASE) if value.strip() else None
    return match.span() if match else None


def whole(value: str) -> str:
    """The pattern of a value as whole words, whatever its spacing and apostrophes."""
    words = [re.escape(word).replace("'", "['’]") for word in value.replace("’", "'").split()]
    return r"(?<!\w)" + r"\s+".join(words) + r"(?!\w)"


def readable(message: str) -> str:
    """The user's own words: fenced code and quoted lines blanked out, so that positions stay."""
    for pattern in (_FENCED, _QUOTED_LINE):
        message = pattern.sub(lambda match: " " * len(match.group()), message)
    return message[:LONGEST_READ]


def looks_like_code(words: str) -> bool:
    """Whether the words are mostly a program, a log or a table."""
    solid = "".join(words.split())
    return len(solid) > 20 and len(_CODE.findall(solid)) > CODE_SHARE * len(solid)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
