"""The same question as other people would type it: other openings, a word left out, no capitals.

Every epoch sees a message in another dress, so that what is learned hangs on the words that carry its meaning
and not on how it was asked.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

AS_IT_IS = 0.25  # share of messages left alone
NOTES = "Notes about me:"


@cache
def dresses() -> dict[str, list[str]]:
    """The word lists."""
    return tomllib.loads((Path(__file__).parent / "words" / "vary.toml").read_text("utf-8"))


def vary(message: str, rng: random.Random) -> str:
    """A message in another dress; what stands beside notes keeps its notes."""
    if rng.random() < AS_IT_IS:
        return message
    notes, question = _split(message)
    if rng.random() < 0.25:
        question = _described(question, rng)
    if rng.random() < 0.3:
        question = _shortened(question, rng)
    if rng.random() < 0.3:
        question = f"{rng.choice(dresses()['before'])} {_inside(question)}"
    if rng.random() < 0.15:
        question = f"{question.rstrip('.?! ')}{rng.choice(dresses()['after'])}"
    if rng.random() < 0.3:
        question = question.lower()
    if rng.random() < 0.25:
        question = question.rstrip(".?! ")
    return notes + question


def _split(message: str) -> tuple[str, str]:
    if not message.startswith(NOTES):
        return "", message
    notes, _, question = message.rpartition("\n\n")
    return notes + "\n\n", question


def _inside(question: str) -> str:
    """Its first word in lower case, where it is one that begins with a capital only there."""
    first = question.split(" ", 1)[0].casefold().split("'")[0]
    return question[:1].lower() + question[1:] if first in dresses()["first"] else question


def _described(question: str, rng: random.Random) -> str:
    """ "my sister" becomes "my dear sister": what is meant stays the same."""
    places = [found.end() for found in re.finditer(r"\bmy (?=[a-z])", question, re.IGNORECASE)]
    if not places:
        return question
    place = rng.choice(places)
    return f"{question[:place]}{rng.choice(dresses()['adjectives'])} {question[place:]}"


def _shortened(question: str, rng: random.Random) -> str:
    """Some of the words that carry no meaning left out."""
    words = question.split()
    spare = set(dresses()["spare"])
    kept = [w for w in words if w.casefold().strip(".,?!:") not in spare or rng.random() > 0.4]
    return " ".join(kept) if len(kept) >= 2 else question
