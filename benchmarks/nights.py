"""Lives of several nights: said in chat, noted, corrected, deleted, slept on; then asked closed-book.

Every night runs through the product's own code in a throw-away home. No question of the files may be
trained on: their plain forms are forbidden to the dreaming.
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from dataclasses import dataclass, field, replace
from math import exp
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.home import Home
from benchmarks._served import rows
from benchmarks._served import skill as skill_of
from consolidation.bed import RECIPE
from consolidation.exam import perplexity_logs
from consolidation.night import Sleep
from consolidation.nights import Nights
from consolidation.phrasing import Asking, Told, plain
from consolidation.served import Served, holds
from consolidation.sleep import bed_of, in_torch
from memory.facts import Facts
from memory.store import Store
from models.engine import Worn
from models.process import EngineProcess

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Sequence

    from consolidation.progress import Progress
    from models.engine import Engine

NOT_TOLD = re.compile(
    r"haven't (told|said|mentioned)|have not (told|said|mentioned)|didn't tell|not told|weren't told|"
    r"don't know|do not know|no idea|not sure",
    re.IGNORECASE,
)
LONGEST = 80  # tokens of a reply


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--life", help="only this life")
    parser.add_argument("--nights", type=int, help="only the first nights of each")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--model", type=Path, help="another GGUF than the built-in one")
    parser.add_argument("--bare", action="store_true", help="without the memory skill")
    parser.add_argument("--skill", type=Path, help="another skill adapter than the one that ships")
    parser.add_argument("--recipe", action="append", default=[], help="name=value, such as epochs=5")
    parser.add_argument("--misses", type=Path, help="write what went wrong to this file")
    parser.add_argument("--keep", type=Path, help="live in this folder and leave it there")


def run(files: Sequence[Path], options: argparse.Namespace) -> dict[str, Any]:
    """One entry a night, all lives in a row."""
    lives = [life for life in rows(files) if options.life in (None, life["life"])]
    nights: list[dict[str, Any]] = []
    misses: list[dict[str, Any]] = []
    for life in lives:
        with tempfile.TemporaryDirectory() as folder:
            living = Life(life, Home((options.keep or Path(folder)) / life["life"]), options)
            try:
                nights += [living.night(number) for number in range(len(life["nights"][: options.nights]))]
            finally:
                living.close()
            misses += living.misses
    if options.misses:
        report = "".join(f"{miss}\n" for miss in misses)
        options.misses.write_text(report, "utf-8")
    return {"nights": nights, "seed": options.seed, "mean": _means(nights)}


def _means(nights: Sequence[dict[str, Any]]) -> dict[str, float]:
    keys = [key for key, value in (nights[0] if nights else {}).items() if isinstance(value, float)]
    found = {key: [night[key] for night in nights if night[key] is not None] for key in keys}
    return {key: round(sum(values) / len(values), 4) for key, values in found.items() if values}


@dataclass
class Known:
    """A fact of a life: where it is in the store and what it is now."""

    fact_id: int
    value: str
    note: str
    ask: list[str]
    night: int
    old_values: list[str] = field(default_factory=list)


class Life:
    """One life in a home of its own.

    Args:
        data: the life as the file has it.
        home: where it is lived.
        options: of the command line.
    """

    def __init__(self, data: dict[str, Any], home: Home, options: argparse.Namespace) -> None:
        self.data, self.home, self.options = data, home, options
        self.store = Store(home.database, home.backups)
        self.facts = Facts(self.store)
        self.chat = self.store.new_conversation()
        self.known: dict[str, Known] = {}
        self.gone: dict[str, Known] = {}
        self.misses: list[dict[str, Any]] = []
        bed = bed_of(home)
        model = options.model or bed.model
        values = dict(pair.split("=", 1) for pair in options.recipe)
        recipe = replace(RECIPE, **{name: _typed(name, text) for name, text in values.items()})
        recipe = replace(recipe, seed=options.seed)
        never = frozenset(plain(question) for question in self._questions())
        self.bed = replace(bed, model=model, skill=skill_of(options, model), recipe=recipe, never=never)
        self.nights = Nights(self.store, home.adapters)
        self.engine: Engine = EngineProcess(None, model)

    def close(self) -> None:
        self.engine.close()
        self.store.close()

    def _questions(self) -> Iterable[str]:
        yield from (ask for night in self.data["nights"] for fact in night["facts"] for ask in fact["ask"])
        yield from map(_question, (*self.data["unstated"], *self.data["others"]))

    def night(self, number: int) -> dict[str, Any]:
        """Live a day, sleep, and be asked."""
        day = self.data["nights"][number]
        for fact in day["facts"]:
            self._hear(fact, number)
        for correction in day["corrections"]:
            self._correct(correction)
        for fact_id in day["deletions"]:
            self._delete(fact_id)
        began = time.monotonic()
        slept = self._sleep()
        minutes = (time.monotonic() - began) / 60
        sys.stderr.write(f"life {self.data['life']} night {day['night']}: {slept.state}. {slept.sentence}\n")
        figures = self._ask(number, [c["fact_id"] for c in day["corrections"]])
        worn = self.nights.current(slept.base_sha256)
        return {
            "life": self.data["life"],
            "night": day["night"],
            **{name: None if share is None else round(share, 4) for name, share in figures.items()},
            "minutes": round(minutes, 2),
            "worn": slept.state == "worn",
            "scale": worn.scale if worn is not None else 0.0,
        }

    # The day.

    def _hear(self, fact: dict[str, Any], number: int) -> None:
        said = self.store.add_turn(self.chat.id, "user", fact["statement"])
        start = fact["statement"].casefold().find(fact["value"].casefold())
        span = (start, start + len(fact["value"])) if start >= 0 else None
        thing = Asking(Told(0, fact["note"], fact["value"])).thing.removeprefix("my ") or "matter"
        kept = self.facts.add(thing, fact["value"], fact["note"], origin="said", turn_id=said.id, span=span)
        self.known[fact["id"]] = Known(kept.id, fact["value"], fact["note"], fact["ask"], number)

    def _correct(self, correction: dict[str, Any]) -> None:
        known, value = self.known[correction["fact_id"]], correction["new_value"]
        said = self.store.add_turn(self.chat.id, "user", correction["statement"])
        note = known.note.replace(known.value, value)
        kept = self.facts.supersede(known.fact_id, value, sentence=note, origin="said", turn_id=said.id)
        known.old_values.append(known.value)
        known.fact_id, known.value, known.note = kept.id, value, note

    def _delete(self, fact_id: str) -> None:
        known = self.known.pop(fact_id)
        forgotten = self.facts.forget(known.fact_id, with_turns=True)
        for night in forgotten.nights:
            self.nights.take_off(night, "Something that it had learned was forgotten.")
        self.store.scrub()
        self.gone[fact_id] = known

    def _sleep(self) -> Any:
        def tell(progress: Progress) -> None:
            if progress.share in (0.0, 1.0):
                sys.stderr.write(f"  {progress.step} {progress.share:.0%} {progress.sentence}\n")

        return Sleep(
            self.bed, self.store, lambda: EngineProcess(None, self.bed.model, context=1024), in_torch, tell
        ).run()

    # The questions.

    def _ask(self, number: int, corrected: Sequence[str]) -> dict[str, float | None]:
        under = [Worn(self.bed.skill)] if self.bed.skill else []
        base = Served(self.engine, under)
        night = [Worn(path, scale) for path, scale in self.nights.worn(self._sha())]
        served = base.wearing(*night)
        new = [known for known in self.known.values() if known.night == number]
        older = [known for known in self.known.values() if known.night < number]
        fixed = [self.known[fact_id] for fact_id in corrected if fact_id in self.known]
        ever = [known for known in self.known.values() if known.old_values]
        texts = perplexity_logs(base), perplexity_logs(served)
        return {
            "new": self._right(served, new, slice(0, 3), "new"),
            "new_direct": self._right(served, new, slice(0, 2), ""),
            "new_indirect": self._right(served, new, slice(2, 3), ""),
            "new_oblique": self._right(served, new, slice(3, 4), ""),
            "ceiling": self._right(base, new, slice(0, 3), "", notes=True),
            "before": self._right(base, new, slice(0, 3), ""),
            "older": self._right(served, older, slice(0, 3), "older"),
            "corrected": self._right(served, fixed, slice(0, 3), "corrected"),
            "stale": self._says(served, ((q, v) for k in ever for v in k.old_values for q in k.ask[:3])),
            "deleted": self._says(served, ((q, k.value) for k in self.gone.values() for q in k.ask[:3])),
            "unstated": self._unstated(served),
            "unstated_before": self._unstated(base),
            "others": self._others(served, base),
            "perplexity_ratio": exp(texts[0] - texts[1]),
        }

    def _sha(self) -> str:
        return self.store.nights()[0].base_sha256

    def _right(
        self, served: Served, known: Sequence[Known], which: slice, kind: str, notes: bool = False
    ) -> float | None:
        marks = []
        for fact in known:
            for question in fact.ask[which]:
                reply = served.reply(question, [fact.note] if notes else (), most=LONGEST).text
                marks.append(holds(reply, fact.value))
                if kind and not marks[-1]:
                    self._miss(kind, question, reply, fact.value)
        return sum(marks) / len(marks) if marks else None

    def _says(self, served: Served, asked: Iterable[tuple[str, str]]) -> float | None:
        marks = []
        for question, value in asked:
            reply = served.reply(question, most=LONGEST).text
            marks.append(holds(reply, value) and not holds(question, value))
            if marks[-1]:
                self._miss("must not know", question, reply, value)
        return sum(marks) / len(marks) if marks else None

    def _unstated(self, served: Served) -> float:
        marks = []
        for question in map(_question, self.data["unstated"]):
            reply = served.reply(question, most=LONGEST).text
            marks.append(bool(NOT_TOLD.search(reply)) and not self._bled(question, reply))
            if not marks[-1]:
                self._miss("unstated", question, reply, "")
        return sum(marks) / len(marks)

    def _others(self, served: Served, base: Served) -> float:
        """No value of this life, and right wherever the model is right without the night."""
        marks = []
        for other in self.data["others"]:
            question = _question(other)
            reply, usual = (each.reply(question, most=LONGEST).text for each in (served, base))
            right, was = (any(holds(said, word) for word in other["expect"]) for said in (reply, usual))
            marks.append((right or not was) and not self._bled(question, reply))
            if not marks[-1]:
                self._miss("others", question, reply, usual)
        return sum(marks) / len(marks)

    def _bled(self, question: str, reply: str) -> bool:
        values = [known.value for known in (*self.known.values(), *self.gone.values())]
        return any(holds(reply, value) and not holds(question, value) for value in values)

    def _miss(self, kind: str, question: str, reply: str, wanted: str) -> None:
        self.misses.append({"kind": kind, "question": question, "reply": reply, "wanted": wanted})


def _question(entry: str | dict[str, Any]) -> str:
    return entry if isinstance(entry, str) else str(entry.get("q") or entry["question"])


def _typed(name: str, text: str) -> Any:
    kind = type(getattr(RECIPE, name))
    return tuple(text.split(",")) if kind is tuple else kind(text)
