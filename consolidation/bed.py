"""Where a night happens, with which recipe and which parts, and how it tells how far it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from consolidation import exam, select
from consolidation.items import MLP, Example, Recipe
from consolidation.progress import Progress

if TYPE_CHECKING:
    from pathlib import Path

RECIPE = Recipe(
    rank=16,
    alpha=32.0,
    targets=MLP,
    layers=10,
    learning_rate=2e-3,
    epochs=5,
    batch_tokens=480,
    anchor=1.5,
    anchor_tokens=240,
)


Tell = Callable[[Progress], None]


class Trainer(Protocol):
    """Trains an adapter and writes it; ``consolidation.trainer.train_adapter`` does, in torch.

    ``tell`` hears share, loss and seconds left; ``every`` is the seconds between two checkpoints. Returns the
    mean log-probability of each probe's reply under the trained weights.
    """

    def __call__(
        self,
        model: Path,
        skill: Path | None,
        items: Sequence[Example],
        anchors: Sequence[Example],
        probes: Sequence[Example],
        recipe: Recipe,
        out: Path,
        tell: Callable[[float, float, float], None],
        stopped: Callable[[], bool],
        every: float,
        /,
    ) -> list[float]: ...


@dataclass(frozen=True, slots=True)
class Bed:
    """Everything a night needs to know about where it happens.

    Args:
        folder: for what the steps find.
        model: the GGUF that is served.
        skill: the memory skill worn beneath, where the model has one.
        never: plain forms of questions that must not be trained on.
    """

    folder: Path
    adapters: Path
    reports: Path
    model: Path
    skill: Path | None = None
    vetoed: frozenset[int] = frozenset()
    never: frozenset[str] = frozenset()
    recipe: Recipe = RECIPE
    budget: int = select.BUDGET
    scales: tuple[float, ...] = exam.SCALES
    every: float = 20.0  # seconds between two checkpoints of the training
