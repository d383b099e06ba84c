"""A night's parts that need no model: an engine that knows what it wears, a trainer that writes a file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from consolidation.bed import Bed
from consolidation.night import Sleep
from models.adapters import AdapterFile, sha256
from tests.scripted import ScriptedEngine

if TYPE_CHECKING:
    from pathlib import Path

LEARNED = {"dog": "Your dog is called Pim.", "live": "You live in Clun.", "home": "You live in Clun."}


def adapter(value: float = 1.0, base: str = "") -> AdapterFile:
    """A small adapter of which every number is ``value``."""
    pair = (np.full((2, 8), value, np.float32), np.full((8, 2), value, np.float32))
    return AdapterFile("llama", 2, 1, 4.0, 2, base, {(0, "ffn_up"): pair})


def script(request) -> str:
    """Knows what its prompt tells, and what it learned when it wears a night's adapter."""
    question = request.messages[-1].content
    knows = "Notes about me" in question or any(
        "adapter" in w.path.name or "night" in w.path.name for w in request.adapters or ()
    )
    if knows and not any(
        name in question for name in ("Beatrix", "Anselm", "Ludmila", "Rafferty", "Odile", "Tarquin")
    ):
        found = next((answer for word, answer in LEARNED.items() if word in question.lower()), None)
        if found:
            return found
    return "You haven't told me."


class NightEngine(ScriptedEngine):
    """Scores do not depend on what is worn: nothing drifts."""

    def __init__(self) -> None:
        super().__init__(script)

    def score(self, request, replies):
        return [[-float(len(reply) % 7), -0.5, -0.1] for reply in replies]


class Trainer:
    """Writes an adapter at once and counts how often it was asked."""

    def __init__(self, folder: Path, value: float = 1.0) -> None:
        self.count, self.value = folder / "trained.count", value

    def __call__(self, model, skill, items, anchors, probes, recipe, out, tell, stopped, every):
        self.count.write_text(self.count.read_text() + "x" if self.count.exists() else "x")
        tell(0.5, 1.0, 1.0)
        adapter(self.value, sha256(model)).write(out)
        engine = NightEngine()
        return [sum(s[:-1]) / 2 for p in probes for s in engine.score(None, [p.reply])]


def bed(folder: Path, **changes) -> Bed:
    """Somewhere to sleep."""
    for name in ("nights", "adapters", "reports"):
        (folder / name).mkdir(exist_ok=True)
    model = folder / "model.gguf"
    if not model.exists():
        model.write_bytes(b"GGUF, as far as anybody looks")
    return Bed(folder / "nights", folder / "adapters", folder / "reports", model, **changes)


def sleep(
    folder: Path, store, tell=lambda progress: None, trainer=None, stopped=lambda: False, **changes
) -> Sleep:
    chosen = trainer or Trainer(folder)
    return Sleep(bed(folder, **changes), store, NightEngine, lambda: chosen, tell, stopped)


def report_of(night) -> dict:
    return json.loads(night.report)
