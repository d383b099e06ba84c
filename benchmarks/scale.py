"""How a home of many years answers: the same questions and lists at several sizes, in one run.

``python -m benchmarks scale --sizes 200 6000 200000 --json``. Turns and facts are made of the words of the
conversations beside this file. The index is filled with random vectors, since embedding 200,000 turns says
nothing of how a full index is searched; a question's own embedding is real and is in its milliseconds.
"""

from __future__ import annotations

import json
import random
import re
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from typing import TYPE_CHECKING, Any

import numpy as np

from memory.facts import Facts
from memory.index import Index
from memory.recall import Recall, keep_loaded
from memory.records import Turn
from memory.store import Store
from models.process import EmbedderProcess

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from memory.ports import Embedder

CONVERSATIONS = Path(__file__).parent / "conversations"
SIZES = (200, 6000, 200_000)
A_CHAT = 40  # turns
A_FACT = 10  # turns for each fact
ASKED = 60
AT_ONCE = 2000


class Random:
    """Random unit vectors for what is indexed; real ones for questions."""

    def __init__(self, real: Embedder) -> None:
        self._real, self._rng = real, np.random.default_rng(0)
        self.name, self.dimensions = "random", real.dimensions
        self.asking = False

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self.asking:
            return self._real.embed(texts)
        rows = self._rng.standard_normal((len(texts), self.dimensions), dtype=np.float32)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return rows


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="turns in each home")
    parser.add_argument("--keep", type=Path, help="a folder where the homes are built once and stay")


def run(files: list[Path], options: argparse.Namespace) -> dict[str, Any]:
    """Milliseconds at the 95th percentile of each thing at each size, and how much slower the largest is."""
    sentences, questions = _words()
    real = EmbedderProcess()
    homes = {}
    for size in options.sizes:
        with _folder(options.keep, size) as folder:
            homes[size] = _measure(folder, size, sentences, questions, Random(real))
    real.close()
    first, last = homes[options.sizes[0]], homes[options.sizes[-1]]
    slower = {name: round(last[name] / max(first[name], 0.01), 2) for name in first if name.endswith("_ms")}
    return {"homes": homes, "slower": slower}


def _words() -> tuple[list[str], list[str]]:
    chats = [json.loads(path.read_text("utf-8")) for path in sorted(CONVERSATIONS.glob("*.json"))]
    texts = [turn["text"] for chat in chats for turn in chat["turns"]]
    sentences = [part for text in texts for part in re.split(r"(?<=[.!?])\s+", text) if 20 < len(part) < 200]
    return sentences, [question["q"] for chat in chats for question in chat["questions"]]


@contextmanager
def _folder(keep: Path | None, size: int) -> Iterator[Path]:
    if keep is not None:
        yield keep / str(size)
        return
    with tempfile.TemporaryDirectory(prefix="dormouse-scale-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _measure(
    folder: Path, size: int, sentences: list[str], questions: list[str], embedder: Random
) -> dict[str, float]:
    rng = random.Random(size)
    store, index = Store(folder / "memory.sqlite3"), Index(folder / "index", embedder)
    if not store.newest_turn():
        _fill(store, size, sentences, rng)
    seen: list[float] = []
    began = time.perf_counter()
    drained = index.drain(store, seen.append)
    took = time.perf_counter() - began
    embedder.asking = True
    recall, asked = Recall(store, index, embedder), random.Random(size).sample(questions, ASKED)
    facts = Facts(store)
    keep_loaded()
    figures = {
        "recall_p95_ms": _p95(lambda question: recall.recall(question), asked),
        "search_p95_ms": _p95(lambda question: store.search_turns(question.split()[-1][:5]), asked),
        "chats_p95_ms": _p95(lambda _: store.conversations(), asked),
        "facts_p95_ms": _p95(lambda question: facts.facts(question.split()[-1].strip("?")), asked),
    }
    if drained:  # a home that was kept is filled already
        figures |= {"index_fills_per_s": round(drained / took, 1), "progress_told": float(len(seen))}
    index.close()
    store.close()
    return figures


def _fill(store: Store, size: int, sentences: list[str], rng: random.Random) -> None:
    facts = Facts(store)
    for start in range(0, size, AT_ONCE):
        many = min(AT_ONCE, size - start)
        for _ in range(0, many, A_CHAT):
            chat = store.new_conversation(title=" ".join(rng.choice(sentences).split()[:6]))
            store.add_turns(chat.id, [_turn(at, sentences, rng) for at in range(min(A_CHAT, many))])
    for number in range(size // A_FACT):
        facts.add(f"thing {number}", " ".join(rng.choice(sentences).split()[:5]))


def _turn(at: int, sentences: list[str], rng: random.Random) -> Turn:
    from memory.database import now

    return Turn(0, 0, "assistant" if at % 2 else "user", " ".join(rng.sample(sentences, 2)), now())


def _p95(look: Callable[[str], object], asked: list[str]) -> float:
    milliseconds = []
    look(asked[0])
    for question in asked:
        began = time.perf_counter()
        look(question)
        milliseconds.append((time.perf_counter() - began) * 1000)
    return round(quantiles(milliseconds, n=20, method="inclusive")[18], 2)
