"""Training items: what was chosen, asked in many ways, beside as much that was not told.

An item about the user enters only when the served model gives the same answer with the fact in its
prompt. The idea of asking in many words is from the studies named in docs/lineage.md; learning raw
transcripts was the worst choice wherever it was tried.
"""

from __future__ import annotations

import random
import re
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.prompt import with_notes
from consolidation.items import Example
from consolidation.phrasing import NOT_TOLD, Asking, Told, answered_slots, general, plain, slots
from consolidation.served import Reply, Served, holds, prompt
from consolidation.skill.names import invent

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence


DIRECT, INDIRECT = 12, 6  # phrasings of a fact, before the teacher's check
NOT_TOLD_SHARE = 1.5  # so many things not told for each that was
LEAST = 3  # phrasings that must be left after it
ANCHOR_TOKENS = 24
HELD_OUT = 4  # one slot in so many is kept for the exam


@dataclass(frozen=True, slots=True)
class Item:
    """What is trained: a user's message and the reply; ``fact_id`` is empty where no fact is taught."""

    fact_id: int | None
    question: str
    answer: str


@dataclass(slots=True)
class Dreamt:
    """A night's items, and the facts that could not be learned, each with the reason."""

    items: list[Item] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)


class Dreamer:
    """Makes the items of a night.

    Args:
        facts: what is to be learned.
        known: sentences of everything that is known, learned tonight or not.
        never: plain forms of questions that no item may use.
        seed: the night.
    """

    def __init__(
        self, facts: Sequence[Told], known: Sequence[str], never: Collection[str] = (), seed: int = 0
    ) -> None:
        self._facts = {told.fact_id: Asking(told) for told in facts}
        self._words = frozenset(re.findall(r"[\w-]+", " ".join(known).casefold()))
        taken = {slot for asking in self._facts.values() for slot in answered_slots(asking)}
        self._slots = [slot for slot in slots()["nouns"] if slot not in taken and not self._touches(slot)]
        self._never = frozenset(never)
        self._seed = seed

    def _touches(self, slot: str) -> bool:
        """Whether something known may be the answer to a slot."""
        words = re.findall(r"[\w-]+", slot.casefold().replace("'s name", ""))
        return any(
            word in self._words for word in words if word not in {"favourite", "first", "next", "name"}
        )

    def dream(
        self,
        teacher: Served | None,
        before: Mapping[int, Sequence[Item]] | None = None,
        told: Callable[[float], None] = lambda share: None,
    ) -> Dreamt:
        """All items.

        Args:
            teacher: the served model; without one nothing is checked.
            before: items of an earlier night that were checked then.
            told: how far it is, 0 to 1.
        """
        dreamt = Dreamt()
        for done, (fact_id, asking) in enumerate(self._facts.items()):
            told(done / len(self._facts))
            items = [item for item in (before or {}).get(fact_id, ()) if self._may(item.question)]
            if not items:
                items = [item for item in self._about(fact_id, asking) if self._may(item.question)]
                if teacher is not None:
                    items = [item for item in items if _agrees(teacher, asking, item)]
            if len(items) < LEAST:
                dreamt.refused[fact_id] = "my own answers did not agree with it, however I asked"
                continue
            dreamt.items += items
            dreamt.items += self._not_told(asking, int(NOT_TOLD_SHARE * len(items)))
            dreamt.items += self._from_notes(asking)
        return dreamt

    def _may(self, question: str) -> bool:
        return plain(question) not in self._never

    def _rng(self, fact_id: int) -> random.Random:
        return random.Random(self._seed * 100003 + fact_id)

    def _about(self, fact_id: int, asking: Asking) -> Iterator[Item]:
        rng, ways = self._rng(fact_id), asking.training()
        held = {plain(q) for q in (*asking.held().direct, *asking.held().indirect)}
        everyday = {plain(q) for q in asking.everyday()}
        for asked, count in ((ways.direct, DIRECT), (ways.indirect, INDIRECT)):
            fresh = unlike([q for q in asked if plain(q) not in held and self._may(q)], rng)
            own = {q for q in fresh if plain(q) not in everyday}
            fresh = sorted(fresh, key=lambda q: rng.random() - 0.4 * (q in own))[:count]
            for question in fresh:
                yield Item(fact_id, question, asking.bare if question.endswith("...") else asking.answer)
        about = asking.thing or "me"
        if asking.frame is not None and asking.thing:
            yield Item(fact_id, f"What do you know about {about}?", asking.answer)
        yield Item(fact_id, f"What does {asking.told.value} have to do with me?", asking.answer)

    def _not_told(self, asking: Asking, count: int) -> list[Item]:
        """As many questions that look alike and have no answer: only who or what is asked for differs."""
        rng = self._rng(asking.told.fact_id)
        names = rng.sample(slots()["others"]["names"], 4)
        others = [pair for name in names for pair in asking.of_others(name)]
        alike = self._near(asking)
        near = [
            (question, other.not_told)
            for other in rng.sample(alike, min(6, len(alike)))
            for question in unlike((*other.training().direct, *other.training().indirect), rng)[:6]
        ]
        more = [pair for pair in asking.more(self._words) if not held_out(pair[0])]
        pairs = []
        for table, share in ((others, 0.3), (near, 0.35), (more, 0.1)):
            pairs += rng.sample(table, min(len(table), round(share * count)))
        pairs += [self._slot(rng) for _ in range(max(2, count - len(pairs)))]
        return [Item(None, question, answer) for question, answer in pairs if self._may(question)]

    def _near(self, asking: Asking) -> list[Asking]:
        return [
            other
            for other in asking.neighbours(self._words)
            if other.frame is not None and not held_out(other.frame.subject)
        ]

    def _slot(self, rng: random.Random) -> tuple[str, str]:
        if rng.random() < 0.25:
            table = [q for q in slots()["question"] if not held_out(q["q"]) and not self._touches(q["about"])]
            if table:
                chosen = rng.choice(table)
                question = rng.choice((f"{chosen['q']}?", chosen["q"], f"Remind me, {chosen['q']}?"))
                return _upper(question, rng), NOT_TOLD.format(chosen["about"])
        slot = rng.choice([slot for slot in self._slots if not held_out(slot)] or ["shoe size"])
        asking = slots()["asking"]
        pattern = rng.choice(asking["direct"] if rng.random() < 0.7 else asking["indirect"])
        return pattern.format(slot=slot), NOT_TOLD.format(f"your {slot}")

    def _from_notes(self, asking: Asking) -> list[Item]:
        """What stands in the prompt counts more than what was learned."""
        rng, told = self._rng(asking.told.fact_id + 7), asking.told
        other = unreal(told.value, rng)
        items = []
        if asking.frame is not None:
            note = told.sentence.replace(told.value, other)
            question = rng.choice(
                [q for q in asking.training().direct if self._may(q)] or [asking.frame.question()]
            )
            items.append(Item(None, with_notes(question, [note]), asking.frame.statement("you", other)))
        slot, made_up = rng.choice(self._slots or ["shoe size"]), invent(rng)
        question = rng.choice(slots()["asking"]["direct"]).format(slot=slot)
        notes = [f"The user's {slot} is {made_up}.", told.sentence]
        rng.shuffle(notes)
        items.append(Item(None, with_notes(question, notes), f"Your {slot} is {made_up}."))
        return items


def unlike(questions: Sequence[str], rng: random.Random) -> list[str]:
    """In random order, questions that differ by more than case and punctuation."""
    seen: dict[str, str] = {}
    for question in rng.sample(list(questions), len(questions)):
        seen.setdefault(plain(question), question)
    return list(seen.values())


def held_out(key: str) -> bool:
    """Kept for the exam, the same for ever."""
    return zlib.crc32(key.encode()) % HELD_OUT == 0


def unreal(value: str, rng: random.Random) -> str:
    """Another value of the same look."""
    if any(mark.isdigit() for mark in value):
        return re.sub(r"\d", lambda _: str(rng.randint(1, 9)), value)
    words = [invent(rng) for _ in value.split()[:2]]
    text = " ".join(words)
    return text if value[:1].isupper() else text.lower()


def _upper(question: str, rng: random.Random) -> str:
    return question[:1].upper() + question[1:] if rng.random() < 0.6 else question


def _agrees(teacher: Served, asking: Asking, item: Item) -> bool:
    """Whether the served model, given the fact, answers so too.

    A small model often declines although the fact stands before it, or misspells a rare name while it copies
    it. Then the answer counts if the model finds it likelier than the same words with another value.
    """
    told = asking.told
    if holds(item.question, told.value):
        return True  # the question names the value, so its presence proves nothing
    reply = teacher.reply(item.question, [told.sentence], most=len(told.value) // 2 + 24).text
    if holds(reply, told.value):
        return True
    made_up = unreal(told.value, random.Random(told.fact_id))
    other = re.sub(re.escape(told.value), lambda _: made_up, item.answer, flags=re.IGNORECASE)
    mine, others = teacher.log_probs(item.question, [item.answer, other], [told.sentence])
    return sum(mine) > sum(others)


def declines(reply: str) -> bool:
    """Whether a reply says that it was not told."""
    return bool(
        re.search(r"haven't (told|said|mentioned)|don't know|was(n't| not) told", reply, re.IGNORECASE)
    )


def examples(items: Sequence[Item]) -> list[Example]:
    """In the app's own prompt."""
    return [Example(prompt(item.question), item.answer) for item in items]


def anchors(replies: Sequence[tuple[str, Reply]]) -> list[Example]:
    """General requests with the served model's own replies."""
    return [
        Example(prompt(question), reply.text, whole=reply.ended) for question, reply in replies if reply.text
    ]


def general_replies(
    served: Served, told: Callable[[float], None] = lambda share: None, most: int = ANCHOR_TOKENS
) -> list[tuple[str, Reply]]:
    """The served model's replies to the ordinary requests that are not kept for the exam."""
    asked = [question for question in general() if not held_out(question)]
    replies = []
    for done, question in enumerate(asked):
        told(done / len(asked))
        replies.append((question, served.reply(question, most=most)))
    return replies
