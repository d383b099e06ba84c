"""Train the reader: ``python -m consolidation.skill.reader OUT.safetensors``.

Both readings are learned together, a batch of one after a batch of the other: for a question how it stands
to its notes (cross-entropy) and which of them it rests on (binary cross-entropy, a mean per question); for a
message whether it tells anything and in which words (cross-entropy over the tags of its tokens).
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import torch
from torch.nn import functional

from consolidation.skill.reading import Asked, Names, Reading
from models.reader import BEGIN, INSIDE, OUTSIDE, Layout, Network, open_parts, padded

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from torch import Tensor

    from consolidation.skill.build import Noticing

T = TypeVar("T")

EPOCHS = 6
BATCH = 24
RATE, HEAD_RATE, NAME_RATE = 6e-4, 1e-3, 5e-3  # names have many classes, each with few examples
WARM = 50  # steps
DROPPED = 0.1  # of the hidden states' features, before the heads
NOTES_COUNT, TAGS_COUNT = 2.0, 3.0  # beside the decisions about a whole text
IGNORED = -100  # the label of tokens that only frame or pad


class Lesson:
    """The losses of one network."""

    def __init__(self, network: Network, layout: Layout, names: Names) -> None:
        self._network, self._layout, self._names = network, layout, names

    def of_questions(self, cases: Sequence[Asked]) -> Tensor:
        rows = [self._layout.question(case.question, case.notes) for case in cases]
        states = self._states([row[0] for row in rows], [row[1] for row in rows])
        stands = torch.tensor([case.stands for case in cases])
        loss = functional.cross_entropy(self._network.stands(states[:, 0]), stands)
        each = [
            self._of_notes(state, places, case)
            for state, (_, _, places), case in zip(states, rows, cases, strict=True)
            if case.marked and places
        ]
        return loss + NOTES_COUNT * torch.stack(each).mean() if each else loss

    def _of_notes(self, state: Tensor, places: Sequence[tuple[int, int]], case: Asked) -> Tensor:
        means = torch.stack([state[start:end].mean(0) for start, end in places])
        wanted = torch.tensor([float(at in case.needs) for at in range(len(places))])
        return functional.binary_cross_entropy_with_logits(self._network.bears(means)[:, 0], wanted)

    def of_messages(self, messages: Sequence[Noticing]) -> Tensor:
        rows = [self._layout.message(item.message) for item in messages]
        states = self._states([ids for ids, _ in rows])
        tags = padded([tagged(item, row[1]) for item, row in zip(messages, rows, strict=True)], IGNORED)
        told = torch.tensor([float(bool(item.facts)) for item in messages])
        loss = functional.binary_cross_entropy_with_logits(self._network.tells(states[:, 0])[:, 0], told)
        each = functional.cross_entropy(
            self._network.tags(states).flatten(0, 1), tags.flatten(), ignore_index=IGNORED
        )
        return loss + TAGS_COUNT * each + self._of_names(messages, rows, states)

    def _of_names(self, messages: Sequence[Noticing], rows: Sequence[Any], states: Tensor) -> Tensor:
        """What each value is, and whose."""
        means, owners, kinds = [], [], []
        for item, (_, offsets), state in zip(messages, rows, states, strict=True):
            for name, value in item.facts:
                if inside := _tokens_of(value, item.message, offsets):
                    means.append(state[inside].mean(0))
                    owner, kind = self._names.classes(name)
                    owners.append(owner)
                    kinds.append(kind)
        if not means:
            return states.new_zeros(())
        found = torch.stack(means)
        loss = functional.cross_entropy(self._network.owner(found), torch.tensor(owners))
        return loss + functional.cross_entropy(self._network.kind(found), torch.tensor(kinds))

    def _states(self, ids: Sequence[list[int]], types: Sequence[list[int]] | None = None) -> Tensor:
        states = self._network(**self._layout.batch(ids, types))
        return functional.dropout(states, DROPPED, self._network.training)


def tagged(item: Noticing, offsets: Sequence[tuple[int, int]]) -> list[int]:
    """The tag of each token; a value that stands there twice is taken where it stands as a word."""
    tags = [OUTSIDE if end > start else IGNORED for start, end in offsets]
    for _, value in item.facts:
        for number, at in enumerate(_tokens_of(value, item.message, offsets)):
            tags[at] = INSIDE if number else BEGIN
    return tags


def _tokens_of(value: str, message: str, offsets: Sequence[tuple[int, int]]) -> list[int]:
    start = _place(value, message)
    return [at for at, (a, b) in enumerate(offsets) if b > a and a < start + len(value) and b > start]


def _place(value: str, message: str) -> int:
    match = re.search(rf"(?<!\w){re.escape(value)}(?!\w)", message)
    return match.start() if match else message.index(value)


def batches(items: Sequence[T], length: Callable[[T], int], rng: random.Random) -> list[list[T]]:
    """Items of about equal length together, the batches in any order."""
    inexact = sorted(items, key=lambda item: length(item) * rng.uniform(0.8, 1.2))
    parts = [list(inexact[at : at + BATCH]) for at in range(0, len(inexact), BATCH)]
    rng.shuffle(parts)
    return parts


def lessons(reading: Reading, lesson: Lesson, epoch: int, rng: random.Random) -> list[Callable[[], Tensor]]:
    """The losses of one epoch, each computed when it is called."""
    questions = batches(reading.questions(rng, epoch), lambda case: sum(map(len, case.notes)), rng)
    messages = batches(reading.messages(rng, epoch), lambda item: len(item.message), rng)
    every: list[Callable[[], Tensor]] = [partial(lesson.of_questions, part) for part in questions]
    every += [partial(lesson.of_messages, part) for part in messages]
    rng.shuffle(every)
    return every


def groups(network: Network) -> list[dict[str, Any]]:
    """What is trained, each part with the highest of its learning rates."""
    names = [*network.owner.parameters(), *network.kind.parameters()]
    heads = [
        part
        for head in (network.bears, network.stands, network.tells, network.tags)
        for part in head.parameters()
    ]
    low = [part for part in network.encoder.parameters() if part.requires_grad]
    rates = ((low, RATE), (heads, HEAD_RATE), (names, NAME_RATE))
    return [{"params": parts, "lr": rate, "most": rate} for parts, rate in rates]


def train(network: Network, layout: Layout, reading: Reading, epochs: int = EPOCHS) -> None:
    """Teach the network, one line an epoch."""
    torch.manual_seed(0)
    rng, lesson, step = random.Random(0), Lesson(network, layout, reading.names), 0
    optimizer = torch.optim.AdamW(groups(network), weight_decay=0.01)
    network.train()
    for epoch in range(epochs):
        losses, parts = 0.0, lessons(reading, lesson, epoch, rng)
        for part in parts:
            share = step / (len(parts) * epochs)
            for group in optimizer.param_groups:
                group["lr"] = (
                    group["most"] * min(1.0, step / WARM) * (1 + math.cos(math.pi * min(1.0, share))) / 2
                )
            with torch.autocast("cpu", torch.bfloat16):  # twice as fast, and as good
                loss = part()
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            step, losses = step + 1, losses + loss.item()
        sys.stderr.write(f"epoch {epoch + 1} of {epochs}: loss {losses / len(parts):.3f}\n")


def main() -> None:
    """Train and write what was learned, half as precise as it was trained."""
    from safetensors.torch import load_file, save_file

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--begin", type=Path, help="weights to go on from, instead of fresh ones")
    arguments = parser.parse_args()
    torch.manual_seed(0)
    reading = Reading()
    names = reading.names
    network, layout = open_parts(len(names.owners), len(names.kinds))
    if arguments.begin:
        fresh = network.state_dict()  # with more text there are more names, whose heads begin again
        begun = {n: v.float() for n, v in load_file(arguments.begin).items() if v.shape == fresh[n].shape}
        network.load_state_dict(begun, strict=False)
    train(network, layout, reading, arguments.epochs)
    learned = {name: value.to(torch.float16).contiguous() for name, value in network.learned().items()}
    save_file(learned, arguments.out, {"owners": json.dumps(names.owners), "kinds": json.dumps(names.kinds)})


if __name__ == "__main__":
    main()
