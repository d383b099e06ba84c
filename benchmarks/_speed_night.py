"""Training speed: the night's own loop beside the loop that PEFT's and transformers' pages show."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from consolidation.bed import RECIPE
from consolidation.dream import Dreamer, examples
from consolidation.phrasing import Told
from memory.phrases import sentence_for

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from pathlib import Path

    from consolidation.base import Base
    from consolidation.items import Encoded, Example, Recipe
    from consolidation.train import Step

BATCH = 8
FACTS = (
    ("dog's name", "Pim"),
    ("home", "Clun"),
    ("job", "bookbinder"),
    ("allergy", "walnuts"),
    ("sister's name", "Odile"),
    ("birthday", "3 May"),
    ("instrument", "viola"),
    ("car", "a blue Saab"),
)


def rounds(model: Path, folder: Path, options: argparse.Namespace) -> list[dict[str, float]]:
    """The same items through both loops in each round, in changing order."""
    from consolidation.base import Base

    base, recipe, items = Base(model), replace(RECIPE, epochs=1), night_items(options.items)
    measured = []
    for number in range(options.rounds):
        sides = [("night_speed", ours), ("plain_night_speed", plain)]
        if number % 2:
            sides.reverse()
        measured.append({name: side(base, items, recipe, options.threads) for name, side in sides})
    return measured


def night_items(most: int) -> list[Example]:
    """What a night would dream of some facts, as it lays it out."""
    told = [
        Told(number, sentence_for(name, value), value, name) for number, (name, value) in enumerate(FACTS, 1)
    ]
    items = examples(Dreamer(told, [each.sentence for each in told]).dream(None).items)
    return items[:: max(1, len(items) // most)][:most]


def ours(base: Base, items: Sequence[Example], recipe: Recipe, threads: int) -> float:
    """Tokens per second of ``consolidation.train``."""
    from consolidation.train import train

    steps: list[Step] = []
    model, _ = train(base, lambda _: items, recipe, report=steps.append, threads=threads)
    take_off(model)
    return steps[-1].tokens_per_second


def plain(base: Base, items: Sequence[Example], recipe: Recipe, threads: int) -> float:
    """Tokens per second of an ordinary loop: float32, padded batches, the model's own loss."""
    import torch
    from peft import LoraConfig, get_peft_model

    torch.set_num_threads(threads)
    config = LoraConfig(r=recipe.rank, lora_alpha=int(recipe.alpha), target_modules=list(recipe.targets))
    model = get_peft_model(base.model, config)
    model.train()
    optimiser = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=recipe.learning_rate)
    encoded = [base.encode(item) for item in items]
    began = time.perf_counter()
    for start in range(0, len(encoded), BATCH):
        loss = model(**padded(encoded[start : start + BATCH], base.device)).loss
        loss.backward()
        optimiser.step()
        optimiser.zero_grad()
    spent = time.perf_counter() - began
    model.eval()
    take_off(model)
    return sum(len(item.ids) for item in encoded) / spent


def padded(batch: Sequence[Encoded], device: Any) -> dict[str, Any]:
    """As a data collator makes it: ids, mask and labels, with the prompt's labels left out."""
    import torch

    width = max(len(item.ids) for item in batch)
    ids, mask = (
        torch.zeros(len(batch), width, dtype=torch.long),
        torch.zeros(len(batch), width, dtype=torch.long),
    )
    labels = torch.full((len(batch), width), -100)
    for row, item in enumerate(batch):
        ids[row, : len(item.ids)], mask[row, : len(item.ids)] = torch.tensor(item.ids), 1
        labels[row, item.start : len(item.ids)] = torch.tensor(item.ids[item.start :])
    return {"input_ids": ids.to(device), "attention_mask": mask.to(device), "labels": labels.to(device)}


def take_off(model: Any) -> None:
    """Leave the base as it was before PEFT changed its layers."""
    model.unload()
