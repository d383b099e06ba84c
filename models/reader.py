"""A close reader: MiniLM's own layers with an adapter and six heads, for two readings.

A question with its notes in one text: which notes an answer rests on, and whether they hold one at all.
A message: whether it tells something lasting about who wrote it, in which words, and what they are.
``consolidation.skill.reader`` trains it; the tagging is the usual one of begin, inside and outside
(Ramshaw and Marcus 1995), the adapter LoRA (Hu et al. 2021), merged into the weights when it is opened.
"""

from __future__ import annotations

import json
import math
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.nn.utils import parametrize

from models.embedder import verified_folder
from models.engine import Marked, Span, Weighed

if TYPE_CHECKING:
    from collections.abc import Sequence

FILE = Path(__file__).parent / "builtin" / "reader.safetensors"
WIDTH = 384
RANK, ALPHA = 32, 64.0
QUESTION, NOTE, WHOLE = 96, 64, 512  # tokens that are read of a question, of a note and of all together
MESSAGE = 256
PLAIN = 0.5  # probability from which a value's name is given
UNREAD = -20.0  # natural-log odds of a note that did not fit in
OUTSIDE, BEGIN, INSIDE = range(3)
_LINEAR = ("query", "key", "value", "dense")


class LowRank(nn.Module):
    """A weight plus a product of two narrow matrices, (out, r) and (r, in)."""

    def __init__(self, out: int, into: int) -> None:
        super().__init__()
        self.down = nn.Parameter(torch.randn(RANK, into) / math.sqrt(into))
        self.up = nn.Parameter(torch.zeros(out, RANK))

    def forward(self, weight: torch.Tensor) -> torch.Tensor:
        return weight + ALPHA / RANK * self.up @ self.down


class Network(nn.Module):
    """MiniLM with low-rank additions to every linear layer, and the heads.

    Args:
        encoder: MiniLM.
        owners: how many classes there are of whose something is ("sister's"), the first for others.
        kinds: ... and of what it is ("name"), the first for others.
    """

    def __init__(self, encoder: nn.Module, owners: int, kinds: int) -> None:
        super().__init__()
        self.encoder = encoder.requires_grad_(False)
        for layer in _linear(encoder):
            parametrize.register_parametrization(layer, "weight", LowRank(*layer.weight.shape))
        self.bears = nn.Linear(WIDTH, 1)
        self.stands = nn.Linear(WIDTH, 3)
        self.tells = nn.Linear(WIDTH, 1)
        self.tags = nn.Linear(WIDTH, 3)
        self.owner = nn.Linear(WIDTH, owners)
        self.kind = nn.Linear(WIDTH, kinds)

    def forward(self, ids: torch.Tensor, types: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Hidden states of shape (texts, tokens, WIDTH)."""
        states: torch.Tensor = self.encoder(
            input_ids=ids, token_type_ids=types, attention_mask=mask
        ).last_hidden_state
        return states

    def learned(self) -> dict[str, torch.Tensor]:
        """What training changed: everything but MiniLM itself."""
        return {name: value for name, value in self.state_dict().items() if _is_learned(name)}

    def merge(self) -> None:
        """Make the additions part of the weights, for reading only."""
        for layer in _linear(self.encoder):
            parametrize.remove_parametrizations(layer, "weight")


def _linear(encoder: nn.Module) -> list[nn.Linear]:
    found = [part for name, part in encoder.named_modules() if name.rsplit(".", 1)[-1] in _LINEAR]
    return [part for part in found if isinstance(part, nn.Linear)]


def _is_learned(name: str) -> bool:
    return not name.startswith("encoder.") or name.endswith((".down", ".up"))


class Layout:
    """Texts as rows of token ids."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self.begin, self.end, self.pad = (
            tokenizer.cls_token_id,
            tokenizer.sep_token_id,
            tokenizer.pad_token_id,
        )

    def question(
        self, question: str, notes: Sequence[str]
    ) -> tuple[list[int], list[int], list[tuple[int, int]]]:
        """Ids, token types and where each note stands, for as many notes as fit."""
        ids = [self.begin, *self._ids(question, QUESTION), self.end]
        types, places = [0] * len(ids), []
        for note in notes:
            more = [*self._ids(note, NOTE), self.end]
            if len(ids) + len(more) > WHOLE:
                break
            places.append((len(ids), len(ids) + len(more)))
            ids += more
            types += [1] * len(more)
        return ids, types, places

    def message(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """Ids, and the characters that each token stands for (nothing for the tokens that frame it)."""
        read = self._tokenizer(_whole(text), return_offsets_mapping=True, truncation=True, max_length=MESSAGE)
        return list(read["input_ids"]), [tuple(pair) for pair in read["offset_mapping"]]

    def batch(
        self, rows: Sequence[Sequence[int]], types: Sequence[Sequence[int]] | None = None
    ) -> dict[str, torch.Tensor]:
        """What ``Network`` takes, padded to the longest row."""
        kinds = types or [[0] * len(row) for row in rows]
        return {
            "ids": padded(rows, self.pad),
            "types": padded(kinds, 0),
            "mask": padded([[1] * len(row) for row in rows], 0),
        }

    def _ids(self, text: str, most: int) -> list[int]:
        """Of a text that is too long its beginning and its end, where a question often stands."""
        ids = list(self._tokenizer(_whole(text), add_special_tokens=False)["input_ids"])
        return ids if len(ids) <= most else ids[: most - most // 2] + ids[-(most // 2) :]


def _whole(text: str) -> str:
    """Half a pair of surrogates, as a paste may leave it, is no character; the length stays the same."""
    return text.encode("utf-8", "replace").decode("utf-8")


def padded(rows: Sequence[Sequence[int]], value: int) -> torch.Tensor:
    """Rows as one tensor, filled up to the longest with a value."""
    longest = max(map(len, rows))
    return torch.tensor([[*row, *[value] * (longest - len(row))] for row in rows])


def open_parts(owners: int, kinds: int) -> tuple[Network, Layout]:
    """MiniLM as it comes, with fresh additions and heads."""
    folder = str(verified_folder())
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    from transformers import AutoModel, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    encoder = AutoModel.from_pretrained(folder, local_files_only=True, add_pooling_layer=False)
    return Network(encoder, owners, kinds), Layout(
        AutoTokenizer.from_pretrained(folder, local_files_only=True)
    )


class MiniLMReader:
    """``Reader`` in this process. Loading takes seconds and torch; use it in a worker."""

    def __init__(self, weights: Path = FILE) -> None:
        from safetensors import safe_open

        with safe_open(weights, framework="pt") as file:
            self._owners, self._kinds = (json.loads(file.metadata()[key]) for key in ("owners", "kinds"))
            learned = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118
        self._network, self._layout = open_parts(len(self._owners), len(self._kinds))
        self._network.load_state_dict(learned, strict=False)
        self._network.merge()
        self._network.eval()

    @torch.inference_mode()
    def weigh(self, question: str, notes: Sequence[str]) -> Weighed:
        """How a question stands to its notes, which come in order of likely worth."""
        ids, types, places = self._layout.question(question, notes)
        states = self._network(**self._layout.batch([ids], [types]))[0]
        stands = self._network.stands(states[0]).log_softmax(-1).tolist()
        odds = [float(self._network.bears(states[start:end].mean(0))) for start, end in places]
        told, untold, elsewhere = stands
        unread = [UNREAD] * (len(notes) - len(odds))
        return Weighed(told, untold, elsewhere, (*odds, *unread))

    @torch.inference_mode()
    def mark(self, message: str) -> Marked:
        """The words of a message that tell something lasting about who wrote it."""
        ids, offsets = self._layout.message(message)
        states = self._network(**self._layout.batch([ids]))[0]
        tags = self._network.tags(states).log_softmax(-1).tolist()
        found = [
            replace(span, name=self._name(states[first : last + 1].mean(0)))
            for span, first, last in spans(message, tags, offsets)
        ]
        return Marked(float(self._network.tells(states[0])), tuple(found))

    def _name(self, state: torch.Tensor) -> str:
        """Whose and what a value is; empty where it is none of the usual, or not plain."""
        owner, kind = self._network.owner(state).softmax(-1), self._network.kind(state).softmax(-1)
        if not int(owner.argmax()) or not int(kind.argmax()) or float(owner.max() * kind.max()) < PLAIN:
            return ""
        return f"{self._owners[int(owner.argmax())]} {self._kinds[int(kind.argmax())]}".strip()


def spans(
    message: str, tags: Sequence[Sequence[float]], offsets: Sequence[tuple[int, int]]
) -> list[tuple[Span, int, int]]:
    """The likeliest spans under log-probabilities of tags, as whole words (Viterbi's algorithm).

    Each comes with its first and its last token.
    """
    found: list[list[int]] = []
    path = _likeliest(tags, offsets)
    for at, tag in enumerate(path):
        if tag == BEGIN:
            found.append([at, at])
        elif tag == INSIDE:
            found[-1][1] = at
    return [(_as_span(message, tags, offsets, first, last, path), first, last) for first, last in found]


def _likeliest(tags: Sequence[Sequence[float]], offsets: Sequence[tuple[int, int]]) -> list[int]:
    """The best path on which every INSIDE follows a BEGIN or an INSIDE."""
    score, steps = [0.0, -math.inf, -math.inf], []
    for row, (start, end) in zip(tags, offsets, strict=True):
        seen = row if end > start else (0.0, -math.inf, -math.inf)
        best = max(range(3), key=lambda tag: score[tag])
        inside = max((BEGIN, INSIDE), key=lambda tag: score[tag])
        steps.append((best, best, inside))
        score = [score[best] + seen[OUTSIDE], score[best] + seen[BEGIN], score[inside] + seen[INSIDE]]
    tag = max(range(3), key=lambda each: score[each])
    path = [tag]
    for step in reversed(steps[1:]):
        tag = step[tag]
        path.append(tag)
    return path[::-1]


def _as_span(
    message: str,
    tags: Sequence[Sequence[float]],
    offsets: Sequence[tuple[int, int]],
    first: int,
    last: int,
    path: Sequence[int],
) -> Span:
    start, end = offsets[first][0], offsets[last][1]
    while start and message[start - 1].isalnum() and message[start].isalnum():
        start -= 1
    while end < len(message) and message[end].isalnum() and message[end - 1].isalnum():
        end += 1
    sure = sum(tags[at][path[at]] for at in range(first, last + 1)) / (last + 1 - first)
    return Span(start, end, math.exp(sure))
