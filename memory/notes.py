"""How facts and past turns are written as notes: dated, quoted, in few words."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from memory.lexical import words_of
from memory.records import Note

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from memory.records import Fact, Turn

QUOTE = 240  # characters of a past turn in a note


def fact_note(fact: Fact, score: float, moment: datetime) -> Note:
    """A fact as it was kept; with its end, where it is over, and its beginning, where that is to come."""
    when = fact.valid_from or fact.recorded
    text = fact.sentence
    if fact.state == "planned":
        text = f"(from {day(when, moment)}) {text}"
    if fact.state != "current" and fact.valid_to is not None:
        text = f"(until {day(fact.valid_to, moment)}) {text}"
    return Note(f"fact:{fact.id}", text, score, when, day(when, moment), fact.conversation_id)


def turn_note(turn: Turn, words: Sequence[str], score: float, moment: datetime) -> Note:
    """What was said, by whom and when: the part that holds most of these words."""
    who = turn.name or ("The user" if turn.speaker == "user" else "Dormouse")
    when = day(turn.created, moment)
    text = f'({when}) {who} said: "{best_part(turn.text, words)}"'
    return Note(f"turn:{turn.id}", text, score, turn.created, when, turn.conversation_id)


def only_asks(text: str) -> bool:
    """Whether a message is a bare question, which tells nothing."""
    said = text.strip()
    return said.endswith("?") and not re.search(r"[.!\n]", said[:-1])


def day(when: datetime, moment: datetime) -> str:
    """A date as people say it: "3 May", with the year when it is not this year's."""
    local = when.astimezone()
    year = "" if abs(moment - when) < timedelta(days=300) else f" {local.year}"
    return f"{local.day} {local:%B}{year}"


def best_part(text: str, words: Sequence[str], length: int = QUOTE) -> str:
    """The part of a text that holds most of the words, whole sentences where they fit."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    sentences = re.split(r"(?<=[.!?])\s+", line)
    wanted = set(words)
    best = max(range(len(sentences)), key=lambda at: (len(wanted & set(words_of(sentences[at]))), -at))
    part = sentences[best][:length]
    for following in sentences[best + 1 :]:
        if len(part) + len(following) + 1 > length:
            break
        part = f"{part} {following}"
    return part
