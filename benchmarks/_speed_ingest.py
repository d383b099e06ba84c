"""Turns a second into the memory, beside the bare embedder on the same texts.

Ours are kept in the store and brought into the index by the embedder's process; theirs are embedded by
sentence-transformers alone, in a process of its own and as many texts at once as it likes. Both are awake
before their time is taken.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from memory.database import now
from memory.index import Index
from memory.records import Turn
from memory.store import Store
from models.embedder import model_folder, threads
from models.process import EmbedderProcess

if TYPE_CHECKING:
    import argparse

CONVERSATIONS = Path(__file__).parent / "conversations"
A_CHAT = 40  # turns
WARM = 16  # texts before the clock starts
BARE = """
import json, os, sys, time
os.environ |= {"HF_HUB_OFFLINE": "1", "TQDM_DISABLE": "1"}
import torch
from sentence_transformers import SentenceTransformer
folder, threads = sys.argv[1:]
torch.set_num_threads(int(threads))
model = SentenceTransformer(folder, device="cpu", local_files_only=True)
for line in sys.stdin:
    texts = json.loads(line)
    began = time.perf_counter()
    model.encode(texts, normalize_embeddings=True, show_progress_bar=False)
    print(time.perf_counter() - began, flush=True)
"""


class Bare:
    """sentence-transformers alone, with as many threads as ours has."""

    def __init__(self) -> None:
        command = [sys.executable, "-c", BARE, str(model_folder()), str(threads())]
        pipe = subprocess.PIPE
        self._child = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)

    def embedded(self, texts: list[str]) -> float:
        """Seconds that embedding takes; nothing is done with the vectors."""
        assert self._child.stdin is not None and self._child.stdout is not None
        self._child.stdin.write(json.dumps(texts) + "\n")
        self._child.stdin.flush()
        return float(self._child.stdout.readline())

    def close(self) -> None:
        self._child.communicate()


def rounds(_: Path, folder: Path, options: argparse.Namespace) -> list[dict[str, float]]:
    """Each round has a home of its own and other turns; who begins changes."""
    bare, embedder = Bare(), EmbedderProcess()
    try:
        texts = said(options.turns * options.rounds)
        bare.embedded(texts[:WARM])
        embedder.embed(texts[:WARM])
        parts = [texts[n * options.turns : (n + 1) * options.turns] for n in range(options.rounds)]
        return [one_round(bare, embedder, part, folder / f"home-{n}", n) for n, part in enumerate(parts)]
    finally:
        embedder.close()
        bare.close()


def said(many: int) -> list[str]:
    """Turns as people and assistants wrote them, in the order in which they were said."""
    files = sorted(CONVERSATIONS.glob("*.json"))
    turns = [turn["text"] for file in files for turn in json.loads(file.read_text("utf-8"))["turns"]]
    return (turns * (many // len(turns) + 1))[:many]


def one_round(
    bare: Bare, embedder: EmbedderProcess, texts: list[str], folder: Path, number: int
) -> dict[str, float]:
    """Turns a second of both sides."""
    sides = {
        "ingest": lambda: ingested(embedder, texts, folder),
        "bare_embed": lambda: bare.embedded(texts),
    }
    seconds = {name: sides[name]() for name in sorted(sides, reverse=bool(number % 2))}
    return {name: len(texts) / seconds[name] for name in sides}


def ingested(embedder: EmbedderProcess, texts: list[str], folder: Path) -> float:
    """Seconds until all of it can be found."""
    store, index = Store(folder / "memory.sqlite3"), Index(folder / "index", embedder)
    index.drain(store)  # opens it
    began = time.perf_counter()
    for start in range(0, len(texts), A_CHAT):
        turns = [Turn(0, 0, "user", text, now()) for text in texts[start : start + A_CHAT]]
        store.add_turns(store.new_conversation().id, turns)
    index.drain(store)
    seconds = time.perf_counter() - began
    if index.count("turn") != len(texts):
        raise RuntimeError("not everything came into the index")
    index.close()
    store.close()
    return seconds
