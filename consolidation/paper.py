"""The questions of one night's exam: what was learned in words that were not, and what it must not touch."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidation.dream import held_out, unlike, unreal
from consolidation.phrasing import Asking, Told, answered_slots, general, slots

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

MOST_OLDER = 8  # facts of earlier nights that are asked for
LOCAL_EACH = 12


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the value that its answer holds and the note that would tell it."""

    text: str
    value: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """What is asked: new and older facts in unseen words, and what no learned value answers.

    ``altered`` hold notes and values that are not the learned ones; ``stale`` what no longer holds.
    """

    new: tuple[Question, ...]
    older: tuple[Question, ...]
    elsewhere: tuple[Question, ...]
    values: tuple[str, ...]
    altered: tuple[Question, ...] = ()
    stale: tuple[Question, ...] = ()


def set_paper(
    facts: Sequence[Told],
    new: Collection[int],
    known: Sequence[str],
    seed: int = 0,
    past: Sequence[Told] = (),
) -> Paper:
    """The questions of one night.

    Args:
        facts: what was trained.
        new: ids of those that no worn night knew.
        known: sentences of everything that is known.
        seed: the night.
        past: what the night before knew and what holds no more.
    """
    rng = random.Random(seed)
    asked = {told.fact_id: Asking(told) for told in facts}
    older = [told.fact_id for told in facts if told.fact_id not in new]
    chosen = rng.sample(older, min(MOST_OLDER, len(older)))
    fresh = [fact for fact in new if fact in asked]
    held = {fact: list(_held(asked[fact], rng)) for fact in (*fresh, *chosen)}
    return Paper(
        tuple(question for fact in fresh for question in held[fact]),
        tuple(question for fact in chosen for question in held[fact]),
        tuple(_elsewhere(list(asked.values()), known, rng)),
        tuple(told.value for told in facts),
        tuple(_altered(questions[0], rng) for questions in held.values() if questions),
        tuple(question for told in past for question in list(_held(Asking(told), rng))[:1]),
    )


def _altered(question: Question, rng: random.Random) -> Question:
    """The same question beside a note that says something else than what was learned."""
    other = unreal(question.value, rng)
    return Question(question.text, other, question.note.replace(question.value, other))


def _held(asking: Asking, rng: random.Random) -> Iterator[Question]:
    """Two direct questions and an indirect one."""
    ways, told = asking.held(), asking.told
    for kind, count in ((ways.direct, 2), (ways.indirect, 1)):
        for text in unlike(kind, rng)[:count]:
            yield Question(text, told.value, told.sentence)


def _elsewhere(asked: Sequence[Asking], known: Sequence[str], rng: random.Random) -> Iterator[Question]:
    """Slots never stated, the same of other people, near things, the assistant's own self."""
    words = frozenset(" ".join(known).casefold().replace("'s", " ").replace(".", " ").split())
    taken = {slot for asking in asked for slot in answered_slots(asking)}
    free = [
        s
        for s in slots()["nouns"]
        if held_out(s) and s not in taken and not set(s.replace("'s", "").split()) & words
    ]
    for slot in rng.sample(free, min(LOCAL_EACH, len(free))):
        yield Question(
            rng.choice(slots()["asking"]["held"]).format(slot=slot, Slot=slot[:1].upper() + slot[1:])
        )
    others = [q for a in asked for q, _ in a.of_others(rng.choice(slots()["others"]["held"]), "held")]
    near = [
        f"{other.frame.question()}?"
        for a in asked
        for other in a.neighbours(words)
        if other.frame is not None and held_out(other.frame.subject)
    ]
    for texts in (others, near):
        for text in rng.sample(texts, min(LOCAL_EACH, len(texts))):
            yield Question(text[:1].upper() + text[1:])
    for text in [q for q in general() if held_out(q)][:LOCAL_EACH]:
        yield Question(text)
