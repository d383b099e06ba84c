"""A library without a hub or a model: the real catalogue, sizes and speeds from a script."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

from app.events import Changed, DownloadEnded, DownloadProgress
from app.library import Learned, Offered
from app.measuring import Measured
from models import machine, offers
from models.machine import Machine
from models.offers import Found

GB = 10**9
SIZES = {  # made up: what the hub would say
    "llama-3.2-1b": 0.8, "qwen3.5-0.8b": 0.8, "smollm2-1.7b": 1.1, "qwen3.5-2b": 1.3, "llama-3.2-3b": 2.0,
    "smollm3-3b": 1.9, "ministral-3-3b": 2.1, "granite-4.0-micro": 2.1, "phi-4-mini": 2.5, "qwen3-4b": 2.5,
    "qwen3.5-4b": 2.7, "gemma-4-e2b": 3.1, "gemma-4-e4b": 5.0, "ministral-3-8b": 5.2, "qwen3.5-9b": 15.7,
}  # fmt: skip
BUILT_IN = Path("smollm2-135m.gguf")


class ScriptedLibrary:
    """``step`` is waited for before each tenth of a download; ``problems`` is what looking up answers."""

    def __init__(self, bus) -> None:
        self.bus, self.known, self.states, self.done = bus, {}, {}, {}
        self.problems: list[str] = []
        self.refuses = ""
        self.calls: list[str] = []
        self.step = threading.Event()
        self.step.set()
        self.paused: set[str] = set()
        self.found: dict[Path, Measured] = {}
        self.here = Machine(16 * GB, int(9.8 * GB), 64 * GB, 8)
        self.nights = {BUILT_IN: Learned(22, 20)}

    def offers(self):
        return [self._offered(offer) for offer in offers.offers()]

    def look_up(self, names=()):
        self.calls.append("look up")
        self.step.wait()
        for offer in offers.offers():
            size = int(SIZES[offer.name] * GB)
            licence = offer.licence or "apache-2.0"
            self.known[offer.name] = Found(
                offer.name, offer.repository, "c", "f.gguf", size, "a" * 64, licence, kind=offer.kind
            )
        self._changed()
        return self.problems

    def download(self, name):
        self.calls.append(f"download {name}")
        self.paused.discard(name)
        self.states[name] = "loading"
        self._changed()
        threading.Thread(target=self._come, args=(name,), daemon=True).start()

    def pause(self, name):
        self.calls.append(f"pause {name}")
        self.paused.add(name)
        if self.states.get(name) == "loading":
            self._end(name, "paused", "part", "Paused. What came is kept.")

    def discard(self, name):
        self.calls.append(f"discard {name}")
        self.states.pop(name, None)
        self.done.pop(name, None)
        self._changed()

    def remove(self, name):
        self.calls.append(f"remove {name}")
        self.states.pop(name, None)
        self._changed()

    def machine(self):
        return self.here

    def measure(self):
        self.step.wait()
        if self.refuses:
            raise ValueError(self.refuses)
        self.found[BUILT_IN] = Measured("SmolLM2 135M", 310.0, 125.0, 8, "2026-11-21T09:02:00+00:00")
        self._changed()
        return self.found[BUILT_IN]

    def measured(self):
        return dict(self.found)

    def learned(self):
        return self.nights

    def _come(self, name):
        self.look_up() if name not in self.known else None
        total = self.known[name].size
        for tenth in range(int(10 * self.done.get(name, 0) / total), 11):
            self.step.wait()
            if name in self.paused:
                return
            if self.refuses:
                self._end(name, "refused", "part" if self.done.get(name) else "", self.refuses)
                return
            self.done[name] = total * tenth // 10
            rate = 11_800_000.0
            left = (total - self.done[name]) / rate
            self.bus.tell(DownloadProgress(name, self.done[name], total, rate, left, self._title(name)))
        self._end(name, "here", "here", "")

    def _title(self, name):
        return offers.offer(name).title

    def _end(self, name, how, state, sentence):
        self.states[name] = state
        self.bus.tell(DownloadEnded(name, how, sentence))
        self._changed()

    def _offered(self, offer):
        found, state = self.known.get(offer.name), self.states.get(offer.name, "")
        learns, why = machine.learns(offer.kind, 0, self.here)
        made = Offered(
            offer, Path(f"{offer.name}.gguf"), state, found, None, learns, why, self.done.get(offer.name, 0)
        )
        if found is None:
            return made
        pace = max((one.writing for one in self.found.values()), default=0) * 98_000_000
        return replace(made, fit=machine.fit(found.size, self.here), speed=pace / found.size or None)

    def _changed(self):
        self.bus.tell(Changed(frozenset({"models"})))
