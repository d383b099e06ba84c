"""From the written text to the examples of one epoch: widened by code, never the same twice.

Names are replaced by invented ones, notes shuffled, dated and joined by notes of other people's
questions, and a note that a direct question rests on is sometimes taken away, so that the same words
are answered once and "You haven't told me" the next time. One part in sixteen is held out untouched.
"""

from __future__ import annotations

import calendar
import json
import math
import random
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.prompt import SYSTEM, with_notes
from consolidation.items import Example
from consolidation.skill.names import rare_names, rename, renaming
from memory.extract import EXTRACT_SYSTEM, reply_for
from models.engine import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TEXT = Path(__file__).parent / "text"
MONTHS = calendar.month_name[1:]
MOST_NOTES = 9
ASKING = ("What's my {}?", "what is my {}", "remind me of my {}", "my {}?")
TAKEN_AWAY = 0.1  # of the direct questions lose the note that they rest on
THINNED = 0.2  # of the questions that are declined are left out of each epoch: a habit soon formed
DECLINING = ("haven't told", "haven't said", "haven't mentioned", "don't know")


@dataclass(frozen=True, slots=True)
class Noticing:
    """A message and the facts in it, as (attribute, exact span)."""

    message: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Answering:
    """A question, the notes recalled for it and the answer; ``needs`` are the notes it rests on."""

    notes: tuple[str, ...]
    question: str
    answer: str
    kind: str
    needs: tuple[int, ...] = ()
    about: str = ""
    whole: bool = True


def read(pattern: str) -> Iterator[dict[str, Any]]:
    """Every row of the text files of a name pattern."""
    for path in sorted(TEXT.glob(pattern)):
        for line in path.read_text("utf-8").splitlines():
            if line.strip():
                yield json.loads(line)


def noticing() -> list[Noticing]:
    """All written messages."""
    rows = [
        Noticing(row["message"], tuple((f["attribute"], f["value"]) for f in row["facts"]))
        for row in read("extract-*.jsonl")
    ]
    return [row for row in rows if all(value in row.message for _, value in row.facts)]


def answering() -> list[Answering]:
    """All written questions; those of the seed say nothing of their kind but what the answer shows."""
    return [
        Answering(
            notes=tuple(row["notes"]),
            question=row["question"],
            answer=row["answer"],
            kind=row.get("kind") or ("abstain" if _declines(row["answer"]) else "seed"),
            needs=tuple(row.get("needs", ())),
            about=row.get("about", ""),
        )
        for row in read("grounded-*.jsonl")
    ]


def general() -> list[Answering]:
    """General prompts with the base model's own answers."""
    return [
        Answering((), row["question"], row["answer"], "general", whole=row["whole"])
        for row in read("base-answers.jsonl")
    ]


def held_out(key: str) -> bool:
    """One item in sixteen, the same ones for ever: what thresholds are set on."""
    return zlib.crc32(key.encode()) % 16 == 0


def notice_example(item: Noticing) -> Example:
    """In the app's own words."""
    messages = (Message("system", EXTRACT_SYSTEM), Message("user", item.message))
    return _example(messages, reply_for(list(item.facts)))


def answer_example(item: Answering) -> Example:
    """In the app's own words."""
    words = with_notes(item.question, item.notes)
    return _example((Message("system", SYSTEM), Message("user", words)), item.answer, item.whole)


def _example(messages: tuple[Message, ...], reply: str, whole: bool = True) -> Example:
    """Long replies count for more than short ones, but not by as much as they are longer.

    Otherwise ``{}``, two tokens that decide whether anything is noticed, is lost among the others.
    """
    return Example(messages, reply, whole, weight=1 / math.sqrt(len(reply)))


class Text:
    """All written text, split into what is trained and what is held out."""

    def __init__(self) -> None:
        messages, questions = noticing(), answering()
        self.general = general()
        self.rare = rare_names(
            [m.message for m in messages] + [text for q in questions for text in (*q.notes, q.question)]
        )
        self.messages = [m for m in messages if not held_out(m.message)]
        self.questions = [q for q in questions if not held_out(q.question)]
        self.held_messages = [m for m in messages if held_out(m.message)]
        self.held_questions = [q for q in questions if held_out(q.question)]
        self.loose = sorted({note for q in self.questions for note in q.notes if not note.startswith("(")})

    def epoch(self, number: int, seed: int = 0) -> list[Example]:
        """The examples of one epoch; the first is the text as written, but for the notes beside it."""
        rng = random.Random(seed * 1000 + number)
        rate = 0.0 if number == 0 else 0.6
        examples = [notice_example(renamed_message(m, self.rare, rng, rate)) for m in self.messages]
        for question in self.questions:
            if question.kind == "abstain" and rng.random() < THINNED:
                continue
            varied = self._vary_question(question, rng, rate)
            examples.append(answer_example(varied))
        examples += [answer_example(self._beside_notes(g, rng)) for g in self.general]
        examples += [answer_example(item) for item in self._stiff(rng, 150)]
        return examples

    def _vary_question(self, item: Answering, rng: random.Random, rate: float) -> Answering:
        if item.kind in {"chat", "world"} and not item.notes:
            return self._beside_notes(item, rng)
        if item.kind == "direct" and len(item.needs) == 1 and item.about and rng.random() < TAKEN_AWAY:
            item = _without(item)
        if rng.random() < rate:
            names = renaming((*item.notes, item.question, item.answer), self.rare, rng)
            item = replace(
                item,
                notes=tuple(rename(note, names) for note in item.notes),
                question=rename(item.question, names),
                answer=rename(item.answer, names),
            )
        if rng.random() < 0.2 * rate:
            item = replace(item, question=item.question.lower().rstrip("?."))
        return self._arrange(item, rng)

    def _arrange(self, item: Answering, rng: random.Random) -> Answering:
        notes = list(item.notes)
        timed = item.kind == "temporal" or any(note.startswith("(") for note in notes)
        if notes and rng.random() < 0.3:
            notes += rng.sample(self.loose, rng.randint(1, max(1, MOST_NOTES - len(notes))))
        if not timed:
            rng.shuffle(notes)
            if rng.random() < 0.25:
                notes = dated(notes, rng)
        return replace(item, notes=tuple(notes[: max(MOST_NOTES, len(item.notes))]))

    def _beside_notes(self, item: Answering, rng: random.Random) -> Answering:
        """An ordinary request is answered as usual, whatever notes stand beside it."""
        count = rng.choice((0, 0, 2, 4, 6, 8))
        return replace(item, notes=tuple(rng.sample(self.loose, count)))

    def _stiff(self, rng: random.Random, count: int) -> Iterator[Answering]:
        """Questions beside notes in the plain form in which noticed facts are kept."""
        facts = [fact for message in self.messages for fact in message.facts if len(fact[1]) < 40]
        for _ in range(count):
            chosen = rng.sample(facts, rng.randint(2, 7))
            notes = tuple(f"The user's {name} is {value}." for name, value in chosen)
            name, value = rng.choice(chosen)
            if sum(other == name for other, _ in chosen) > 1:
                continue
            question = rng.choice(ASKING).format(name)
            yield Answering(notes, question, f"{value[:1].upper()}{value[1:]}.", "direct")


def renamed_message(item: Noticing, rare: frozenset[str], rng: random.Random, rate: float) -> Noticing:
    """The same message about others, or typed without capitals, now and then."""
    if rng.random() < rate:
        names = renaming([item.message], rare, rng)
        facts = tuple((name, rename(value, names)) for name, value in item.facts)
        message = rename(item.message, names)
        if all(value in message for _, value in facts):
            item = Noticing(message, facts)
    if rng.random() < 0.2 * rate:
        item = Noticing(item.message.lower(), tuple((a, v.lower()) for a, v in item.facts))
    return item


def _without(item: Answering) -> Answering:
    notes = tuple(note for index, note in enumerate(item.notes) if index != item.needs[0])
    return replace(item, notes=notes, answer=f"You haven't told me {item.about}.", kind="abstain", needs=())


def dated(notes: Sequence[str], rng: random.Random) -> list[str]:
    """Notes with the days on which they were made, in order."""
    days = sorted((rng.randint(0, 11), rng.randint(1, 28)) for _ in notes)
    return [f"({day} {MONTHS[month]}) {note}" for (month, day), note in zip(days, notes, strict=True)]


def _declines(answer: str) -> bool:
    return any(words in answer.lower() for words in DECLINING)
