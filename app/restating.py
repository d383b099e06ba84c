"""A note said back to the user: "The user sings contralto." becomes "You sing contralto."

A small model that is to answer from a note mixes up its words, or picks those that stand nearest to the
question's. What the user asks to know is therefore said as it was remembered.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from consolidation import grammar
from memory.scoring import stop_words

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 60  # words of a question; more is a text to be worked on
_ANYBODY = re.compile(r"(?:^|(?<=[.!?,] ))\W*(?:can|could|may|might|should) i\b", re.IGNORECASE)
_NAME = re.compile(r"\b[A-ZÀ-Þ]\w+")
_DATED = re.compile(r"^\(((?:until )?[^()]{3,30})\) ")
_SAID = re.compile(r'^(The user|Dormouse|[^":]{1,40}) said: "(.*)"$', re.DOTALL)
_USER = re.compile(
    r"^The user (?P<adverb>(?:\w+ly |also |only |still |never |always |often |now )*)(?P<verb>\w+)\b"
)
_BE = {"is": "are", "was": "were", "isn't": "aren't", "wasn't": "weren't", "has": "have", "does": "do"}


def asks_to_know(question: str) -> bool:
    """Whether a message asks for something known, rather than for something to be made."""
    words = question.split()
    return len(words) <= LONGEST and not asks_to_make(question)


def asks_to_make(question: str) -> bool:
    """Whether something is to be made: a poem, a list, a plan."""
    return _making().search(question) is not None


def is_personal(question: str, texts: Sequence[str]) -> bool:
    """Whether a question may be about the user: it says "my" or "I", or a name that is known.

    Who asks "Can I put iron in the dishwasher?" means anybody.
    """
    if _mine().search(_ANYBODY.sub("", question)):
        return True
    known = {word for text in texts for word in _NAME.findall(text)}
    return any(name in known and name.casefold() not in stop_words() for name in _NAME.findall(question))


def restated(note: str) -> str:
    """A note in the second person, with its date behind it."""
    dated = _DATED.match(note)
    date, text = (dated[1], note[dated.end() :]) if dated else ("", note)
    if said := _SAID.match(text):
        who = {"The user": "you", "Dormouse": "I"}.get(said[1], said[1])
        return (
            f'On {date} {who} said: "{said[2]}"' if date else f'{who[:1].upper()}{who[1:]} said: "{said[2]}"'
        )
    text = _to_you(text.strip())
    if date:
        text = f"{text.rstrip('.')} ({date})."
    return text


def _to_you(text: str) -> str:
    """From the third person to the second; another language stays as it is."""
    begins = _USER.match(text)
    if begins is not None:
        rest = re.sub(r"\b(his|her|their)\b", "your", text[begins.end() :])
        rest = re.sub(r"\b(and|but|or) (has|is|was|does)\b", lambda m: f"{m[1]} {_BE[m[2]]}", rest)
        text = f"You {begins['adverb']}{_second(begins['verb'])}{rest}"
    text = grammar.turn(text, "you", subject=True)
    return text[:1].upper() + text[1:]


def _second(verb: str) -> str:
    if verb in _BE:
        return _BE[verb]
    base, helper = grammar.base_form(verb)
    return base if helper == "does" else verb


@cache
def _tables() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("making.toml").read_text("utf-8"))


@cache
def _mine() -> re.Pattern[str]:
    words = "|".join("|".join(each.split()) for each in _tables()["mine"].values())
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


@cache
def _making() -> re.Pattern[str]:
    """How people ask for something to be made: a request that begins a sentence."""
    verbs = "|".join(_tables()["making"].values())
    politely = "please|bitte|can you|could you|would you|kannst du|peux-tu|kun je|puoi|puedes"
    return re.compile(rf"(?:^|[.!?,;:\n]\s*|\b(?:{politely})\s+)(?:{verbs})\b", re.IGNORECASE)
