"""One night from start to end: select, dream, train, exam, wear or keep yesterday's, report.

What a step found is on disk before the next one starts, so a night that was killed goes on where it
stopped. The words of the user are only in the database, never in the night's folder: forgetting reaches
them there.
"""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from consolidation import report, select
from consolidation.agreement import agrees, by_heart, kept
from consolidation.dream import Dreamer, Item, anchors, examples, general_replies
from consolidation.exam import Candidate, Exam, Usual, Verdict, usual
from consolidation.nights import Nights, stale, still_true
from consolidation.paper import set_paper
from consolidation.phrasing import Told, plain
from consolidation.progress import Progress
from consolidation.served import Reply, Served, Stopped, holds
from memory.facts import Facts
from memory.usage import fact_uses
from models.adapters import sha256
from models.engine import Worn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from consolidation.bed import Bed, Tell, Trainer
    from memory.records import Fact, Night
    from memory.store import Store
    from models.engine import Engine

PROBES = 12
CHANGED = "Something it had learned was changed meanwhile; the next night learns it anew."
ALIKE = "The night would learn just what the last one did, so there was nothing to sleep on."


class Sleep:
    """A night on its way, begun or gone on with.

    Args:
        bed: where it happens.
        store: the memory.
        open_engine: opens the model that dreams and sits the exam.
        trainer: brings what trains the adapter, when training begins.
        tell: hears how far it is.
        stopped: asked often; true stops the night, to be gone on with later.
    """

    def __init__(
        self,
        bed: Bed,
        store: Store,
        open_engine: Callable[[], Engine],
        trainer: Callable[[], Trainer],
        tell: Tell = lambda progress: None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self.bed, self.store, self.trainer, self.tell, self.stopped = bed, store, trainer, tell, stopped
        self._open_engine = open_engine
        self._engine: Engine | None = None
        self._nights, self._facts = Nights(store, bed.adapters), Facts(store)
        self._base = sha256(bed.model)
        self._night = self._nights.begin(self._base)
        self._yesterday = self._nights.current(self._base)
        self._folder = bed.folder / f"{self._night.id:04}"
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._clear_out()
        finished = [self._load(name) for name in ("trained.json", "dreamt.json", "selection.json")]
        self._started = time.monotonic()
        self._spent = next((float(saved["seconds"]) for saved in finished if saved), 0.0)

    def run(self) -> Night:
        """Sleep; returns the night as the register has it in the morning.

        Raises:
            Stopped: it was asked to stop and can be gone on with.
        """
        try:
            return self._through()
        finally:
            if self._engine is not None:
                self._engine.close()

    def _through(self) -> Night:
        chosen = self._select()
        if not chosen:
            return self._nothing()
        items = self._dream(chosen)
        if items is None:
            return self._end("kept", CHANGED, None)
        if not any(item.fact_id for item in items):
            return self._end(
                "kept", "Nothing could be learned: my own answers did not agree with the notes.", None
            )
        scores = self._train(items)
        verdict = self._examine(chosen, items, scores)
        return self._decide(chosen, verdict)

    # Steps.

    def _select(self) -> list[Fact]:
        """What is learned tonight; chosen anew when something changed since the night was cut off."""
        saved = self._load("selection.json")
        if saved is not None and self._may_learn(saved["facts"]):
            return [self._facts.fact(number) for number in saved["facts"]]
        self._restart()
        self._say("select", 0.0, "Choosing what to learn.")
        current = self._facts.current()
        known = self._yesterday.facts if self._yesterday is not None else ()
        fresh = [fact for fact in current if fact.id not in known]
        nats = select.surprise(self._awake(), fresh, self._skill())
        used = fact_uses(self.store)
        choices = select.choose(current, known, self.bed.vetoed, nats, budget=self.bed.budget, uses=used)
        chosen = sorted((choice.fact for choice in choices if choice.chosen), key=lambda fact: fact.id)
        if {fact.id for fact in chosen} == set(known):
            chosen = []
        self._save("selection.json", {"facts": [fact.id for fact in chosen], "seconds": self._seconds()})
        self.store.update_night(self._night.id, facts=[fact.id for fact in chosen], state="dreaming")
        self._say("select", 1.0, f"{len(chosen)} things to learn.")
        return chosen

    def _dream(self, chosen: list[Fact]) -> list[Item] | None:
        """What is trained; nothing of it is kept when something chosen was changed meanwhile."""
        if self._load("dreamt.json") is None:
            self._say("dream", 0.0, "Asking myself in many words.")
            self.store.drop_night_items(self._night.id)
            teacher = Served(self._awake(), self._skill(), self.stopped)
            dreamer = Dreamer(self._told(chosen), self._known(), self.bed.never, self._night.id)
            dreamt = dreamer.dream(
                teacher, self._dreamt_before(), lambda share: self._say("dream", 0.7 * share)
            )
            if not self._still_true(chosen):
                return None
            self.store.add_night_items(
                self._night.id, [(item.fact_id, item.question, item.answer) for item in dreamt.items]
            )
            self._general(teacher)
            self._save("dreamt.json", {"refused": dreamt.refused, "seconds": self._seconds()})
            self.store.update_night(self._night.id, state="training")
            self._say("dream", 1.0, f"{len(dreamt.items)} questions and answers.")
        return [Item(row.fact_id, row.question, row.answer) for row in self.store.night_items(self._night.id)]

    def _train(self, items: list[Item]) -> list[float]:
        out = self._folder / "adapter.gguf"
        saved = self._load("trained.json")
        if saved is not None and out.is_file() and sha256(out) == saved["sha256"]:
            return list(saved["scores"])
        self._say("train", 0.0, "Learning.")
        said = [(question, Reply(text, ended)) for question, text, ended in self._general(None)]
        scores = self.trainer()(
            self.bed.model,
            self.bed.skill,
            examples(items),
            anchors(said),
            [replace(example, whole=False) for example in examples(_probes(items))],
            replace(self.bed.recipe, seed=self._night.id),
            out,
            lambda share, loss, left: self._say("train", share, "", loss, left),
            self.stopped,
            self.bed.every,
        )
        self._save("trained.json", {"sha256": sha256(out), "scores": scores, "seconds": self._seconds()})
        self.store.update_night(self._night.id, state="examining")
        self._say("train", 1.0)
        return scores

    def _examine(self, chosen: list[Fact], items: list[Item], scores: list[float]) -> Verdict:
        self._say("exam", 0.0, "Sitting the exam.")
        base = Served(self._awake(), self._skill(), self.stopped)
        worn = [Worn(path, scale) for path, scale in self._nights.worn(self._base)]
        learned = self._learned(chosen)
        known = self._yesterday.facts if self._yesterday is not None else ()
        paper = set_paper(
            self._told(learned),
            [fact.id for fact in learned if fact.id not in known],
            self._known(),
            self._night.id,
            self._told(self._past(known)),
        )
        probes = [(i.question, i.answer, score) for i, score in zip(_probes(items), scores, strict=True)]
        info = self._awake().info
        candidate = Candidate(self._folder / "adapter.gguf", self._base, info.architecture, tuple(probes))
        sitting = Exam(
            base,
            base.wearing(*worn),
            candidate,
            paper,
            self._usual(base),
            told=lambda share: self._say("exam", share),
        )
        return sitting.sit(self.bed.scales)

    def _decide(self, chosen: list[Fact], verdict: Verdict) -> Night:
        if not self._still_true(chosen):
            return self._end("kept", CHANGED, verdict)
        if not verdict.scale:
            return self._end("kept", f"Not good enough, so yesterday's is kept. {verdict.why}.", verdict)
        learned = self._learned(chosen)
        sentence = f"Slept well: {_count(len(learned))} learned, all checks passed."
        if verdict.scale < 1.0:
            sentence += f" Worn at {verdict.scale:g}, because the full strength did not pass."
        said = self._by_heart(learned, verdict.scale)
        written = self._report(sentence, learned, chosen, verdict, said)
        digest = sha256(self._folder / "adapter.gguf")
        (self._folder / "adapter.gguf").replace(self.bed.adapters / self._nights.file_name(self._night.id))
        self.store.update_night(self._night.id, facts=[fact.id for fact in learned])
        self._nights.promote(
            self._night.id, digest, verdict.scale, sentence, json.dumps(written, ensure_ascii=False)
        )
        return self._morning(sentence, written)

    def _nothing(self) -> Night:
        """No fact is to be learned; what is worn may still know too much."""
        known = stale(self._yesterday, self._facts.current())
        if self._yesterday is not None and known and not self._facts.current():
            self._nights.take_off(
                self._yesterday.id, "Taken off: nothing that it had learned is true any more."
            )
        return self._end(
            "kept", ALIKE if self._yesterday is not None else "There was nothing to learn.", None
        )

    def _end(self, state: str, sentence: str, verdict: Verdict | None) -> Night:
        written = self._report(sentence, [], [], verdict)
        self._nights.end(self._night.id, state, sentence, json.dumps(written, ensure_ascii=False))
        return self._morning(sentence, written)

    def _morning(self, sentence: str, written: dict[str, Any]) -> Night:
        report.write(self.bed.reports, written)
        shutil.rmtree(self._folder, ignore_errors=True)
        self._say("done", 1.0, sentence)
        return self.store.night(self._night.id)

    # What the steps need.

    def _by_heart(self, learned: list[Fact], scale: float) -> list[tuple[Told, str]]:
        """What the new weights say of all that they learned; asked before they are worn."""
        night = Worn(self._folder / "adapter.gguf", scale)
        served = Served(self._awake(), [*self._skill(), night], self.stopped)
        return by_heart(served, self._told(learned), self._night.id)

    def _report(
        self,
        sentence: str,
        learned: list[Fact],
        chosen: list[Fact],
        verdict: Verdict | None,
        said_by_heart: Sequence[tuple[Told, str]] = (),
    ) -> dict[str, Any]:
        why = {
            int(number): reason
            for number, reason in (self._load("dreamt.json") or {"refused": {}})["refused"].items()
        }
        refused = [(fact.sentence, why[fact.id]) for fact in chosen if fact.id in why]
        return report.compose(
            self._night.id,
            sentence,
            [fact.sentence for fact in learned],
            refused,
            verdict,
            self._seconds() / 60,
            [(told.sentence, said) for told, said in said_by_heart if not agrees(told, said)],
            kept(learned, said_by_heart, self._night.id),
        )

    def _still_true(self, chosen: list[Fact]) -> bool:
        return still_true(self._facts, tuple(fact.id for fact in chosen))

    def _learned(self, chosen: Iterable[Fact]) -> list[Fact]:
        taught = {row.fact_id for row in self.store.night_items(self._night.id)}
        return [fact for fact in chosen if fact.id in taught]

    def _past(self, known: Iterable[int]) -> list[Fact]:
        """What the worn night knows and what holds no more, unless a value that holds has it in it."""
        current = {fact.id: fact.value for fact in self._facts.current()}
        past = [self._facts.fact(number) for number in known if number not in current]
        return [fact for fact in past if not any(holds(value, fact.value) for value in current.values())]

    def _told(self, facts: Iterable[Fact]) -> list[Told]:
        return [Told(fact.id, fact.sentence, fact.value, fact.attribute) for fact in facts]

    def _known(self) -> list[str]:
        return [f"{fact.attribute} {fact.sentence}" for fact in self._facts.current()]

    def _dreamt_before(self) -> dict[int, list[Item]]:
        """Items of the worn night, whose answers were checked then."""
        before: dict[int, list[Item]] = {}
        for row in self.store.night_items(self._yesterday.id) if self._yesterday is not None else ():
            if row.fact_id is not None and plain(row.question) not in self.bed.never:
                before.setdefault(row.fact_id, []).append(Item(row.fact_id, row.question, row.answer))
        return before

    def _general(self, served: Served | None) -> list[tuple[str, str, bool]]:
        """Ordinary replies of the model with its skill: asked once, the same for every night."""
        name = f"general-{self._model_key()}.json"
        saved = self._load(name, self.bed.folder)
        if saved is None:
            served = served or Served(self._awake(), self._skill(), self.stopped)
            replies = general_replies(served, lambda share: self._say("dream", 0.7 + 0.3 * share))
            saved = {"replies": [(question, reply.text, reply.ended) for question, reply in replies]}
            self._save(name, saved, self.bed.folder)
        return [(question, text, ended) for question, text, ended in saved["replies"]]

    def _usual(self, base: Served) -> Usual:
        name = f"by-itself-{self._model_key()}.json"
        saved = self._load(name, self.bed.folder)
        if saved is None:
            saved = usual(base).as_json()
            self._save(name, saved, self.bed.folder)
        return Usual.from_json(saved)

    def _model_key(self) -> str:
        skill = sha256(self.bed.skill)[:12] if self.bed.skill is not None else "bare"
        return f"{self._base[:12]}-{skill}"

    def _awake(self) -> Engine:
        if self._engine is None:
            self._engine = self._open_engine()
        return self._engine

    def _skill(self) -> list[Worn]:
        return [] if self.bed.skill is None else [Worn(self.bed.skill)]

    def _may_learn(self, numbers: list[int]) -> bool:
        return not self.bed.vetoed & set(numbers) and still_true(self._facts, tuple(numbers))

    def _clear_out(self) -> None:
        """Nights that are over leave no weights: what they learned may have been forgotten since."""
        for folder in self.bed.folder.glob("[0-9]*"):
            if folder != self._folder:
                shutil.rmtree(folder, ignore_errors=True)

    def _restart(self) -> None:
        self._spent = 0.0
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(mode=0o700, parents=True)
        self.store.drop_night_items(self._night.id)
        self.store.update_night(self._night.id, state="selecting", facts=())

    def _say(
        self,
        step: str,
        share: float,
        sentence: str = "",
        loss: float | None = None,
        left: float | None = None,
    ) -> None:
        self.tell(Progress(self._night.id, step, round(share, 4), sentence, loss, left))
        if self.stopped() and step != "done":
            raise Stopped

    def _seconds(self) -> float:
        """Seconds of work, finished steps before an interruption included."""
        return float(time.monotonic() - self._started + self._spent)

    def _load(self, name: str, folder: Path | None = None) -> dict[str, Any] | None:
        try:
            return dict(json.loads(((folder or self._folder) / name).read_text("utf-8")))
        except (OSError, ValueError):
            return None

    def _save(self, name: str, values: dict[str, Any], folder: Path | None = None) -> None:
        report.save((folder or self._folder) / name, json.dumps(values) + "\n")


def _probes(items: list[Item]) -> list[Item]:
    """Some of the trained items, by which the served file is compared with what was trained."""
    taught = [item for item in items if item.fact_id is not None]
    return taught[:: max(1, len(taught) // PROBES)][:PROBES]


def _count(number: int) -> str:
    return "one thing" if number == 1 else f"{number} things"
