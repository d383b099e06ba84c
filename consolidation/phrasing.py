"""Every way in which a fact is asked for: to train on, and others that are kept for the exam."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from consolidation import grammar

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from consolidation.grammar import Frame

_WORDS = Path(__file__).parent / "words"
NOT_TOLD = "You haven't told me {}."


@cache
def phrases() -> dict[str, Any]:
    """The phrase tables."""
    return tomllib.loads((_WORDS / "phrases.toml").read_text("utf-8"))


@cache
def slots() -> dict[str, Any]:
    """What people may not have told."""
    return tomllib.loads((_WORDS / "slots.toml").read_text("utf-8"))


@cache
def general() -> tuple[str, ...]:
    """Ordinary requests."""
    lines = (_WORDS / "general.txt").read_text("utf-8").splitlines()
    return tuple(line for line in lines if line.strip() and not line.startswith("#"))


def plain(question: str) -> str:
    """A question without what does not matter: two with the same plain form are the same question."""
    text = question.casefold().replace("’", "'")
    text = re.sub(r"\b(what|who|where|when|how|that|it|name)'s\b", r"\1 is", text)
    text = re.sub(r"\bi'm\b", "i am", text)
    return " ".join(re.findall(r"\w+", text))


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as the night needs it: its sentence, and the value that must be in every answer."""

    fact_id: int
    sentence: str
    value: str
    attribute: str = ""


@dataclass(frozen=True, slots=True)
class Questions:
    """Ways to ask for one fact: direct ones and those that take a step of thought."""

    direct: tuple[str, ...]
    indirect: tuple[str, ...]


class Asking:
    """How one fact can be asked for and answered.

    Args:
        told: the fact.
    """

    def __init__(self, told: Told) -> None:
        self.told = told
        self.frame = grammar.take_apart(told.sentence, told.value)
        self._gap = grammar.with_gap(told.sentence, told.value).rstrip(".")
        self.family, self._caught = _family(self._gap)

    @property
    def answer(self) -> str:
        """The fact, said to the user."""
        if self.frame is not None:
            return self.frame.statement("you")
        text = grammar.turn(self.told.sentence, "you", subject=True)
        return text[:1].upper() + text[1:]

    @property
    def bare(self) -> str:
        """Only the value, as a sentence."""
        return self.told.value[:1].upper() + self.told.value[1:].rstrip(".") + "."

    @property
    def slot(self) -> str:
        """The slot that the fact fills, to go after "my": "dog's name"; empty when it has no name."""
        if self.family is None or "slot" not in self.family:
            return ""
        x = self._caught.get("x", "")
        if x.startswith("the "):
            return ""
        return str(self.family["slot"]).format(x=x.removeprefix("my "))

    @property
    def thing(self) -> str:
        """What the fact is about, as the user says it: "my dog"; empty when it is the user."""
        caught = self._caught.get("x", "")
        if caught.startswith(("my ", "the ")):
            return caught
        noun = self.frame.noun("I") if self.frame is not None else ""
        return noun if noun.lower().startswith(("my ", "the ")) else ""

    def training(self) -> Questions:
        """Ways that may be trained on."""
        return self._questions("")

    def everyday(self) -> tuple[str, ...]:
        """Those of them that fit any fact."""
        table = phrases()["general"]
        return tuple(self._fill(p) for p in (*table["direct"], *table["indirect"]) if self._can(p))

    def held(self) -> Questions:
        """Ways that only the exam uses."""
        return self._questions("held")

    def _questions(self, kind: str) -> Questions:
        direct, indirect = ("held", "held_indirect") if kind else ("direct", "indirect")
        tables = [table for table in (self.family, phrases()["general"]) if table is not None]
        found = Questions(
            tuple(self._fill(p) for table in tables for p in table.get(direct, ()) if self._can(p)),
            tuple(self._fill(p) for table in tables for p in table.get(indirect, ()) if self._can(p)),
        )
        return found if kind else self._as_slot(found)

    def _as_slot(self, found: Questions) -> Questions:
        """With the fact asked for in the words in which things never told are asked for."""
        if not self.slot:
            return found
        asking = slots()["asking"]
        direct, indirect = (
            tuple(pattern.format(slot=self.slot) for pattern in asking[kind])
            for kind in ("direct", "indirect")
        )
        return Questions((*direct, *found.direct), (*indirect, *found.indirect))

    def _can(self, pattern: str) -> bool:
        needs_frame = any(mark in pattern for mark in ("{q}", "{Q}", "{e}", "{key}"))
        return self.frame is not None or not needs_frame

    def _fill(self, pattern: str) -> str:
        return fill(pattern, self.frame, self._caught, self._opening())

    def _opening(self) -> str:
        if self.frame is not None:
            return self.frame.opening("I")
        return self._gap.split("___")[0].strip()

    # What was not told.

    def of_others(self, name: str, kind: str = "") -> list[tuple[str, str]]:
        """The same asked about somebody else: (question, answer)."""
        if self.frame is None or not (self.frame.own or "The user's" in f"The {self.frame.subject[4:]}"):
            return []
        answer = NOT_TOLD.format(self.frame.clause(name))
        everyday = phrases()["general"]
        patterns = ["Can you say {e}?"] if kind else [*everyday["direct"], *everyday["indirect"][:-1]]
        asked = [fill(p, self.frame, {}, "", name) for p in patterns]
        if self._caught.get("x", "").startswith("my ") and self.family is not None:
            theirs = self._caught | {"x": f"{name}'s {self._caught['x'][3:]}"}
            asked += [
                fill(p, None, theirs, "")
                for p in self.family["held" if kind else "direct"]
                if "{x}" in p
                and not any(mark in p for mark in ("{q}", "{Q}", "{e}", "{key}", " I ", " me ", " my "))
            ]
        return [(question, answer) for question in asked]

    def neighbours(self, known: Collection[str]) -> list[Asking]:
        """The same said of things of the same kind that nothing is known about."""
        if self.frame is None or self.frame.own:
            return []
        last = self.frame.subject.removesuffix("'s name").rsplit(" ", 1)[-1]
        tables = grammar.tables()
        kinds = ("pets", "relatives", "roles", "vehicles", "homes", "groups", "machines")
        kind = next((kind for kind in kinds if last in tables[kind]), None)
        if kind is None:
            return []
        others = [noun for noun in tables[kind] if noun != last and noun not in known]
        swap = re.compile(rf"\b{re.escape(last)}\b")
        return [
            Asking(Told(0, swap.sub(noun, self.told.sentence, count=1), self.told.value)) for noun in others
        ]

    @property
    def not_told(self) -> str:
        """What to say when this was never said."""
        assert self.frame is not None
        return NOT_TOLD.format(self.frame.clause("you"))

    def more(self, known: Collection[str]) -> list[tuple[str, str]]:
        """What else could be asked about the thing: (question, answer)."""
        thing = self.thing
        if not thing or len(thing.split()) > 3 or thing.endswith("'s name"):
            return []
        last = thing.rsplit(" ", 1)[-1]
        if last in grammar.people():
            table = slots()["asking"]["people_more"]
        elif any(last in grammar.tables()[kind] for kind in ("pets", "vehicles", "machines")):
            table = slots()["asking"]["more"]
        else:
            return []
        yours = re.sub(r"\bmy\b", "your", thing)
        return [
            (question.format(x=thing), NOT_TOLD.format(about.format(x=yours)))
            for question, about in table
            if not set(re.findall(r"\w{4,}", about)) & set(known)
        ]


def fill(pattern: str, frame: Frame | None, caught: dict[str, str], opening: str, who: str = "I") -> str:
    """A phrase with its places filled, capitalised as the pattern is."""
    question = grammar.contracted(frame.question(who)) if frame is not None else ""
    clause = grammar.contracted(frame.clause(who)) if frame is not None else ""
    x = caught.get("x", "")
    y = re.sub(r"^(usual|favou?rite) ", "", x)
    text = pattern.format(
        q=question,
        Q=question[:1].upper() + question[1:],
        e=clause,
        key=keywords(clause),
        x=x,
        X=x[:1].upper() + x[1:],
        y=y,
        opening=opening,
    )
    return " ".join(text.split())


def keywords(clause: str) -> str:
    """The words of a question that carry its meaning: "what my dog is called" is "dog called"."""
    return " ".join(word for word in clause.split() if word.lower() not in grammar.tables()["little"])


def _family(gap: str) -> tuple[dict[str, Any] | None, dict[str, str]]:
    """The first family of phrases whose pattern fits a fact, and what it caught."""
    for family in phrases()["family"]:
        found = re.search(family["match"], gap, re.IGNORECASE)
        if found is None:
            continue
        caught = {key: _inside(value) for key, value in found.groupdict().items() if value}
        if _of_kind(family.get("nouns", ""), caught.get("x", gap)):
            return family, caught
    return None, {}


def _inside(words: str) -> str:
    """Words from a sentence's beginning as they stand inside one: "My dog" is "my dog"."""
    return re.sub(r"^(My|The)\b", lambda found: found[1].lower(), words)


def _of_kind(kind: str, x: str) -> bool:
    if not kind:
        return True
    nouns = grammar.people() if kind == "people" else grammar.tables()[kind]
    words = x.split()
    return any(word in nouns for word in words[-2:]) or any(" ".join(words[-n:]) in nouns for n in (1, 2))


def answered_slots(asking: Asking) -> Sequence[str]:
    """Slots of the table that this fact answers although it shares no word with them."""
    return asking.family.get("slots", ()) if asking.family is not None else ()
