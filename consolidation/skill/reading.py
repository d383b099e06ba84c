"""From the written text to what the reader learns in one epoch, each time a little different."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from consolidation.skill.build import Answering, Text, dated, renamed_message
from consolidation.skill.names import rename, renaming

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from consolidation.skill.build import Noticing

TOLD, UNTOLD, ELSEWHERE = range(3)  # in the order of ``models.engine.Weighed``
RENAMED = 0.5  # of the items, after the first epoch, get other names
TAKEN_AWAY = 0.15  # of the questions that are answered lose a note that they rest on
BARE = 0.08  # ... or all of their notes
QUOTED = 0.15  # of the items have notes in the user's own words, as recall quotes past turns
_OWN = (
    (re.compile(r"\b[Tt]he user's\b"), "my"),
    (re.compile(r"\b[Tt]he user is\b"), "I'm"),
    (re.compile(r"\b[Tt]he user was\b"), "I was"),
    (re.compile(r"\b[Tt]he user has\b"), "I have"),
    (re.compile(r"\b[Tt]he user does(n't| not)\b"), "I don't"),
    (re.compile(r"\b[Tt]he user (\w+[^s\W])e?s\b"), r"I \1"),
    (re.compile(r"\b[Tt]he user\b"), "I"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with notes: those it rests on (unknown for some) and how it stands to them."""

    question: str
    notes: tuple[str, ...]
    needs: frozenset[int]
    stands: int
    marked: bool = True


class Reading:
    """What the reader learns from the written text."""

    def __init__(self, text: Text | None = None) -> None:
        self._text = text or Text()

    def messages(self, rng: random.Random, epoch: int) -> list[Noticing]:
        """Every message that is trained on."""
        rate = RENAMED if epoch else 0.0
        return [renamed_message(item, self._text.rare, rng, rate) for item in self._text.messages]

    def questions(self, rng: random.Random, epoch: int) -> list[Asked]:
        """Every question that is trained on, and the general prompts beside notes of other people's."""
        items = [self._vary(item, rng, RENAMED if epoch else 0.0) for item in self._text.questions]
        items += [
            self._beside(Asked(g.question, (), frozenset(), ELSEWHERE), rng) for g in self._text.general
        ]
        return items

    def held_messages(self) -> list[Noticing]:
        return self._text.held_messages

    def held_questions(self) -> list[tuple[Asked, str]]:
        """As written, each with its kind."""
        return [(asked(item), item.kind) for item in self._text.held_questions]

    def _vary(self, item: Answering, rng: random.Random, rate: float) -> Asked:
        if rng.random() < rate:
            item = _renamed(item, self._text.rare, rng)
        if rng.random() < 0.1:
            item = replace(item, question=item.question.lower().rstrip("?."))
        case = asked(item)
        if not case.notes and case.stands == ELSEWHERE:
            return self._beside(case, rng)
        timed = item.kind == "temporal" or any(note.startswith("(") for note in item.notes)
        case = _taken_away(case, rng, timed)
        if rng.random() < 0.3:
            case = self._beside(case, rng, most=4)
        if rng.random() < QUOTED:
            case = replace(case, notes=tuple(quoted(note) for note in case.notes))
        return _shuffled(case, rng, timed)

    def _beside(self, case: Asked, rng: random.Random, most: int = 8) -> Asked:
        more = rng.sample(self._text.loose, rng.randint(0, most))
        return replace(case, notes=(*case.notes, *more))


def asked(item: Answering) -> Asked:
    """An item as written; of the seed's it is not known which notes they rest on."""
    stands = {"abstain": UNTOLD, "world": ELSEWHERE, "chat": ELSEWHERE}.get(item.kind, TOLD)
    marked = bool(item.needs) or stands != TOLD
    return Asked(item.question, item.notes, frozenset(item.needs), stands, marked)


def quoted(note: str) -> str:
    """A note as if it were quoted from a past turn: in the user's own words."""
    if note.startswith("(") or "user" not in note:
        return note
    for pattern, own in _OWN:
        note = pattern.sub(own, note)
    return f'The user said: "{note[:1].upper()}{note[1:]}"'


def _renamed(item: Answering, rare: frozenset[str], rng: random.Random) -> Answering:
    names = renaming((*item.notes, item.question), rare, rng)
    notes = tuple(rename(note, names) for note in item.notes)
    return replace(item, notes=notes, question=rename(item.question, names))


def _taken_away(case: Asked, rng: random.Random, timed: bool) -> Asked:
    """Without a note that it rests on a question is not answered; an older note may answer a timed one."""
    if case.stands != TOLD or not case.needs:
        return case
    luck = rng.random()
    if luck < BARE:
        return replace(case, notes=(), needs=frozenset(), stands=UNTOLD)
    if luck > BARE + TAKEN_AWAY or timed:
        return case
    gone = rng.choice(sorted(case.needs))
    notes = tuple(note for at, note in enumerate(case.notes) if at != gone)
    return replace(case, notes=notes, needs=frozenset(), stands=UNTOLD)


def _shuffled(case: Asked, rng: random.Random, timed: bool) -> Asked:
    order = list(range(len(case.notes)))
    rng.shuffle(order)
    notes: Sequence[str] = [case.notes[at] for at in order]
    if not timed and rng.random() < 0.25:
        notes = dated(notes, rng)
    needs = frozenset(place for place, at in enumerate(order) if at in case.needs)
    return replace(case, notes=tuple(notes), needs=needs)
