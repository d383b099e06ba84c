"""Learn how past turns are ranked: ``python -m benchmarks._ranker`` writes ``memory/ranker.toml``.

Learned on the conversations beside this file, which were written for it: chats between two people and
long chats with an assistant, both kinds counting alike. The loss is the cross-entropy of the evidence among
all the turns that recall looks at, and weights are held near those that were set by hand (a Gaussian prior),
so that what the written conversations are peculiar in is not learned by heart. Each conversation is also
ranked by weights that the others taught: that is what it prints.
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from benchmarks.recall import log_chat
from memory import ranking
from memory.index import Index
from memory.ranking import COUNTS, Surroundings, around
from memory.recall import Recall
from memory.scoring import nearness, of_best
from memory.store import Store
from models.embedder import MiniLM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from memory.ports import Embedder

FOLDER = Path(__file__).parent / "conversations"
BY_HAND = {"before": 0.3, "after": 0.3, "further": 0.1, "answers": 0.0, "asks": 0.0, "about": 0.75}
KINDS = ("person", "user", "dormouse")
PRIOR = 0.3  # how strongly weights are held: the squared distance from the hand-set ones costs this
SHARPNESS = 1.5  # natural logarithm of what scores are multiplied by, at first


@dataclass(frozen=True, slots=True)
class Question:
    """One question over the turns that recall looked at; ``lost`` counts the evidence beyond them."""

    near: torch.Tensor
    words: torch.Tensor
    stand: Any
    wanted: torch.Tensor
    lost: int


@dataclass(frozen=True, slots=True)
class Chat:
    name: str
    people: bool
    questions: list[Question]


def read(path: Path, embedder: Embedder) -> Chat:
    """A conversation logged into an empty home, and what recall finds for each of its questions."""
    chat = json.loads(path.read_text("utf-8"))
    with tempfile.TemporaryDirectory(prefix="dormouse-ranker-", ignore_cleanup_errors=True) as folder:
        store = Store(Path(folder) / "memory.sqlite3")
        index = Index(Path(folder) / "index", embedder)
        names = log_chat(chat["turns"], store)
        index.drain(store)
        recall = Recall(store, index, embedder)
        questions = [_question(recall, row["q"], set(row["evidence"]), names) for row in chat["questions"]]
        index.close()
        store.close()
    people = chat["turns"][0]["speaker"] not in {"user", "assistant"}
    return Chat(path.stem, people, [each for each in questions if each.wanted.sum()])


def _question(recall: Recall, text: str, evidence: set[str], names: dict[int, str]) -> Question:
    meaning, words, places = recall.candidates(text)
    near, shared = nearness(meaning), of_best(words)
    at = Surroundings.of(text, places)
    arrays = (at.whose, at.neighbours, at.asks.astype(np.float32), at.about.astype(np.float32))
    stand = Surroundings(*map(torch.from_numpy, arrays))  # type: ignore[arg-type]
    found = [names[place.id] in evidence for place in places]
    return Question(
        torch.tensor([near.get(place.id, 0.0) for place in places]),
        torch.tensor([shared.get(place.id, 0.0) for place in places]),
        stand,
        torch.tensor(found, dtype=torch.float32),
        len(evidence) - sum(found),
    )


def prior() -> torch.Tensor:
    """The weights that were set by hand: of words, then of each kind of speaker."""
    return torch.tensor([1.0, *(BY_HAND[name] for _ in KINDS for name in COUNTS)])


def scores(question: Question, weights: torch.Tensor) -> torch.Tensor:
    counts = weights[1:].reshape(len(KINDS), len(COUNTS))
    scored: torch.Tensor = around(question.near + weights[0] * question.words, question.stand, counts)
    return scored


def learn(chats: Sequence[Chat], steps: int = 60) -> torch.Tensor:
    """The weights under which the evidence is likeliest."""
    weights = prior().requires_grad_(True)
    sharp = torch.tensor(SHARPNESS, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights, sharp], max_iter=steps, line_search_fn="strong_wolfe")
    sizes = {kind: max(1, sum(len(c.questions) for c in chats if c.people is kind)) for kind in (True, False)}

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        total = PRIOR * ((weights - prior()) ** 2).sum()
        for chat in chats:
            for question in chat.questions:
                likely = torch.log_softmax(scores(question, weights) * sharp.exp(), -1)
                share = question.wanted / question.wanted.sum()
                total = total - (share * likely).sum() / sizes[chat.people]
        total.backward()  # type: ignore[no-untyped-call]
        return total

    optimizer.step(loss)  # type: ignore[no-untyped-call]
    return weights.detach()


def recall_at(chat: Chat, weights: torch.Tensor, k: int = 10) -> float:
    shares = []
    for question in chat.questions:
        first = torch.argsort(scores(question, weights), descending=True)[:k]
        shares.append(float(question.wanted[first].sum()) / (float(question.wanted.sum()) + question.lost))
    return mean(shares)


def write(weights: torch.Tensor, path: Path) -> None:
    values = iter([round(float(value), 2) for value in weights])
    lines = ["# Learned by `python -m benchmarks._ranker`; what each counts is said in ranking.py.", ""]
    lines.append(f"words = {next(values)}")
    for kind in KINDS:
        lines += ["", f"[{kind}]", *(f"{name} = {next(values)}" for name in COUNTS)]
    path.write_text("\n".join(lines) + "\n", "utf-8")


def main() -> None:
    """Learn, say how well weights do on conversations that they were not learned on, and write them."""
    embedder = MiniLM()
    chats = [read(path, embedder) for path in sorted(FOLDER.glob("*.json"))]
    for chat in chats:
        others = learn([other for other in chats if other is not chat])
        line = f"{chat.name}: by hand {recall_at(chat, prior()):.3f}, learned {recall_at(chat, others):.3f}"
        sys.stderr.write(f"{line} ({len(chat.questions)} questions)\n")
    write(learn(chats), Path(ranking.__file__).with_name("ranker.toml"))


if __name__ == "__main__":
    np.seterr(all="raise")
    main()
