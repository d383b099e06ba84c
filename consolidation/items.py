"""What is trained: examples and a recipe. Values only, so that dreaming needs no torch."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.engine import Message

ALL_LINEAR = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
MLP = ("gate_proj", "up_proj", "down_proj")


@dataclass(frozen=True, slots=True)
class Example:
    """One prompt and the reply to be learned; ``whole`` replies end their turn, cut ones do not."""

    messages: tuple[Message, ...]
    reply: str
    whole: bool = True
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Encoded:
    """Token ids of prompt and reply; the reply starts at ``start``."""

    ids: list[int]
    start: int
    weight: float


@dataclass(frozen=True, slots=True)
class Recipe:
    """How an adapter is trained. ``layers`` is the first adapted layer; ``batch_tokens`` includes padding,
    but not the beginning that all prompts share.

    ``anchor`` weighs the KL divergence to the model without the new adapter on general prompts
    (nats per token), of which every step takes ``anchor_tokens``; 0 is as many as of the examples.
    """

    rank: int = 16
    alpha: float = 32.0
    targets: tuple[str, ...] = ALL_LINEAR
    layers: int = 0
    learning_rate: float = 8e-4
    epochs: int = 3
    batch_tokens: int = 1800
    warmup: float = 0.05
    clip: float = 1.0
    dropout: float = 0.0
    anchor: float = 0.0
    anchor_tokens: int = 0
    seed: int = 0

    def digest(self, base_sha256: str, examples: str) -> str:
        """Names a run: a checkpoint of another base, recipe or text is not continued."""
        key = json.dumps([asdict(self), base_sha256, examples], sort_keys=True)
        return hashlib.sha256(key.encode()).hexdigest()
