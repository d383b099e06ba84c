"""From examples to an adapter file: the torch half of a night, loaded only when training begins."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

from consolidation.base import Base
from consolidation.served import Stopped
from consolidation.train import Cancelled, Checkpoint, Step, reply_scores, train
from consolidation.vary import vary
from models.adapters import AdapterFile, sha256

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from consolidation.items import Example, Recipe


def dressed(items: Sequence[Example], seed: int) -> list[Example]:
    """The examples of an epoch, asked in other words than in the one before."""
    rng = random.Random(seed)
    return [
        replace(item, messages=(*item.messages[:-1], replace(item.messages[-1], content=words)))
        for item in items
        for words in [vary(item.messages[-1].content, rng)]
    ]


def train_adapter(
    model: Path,
    skill: Path | None,
    items: Sequence[Example],
    anchors: Sequence[Example],
    probes: Sequence[Example],
    recipe: Recipe,
    out: Path,
    tell: Callable[[float, float, float], None] = lambda share, loss, left: None,
    stopped: Callable[[], bool] = lambda: False,
    every: float = 20.0,
    permuted: bool = True,
) -> list[float]:
    """Train and write an adapter; a run that was cut off goes on from the checkpoint beside ``out``.

    Returns:
        The mean log-probability per token of each probe's reply under the trained weights.

    Raises:
        Stopped: it was asked to stop.
    """
    base = Base(model, [(skill, 1.0)] if skill is not None else [])
    digest = recipe.digest(sha256(model), repr((items, anchors, skill and sha256(skill))))
    checkpoint = Checkpoint(out.with_suffix(".checkpoint"), digest)

    def hear(step: Step) -> None:
        tell(step.step / step.steps, step.loss, step.seconds_left)

    try:
        adapted, state = train(
            base,
            lambda epoch: dressed(items, recipe.seed * 1000 + epoch),
            recipe,
            anchors=anchors,
            checkpoint=checkpoint,
            report=hear,
            stopped=stopped,
            every=every,
        )
    except Cancelled as stop:
        raise Stopped from stop
    config = base.model.config
    AdapterFile.from_peft(
        {name: value.numpy() for name, value in state.items()},
        architecture=config.model_type,
        heads=config.num_attention_heads,
        kv_heads=config.num_key_value_heads,
        alpha=recipe.alpha,
        base_sha256=sha256(model),
        about={"kind": "night"},
        permuted=permuted,
    ).write(out)
    scores = reply_scores(base, adapted, probes)
    checkpoint.path.unlink(missing_ok=True)
    return scores
