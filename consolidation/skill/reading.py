"""From the written text to what the reader learns in one epoch, each time a little different."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from consolidation.phrasing import Asking, Told
from consolidation.skill.build import Answering, Text, dated, renamed_message
from consolidation.skill.names import rename, renaming
from memory.phrases import canonical, sentence_for

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Sequence

    from consolidation.skill.build import Noticing

T = TypeVar("T")

TOLD, UNTOLD, ELSEWHERE = range(3)  # in the order of ``models.engine.Weighed``
RENAMED = 0.5  # of the items, after the first epoch, get other names
TAKEN_AWAY = 0.15  # of the questions that are answered lose a note that they rest on
BARE = 0.08  # ... or all of their notes
OF_FACTS = 900  # questions an epoch about facts in the form in which they are kept
LACKING = 0.35  # ... of which lack the fact that is asked for
TELLING = 300  # messages an epoch that tell something and ask nothing
OTHER, USUAL = "(other)", 3  # times that a part of a name must stand in the text to be a class
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


class Names:
    """The usual names of facts, taken apart: whose ("sister's", or nobody's) and what ("name").

    Class 0 is anything else.
    """

    def __init__(self, messages: Sequence[Noticing]) -> None:
        parts = [taken_apart(name) for item in messages for name, _ in item.facts]
        self.owners = _usual(owner for owner, _ in parts)
        self.kinds = _usual(kind for _, kind in parts)

    def classes(self, name: str) -> tuple[int, int]:
        owner, kind = taken_apart(name)
        return _class_of(owner, self.owners), _class_of(kind, self.kinds)


def taken_apart(name: str) -> tuple[str, str]:
    """Whose, and what: "sister's name" is "sister's" and "name"."""
    match = re.match(r"(.+?'s?) (.+)$", canonical(name))
    return (match[1], match[2]) if match else ("", canonical(name))


def _usual(parts: Iterable[str]) -> list[str]:
    counts = Counter(parts)
    return [OTHER, *sorted(part for part, count in counts.items() if count >= USUAL and part != OTHER)]


def _class_of(part: str, usual: list[str]) -> int:
    return usual.index(part) if part in usual else 0


class Reading:
    """What the reader learns from the written text."""

    def __init__(self, text: Text | None = None) -> None:
        self._text = text or Text()
        self.names = Names(self._text.messages)
        self._facts = sorted(
            {fact for item in self._text.messages for fact in item.facts if len(fact[1]) < 40}
        )

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
        items += [_shuffled(self._of_facts(rng), rng, timed=False) for _ in range(OF_FACTS)]
        telling = rng.sample([item for item in self._text.messages if item.facts], TELLING)
        items += [self._beside(Asked(m.message, (), frozenset(), ELSEWHERE), rng) for m in telling]
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
        more += [_said(item.message) for item in _some(self._text.messages, rng, 2)]
        more += [sentence_for(*fact) for fact in _some(self._facts, rng, 3)]
        return replace(case, notes=(*case.notes, *more))

    def _of_facts(self, rng: random.Random) -> Asked:
        """A plain question beside facts in the form in which they are kept; some lack the one asked for."""
        name, value = rng.choice(self._facts)
        wanted = sentence_for(name, value)
        others = [fact for fact in rng.sample(self._facts, rng.randint(1, 7)) if fact[0] != name]
        asking = Asking(Told(0, wanted, value.rstrip("."), name)).training()
        question = rng.choice([*asking.direct, *asking.indirect])
        if rng.random() < 0.2:
            question = question.lower().rstrip("?")
        notes = tuple(sentence_for(*fact) for fact in others)
        if rng.random() < LACKING:
            return self._beside(Asked(question, notes, frozenset(), UNTOLD), rng, most=2)
        return self._beside(Asked(question, (wanted, *notes), frozenset({0}), TOLD), rng, most=2)


def asked(item: Answering) -> Asked:
    """An item as written; of the seed's it is not known which notes they rest on."""
    stands = {"abstain": UNTOLD, "world": ELSEWHERE, "chat": ELSEWHERE}.get(item.kind, TOLD)
    marked = bool(item.needs) or stands != TOLD
    return Asked(item.question, item.notes, frozenset(item.needs), stands, marked)


def _some(items: Sequence[T], rng: random.Random, most: int) -> list[T]:
    """Now and then a few of them."""
    return rng.sample(items, rng.randint(1, most)) if rng.random() < 0.3 else []


def _said(message: str) -> str:
    return f'The user said: "{" ".join(message.split())[:240]}"'


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
