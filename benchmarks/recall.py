"""Evidence recall: chats are logged into an empty home, then each question is asked."""

from __future__ import annotations

import json
import re
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import mean, quantiles
from typing import TYPE_CHECKING, Any

from benchmarks import _peer
from memory.index import Index
from memory.recall import Recall
from memory.records import Speaker, Turn
from memory.store import Store

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from memory.ports import Embedder

CUTS = (5, 10, 20, 50)
TIME_FORMATS = ("%I:%M %p on %d %B, %Y", "%B-%d-%Y", "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S")


@dataclass
class Tally:
    """What one system did over all files."""

    recalls: dict[int, list[float]] = field(default_factory=lambda: {cut: [] for cut in CUTS})
    hits: list[float] = field(default_factory=list)
    reciprocals: list[float] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)
    turns: int = 0
    seconds: float = 0.0

    def add(self, ranked: Sequence[str], evidence: set[str], milliseconds: float) -> None:
        for cut in CUTS:
            self.recalls[cut].append(len(evidence & set(ranked[:cut])) / len(evidence))
        self.hits.append(float(bool(evidence & set(ranked[:10]))))
        first = next((at for at, turn in enumerate(ranked, start=1) if turn in evidence), 0)
        self.reciprocals.append(1 / first if first else 0.0)
        self.milliseconds.append(milliseconds)

    def figures(self) -> dict[str, Any]:
        half, most = _percentiles(self.milliseconds)
        shares = {f"recall@{cut}": round(mean(values or [0.0]), 4) for cut, values in self.recalls.items()}
        return shares | {
            "hit@10": round(mean(self.hits or [0.0]), 4),
            "mrr": round(mean(self.reciprocals or [0.0]), 4),
            "turns_per_s": round(self.turns / self.seconds, 1) if self.seconds else 0.0,
            "p50_ms": round(half, 1),
            "p95_ms": round(most, 1),
            "questions": len(self.hits),
        }


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--peers", action="store_true", help="also measure naive RAG, plain search and mem0")


def run(files: list[Path], options: argparse.Namespace) -> dict[str, Any]:
    from models.embedder import MiniLM

    embedder = MiniLM()
    embedder.embed(["warm"])
    try:
        figures = measure(files, embedder, peers=options.peers)
    finally:
        embedder.close()
    if options.peers:
        figures["peers"]["mem0"] = _mem0(files)
    return figures


def measure(files: list[Path], embedder: Embedder, peers: bool = False) -> dict[str, Any]:
    """The figures over all files, with any embedder."""
    ours, others = Tally(), {name: Tally() for name in (_PEERS if peers else ())}
    for file in files:
        chat = json.loads(file.read_text(encoding="utf-8"))
        with tempfile.TemporaryDirectory(prefix="dormouse-recall-", ignore_cleanup_errors=True) as folder:
            _measure_chat(chat, Path(folder), embedder, ours, others)
    figures = ours.figures()
    if peers:
        figures["peers"] = {name: tally.figures() for name, tally in others.items()}
    return figures


def _measure_chat(
    chat: dict[str, Any], folder: Path, embedder: Embedder, ours: Tally, others: dict[str, Tally]
) -> None:
    store = Store(folder / "memory.sqlite3")
    index = Index(folder / "index", embedder)
    try:
        began = time.perf_counter()
        names = log_chat(chat["turns"], store)
        index.drain(store)
        ours.seconds += time.perf_counter() - began
        ours.turns += len(names)
        recall = Recall(store, index, embedder)
        _ask(chat, ours, lambda question: [names[turn] for turn in recall.rank_turns(question, max(CUTS))])
        for name, tally in others.items():
            _ask(chat, tally, lambda question, find=_PEERS[name]: find(store, index, names, question))  # type: ignore[misc]
    finally:
        index.close()
        store.close()


def _ask(chat: dict[str, Any], tally: Tally, find: Callable[[str], list[str]]) -> None:
    for question, evidence in _answerable(chat):
        began = time.perf_counter()
        ranked = find(question)
        tally.add(ranked, evidence, (time.perf_counter() - began) * 1000)


def _answerable(chat: dict[str, Any]) -> list[tuple[str, set[str]]]:
    """The questions whose evidence is in the chat, each with that evidence."""
    there = {turn["id"] for turn in chat["turns"]}
    asked = ((question["q"], there.intersection(question["evidence"])) for question in chat["questions"])
    return [(question, evidence) for question, evidence in asked if evidence]


def _mem0(files: list[Path]) -> dict[str, Any]:
    """mem0's own search with the same MiniLM, in its own environment; it times itself."""
    from models.embedder import model_folder

    tally = Tally()
    try:
        for file in files:
            chat = json.loads(file.read_text(encoding="utf-8"))
            added, *found = _peer.MEM0.says(model_folder(), file)
            tally.turns += added["turns"]
            tally.seconds += added["seconds"]
            rankings = {each["q"]: each for each in found}
            for question, evidence in _answerable(chat):
                tally.add(rankings[question]["ranked"], evidence, rankings[question]["ms"])
    except _peer.Unavailable as reason:
        return {"skipped": str(reason)}
    return tally.figures()


def log_chat(turns: list[dict[str, Any]], store: Store) -> dict[int, str]:
    """Log a chat, a conversation for each session; returns the benchmark's id of each turn."""
    names: dict[int, str] = {}
    first = turns[0]["speaker"] if turns else ""
    for session in dict.fromkeys(turn["session"] for turn in turns):
        said = [turn for turn in turns if turn["session"] == session]
        conversation = store.new_conversation(title=f"Session {session}")
        kept = store.add_turns(conversation.id, [_as_turn(turn, at, first) for at, turn in enumerate(said)])
        names |= {turn.id: source["id"] for turn, source in zip(kept, said, strict=True)}
    return names


def _as_turn(turn: dict[str, Any], at: int, first: str) -> Turn:
    named = turn["speaker"] not in {"user", "assistant"}
    role: Speaker = "user" if turn["speaker"] in {"user", first} else "assistant"
    when = _when(turn.get("time", "")) + timedelta(seconds=at)
    return Turn(0, 0, role, turn["text"], when, name=turn["speaker"] if named else "")


def _when(text: str) -> datetime:
    for pattern in TIME_FORMATS:
        try:
            return datetime.strptime(re.sub(r"\s+", " ", text).strip(), pattern).replace(tzinfo=UTC)
        except ValueError:
            continue
    return datetime(2024, 1, 1, tzinfo=UTC)


def _naive_rag(store: Store, index: Index, names: dict[int, str], question: str) -> list[str]:
    return [names[turn] for turn in index.search("turn", index.embed(question), max(CUTS))]


def _plain_search(store: Store, index: Index, names: dict[int, str], question: str) -> list[str]:
    from memory.lexical import scored_turns, words_of

    with store.read() as session:
        return [names[turn] for turn in scored_turns(session, words_of(question), max(CUTS))]


_PEERS = {"naive RAG (Chroma)": _naive_rag, "FTS5": _plain_search}


def _percentiles(values: list[float]) -> tuple[float, float]:
    if len(values) < 2:
        return (values or [0.0])[0], (values or [0.0])[0]
    cuts = quantiles(values, n=20, method="inclusive")
    return cuts[9], cuts[18]
