"""The LoRA loop: one GGUF in, the state of a low-rank adapter out.

The frozen base is the served GGUF itself, dequantised, so that an adapter is trained on the weights
that will wear it (Hu et al. 2021, LoRA). What makes it quick on two cores: bf16 autocast, examples
batched by length, logits only where a reply stands, a beginning that all prompts share computed once for
a whole batch, and plain attention, which beats the fused kernel's backward on short texts.
"""

from __future__ import annotations

import contextlib
import math
import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.nn import functional
from torch.nn.attention import SDPBackend, sdpa_kernel

from consolidation.batching import batches, epoch_batches, shared_start, without_start
from models.pace import Pace, default_threads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from consolidation.base import Base
    from consolidation.items import Encoded, Example, Recipe
    from models.adapters import AdapterFile


IGNORE = -100
ROUND = 16  # tokens: fewer shapes, for which the CPU's kernels are compiled anew


@dataclass(frozen=True, slots=True)
class Step:
    """Where training is."""

    epoch: int
    step: int
    steps: int
    loss: float
    tokens_per_second: float
    seconds_left: float


def collate(
    batch: Sequence[Encoded], device: torch.device
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Right-padded ids, labels of shape (n, length) and weights of shape (n, 1).

    Padding stands after every real token, so the causal mask alone keeps it unseen.
    """
    width = -(-max(len(item.ids) for item in batch) // ROUND) * ROUND
    ids = torch.zeros(len(batch), width, dtype=torch.long)
    labels = torch.full((len(batch), width), IGNORE)
    for row, item in enumerate(batch):
        ids[row, : len(item.ids)] = torch.tensor(item.ids)
        labels[row, item.start : len(item.ids)] = torch.tensor(item.ids[item.start :])
    weights = torch.tensor([[item.weight] for item in batch])
    return ids.to(device), labels.to(device), weights.to(device)


def hidden_states(model: Any, ids: torch.Tensor, start: Sequence[int] = ()) -> torch.Tensor:
    """The trunk's output for a batch whose rows all continue the tokens of ``start``."""
    causal = model.get_base_model() if hasattr(model, "get_base_model") else model
    if not start:
        return causal.model(input_ids=ids, use_cache=False).last_hidden_state  # type: ignore[no-any-return]
    from transformers import DynamicCache

    cache = DynamicCache(config=causal.config)
    begin = torch.tensor([list(start)], device=ids.device)
    causal.model(input_ids=begin, past_key_values=cache, use_cache=True)
    cache.batch_repeat_interleave(len(ids))
    out = causal.model(input_ids=ids, past_key_values=cache, use_cache=True)
    return out.last_hidden_state  # type: ignore[no-any-return]


def reply_logits(
    model: Any, ids: torch.Tensor, labels: torch.Tensor, start: Sequence[int] = ()
) -> tuple[torch.Tensor, torch.Tensor]:
    """Logits of shape (tokens of all replies, vocabulary) and the mask of where they stand."""
    wanted = torch.zeros_like(labels, dtype=torch.bool)
    wanted[:, :-1] = labels[:, 1:] != IGNORE
    causal = model.get_base_model() if hasattr(model, "get_base_model") else model
    hidden = hidden_states(model, ids, start)
    return causal.lm_head(hidden[wanted]).float(), wanted


def loss_of(
    model: torch.nn.Module, batch: Sequence[Encoded], device: torch.device, start: Sequence[int] = ()
) -> torch.Tensor:
    """Cross-entropy per reply token, weighted by example."""
    ids, labels, weights = collate(batch, device)
    logits, wanted = reply_logits(model, ids, labels, start)
    targets = labels[:, 1:][wanted[:, :-1]]
    each = weights.expand_as(labels)[wanted]
    return (functional.cross_entropy(logits, targets, reduction="none") * each).sum() / each.sum()


def reply_scores(base: Base, model: torch.nn.Module, examples: Sequence[Example]) -> list[float]:
    """Mean log-probability per token of each reply, in full precision."""
    scores = []
    with torch.no_grad():
        for example in examples:
            ids, labels, _ = collate([base.encode(example)], base.device)
            logits, wanted = reply_logits(model, ids, labels)
            targets = labels[:, 1:][wanted[:, :-1]]
            scores.append(-functional.cross_entropy(logits, targets).item())
    return scores


class Anchor:
    """General examples with the base's own log-probabilities (top k, computed once), to stay near."""

    def __init__(self, base: Base, examples: Sequence[Example], tokens: int, top: int = 32) -> None:
        self.device = base.device
        encoded = [base.encode(example) for example in examples]
        self.start = shared_start(encoded)
        self.batches = batches(without_start(encoded, len(self.start)), tokens, random.Random(0))
        self.truths = []
        with torch.no_grad(), fast(base.device):
            for batch in self.batches:
                ids, labels, _ = collate(batch, base.device)
                logits, _ = reply_logits(base.model, ids, labels, self.start)
                self.truths.append(functional.log_softmax(logits, -1).topk(top, -1))

    def loss(self, model: torch.nn.Module, step: int) -> torch.Tensor:
        """KL(base || adapted) over the base's top k, in nats per token."""
        index = step % len(self.batches)
        ids, labels, _ = collate(self.batches[index], self.device)
        logits, _ = reply_logits(model, ids, labels, self.start)
        truth = self.truths[index]
        mine = functional.log_softmax(logits, -1).gather(-1, truth.indices)
        return (truth.values.exp() * (truth.values - mine)).sum(-1).mean()


@contextlib.contextmanager
def fast(device: torch.device) -> Iterator[None]:
    """bf16 where it is quicker, attention without the fused kernel on the CPU."""
    with contextlib.ExitStack() as stack:
        stack.enter_context(torch.autocast(device.type, dtype=torch.bfloat16))
        if device.type == "cpu":
            stack.enter_context(sdpa_kernel(SDPBackend.MATH))
        yield


def adapt(base: Base, recipe: Recipe) -> torch.nn.Module:
    """The base with a fresh adapter whose output is zero."""
    from peft import LoraConfig, get_peft_model

    torch.manual_seed(recipe.seed)
    depth = base.model.config.num_hidden_layers
    config = LoraConfig(
        r=recipe.rank,
        lora_alpha=recipe.alpha,  # type: ignore[arg-type]
        target_modules=list(recipe.targets),
        lora_dropout=recipe.dropout,
        layers_to_transform=list(range(recipe.layers, depth)) if recipe.layers else None,
    )
    return get_peft_model(base.model, config)


def lora_state(model: torch.nn.Module) -> dict[str, torch.Tensor]:
    """The adapter's own weights by PEFT's names, on the CPU."""
    return {name: p.detach().cpu().clone() for name, p in model.named_parameters() if "lora_" in name}


def load_state(model: torch.nn.Module, state: Mapping[str, torch.Tensor]) -> None:
    """Put adapter weights back in place."""
    parameters = dict(model.named_parameters())
    with torch.no_grad():
        for name, value in state.items():
            parameters[name].copy_(value)


def peft_state(adapter: AdapterFile) -> dict[str, torch.Tensor]:
    """An adapter file's weights by PEFT's names; the inverse of ``AdapterFile.from_peft``."""
    return {
        f"base_model.model.{name}.lora_{side}.default.weight": torch.from_numpy(np.ascontiguousarray(weight))
        for name, pair in adapter.pairs().items()
        for side, weight in zip("AB", pair, strict=True)
    }


@dataclass(slots=True)
class Checkpoint:
    """Everything a run needs to go on where it stopped."""

    path: Path
    digest: str

    def load(self) -> dict[str, object] | None:
        """The saved run, or nothing when there is none, it is damaged or it was another run."""
        try:
            saved = torch.load(self.path, weights_only=True)
        except (OSError, RuntimeError, EOFError, ValueError, KeyError):
            return None
        return saved if isinstance(saved, dict) and saved.get("digest") == self.digest else None

    def save(self, **values: object) -> None:
        """Write beside, then replace: a half-written checkpoint never stands under this name."""
        beside = self.path.with_suffix(".writing")
        torch.save({"digest": self.digest, **values}, beside)
        beside.chmod(0o600)
        beside.replace(self.path)


class Cancelled(Exception):
    """Training was asked to stop; what was reached stands in the checkpoint."""


def train(
    base: Base,
    examples: Callable[[int], Sequence[Example]],
    recipe: Recipe,
    *,
    anchors: Sequence[Example] = (),
    checkpoint: Checkpoint | None = None,
    report: Callable[[Step], None] = lambda step: None,
    stopped: Callable[[], bool] = lambda: False,
    every: float = 20.0,
    threads: int | None = None,
    begin: AdapterFile | None = None,
) -> tuple[torch.nn.Module, dict[str, torch.Tensor]]:
    """Train an adapter on ``base``.

    Args:
        examples: the examples of an epoch, so that they can be widened anew each time.
        anchors: general prompts with the replies that must stay as likely as they are.
        every: seconds between checkpoints.
        threads: at most so many; fewer while other programs are busy.
        begin: an adapter of the same shape to go on from, instead of a fresh one.

    Returns:
        The adapted model and the adapter's weights by PEFT's names.

    Raises:
        Cancelled: ``stopped`` said so; the checkpoint holds the last finished step.
    """
    tokens_each = recipe.anchor_tokens or recipe.batch_tokens
    anchor = Anchor(base, anchors, tokens_each) if anchors and recipe.anchor else None
    model = adapt(base, recipe)
    if begin is not None:
        load_state(model, peft_state(begin))
    model.train()
    parameters = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(parameters, lr=recipe.learning_rate, weight_decay=0.0)
    steps = _steps(base, examples, recipe)
    done = _resume(checkpoint, model, optimiser)
    pace, watch = Pace(threads or default_threads()), _Watch(done, len(steps))
    for index in range(done, len(steps)):
        if stopped():
            raise Cancelled
        epoch, start, batch = steps[index]
        for group in optimiser.param_groups:
            group["lr"] = recipe.learning_rate * slope(index, len(steps), recipe.warmup)
        torch.set_num_threads(pace.threads())
        with fast(base.device):
            loss = loss_of(model, batch, base.device, start)
            whole = loss if anchor is None else loss + recipe.anchor * anchor.loss(model, index)
        whole.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(parameters, recipe.clip)
        optimiser.step()
        optimiser.zero_grad()
        report(watch.step(epoch, index, loss.item(), sum(len(start) + len(item.ids) for item in batch)))
        if checkpoint and watch.unsaved > every:
            checkpoint.save(step=index + 1, lora=lora_state(model), optimiser=optimiser.state_dict())
            watch.saved()
    model.eval()
    return model, lora_state(model)


def _steps(
    base: Base, examples: Callable[[int], Sequence[Example]], recipe: Recipe
) -> list[tuple[int, list[int], list[Encoded]]]:
    """Every batch of the run, with its epoch and the tokens that its prompts begin with."""
    return [
        (epoch, start, batch)
        for epoch in range(recipe.epochs)
        for start, batch in epoch_batches(
            base, examples(epoch), recipe.batch_tokens, random.Random(recipe.seed + epoch)
        )
    ]


class _Watch:
    """Speed, smoothed loss, and how long ago the last checkpoint was."""

    def __init__(self, done: int, steps: int) -> None:
        self._done, self._steps = done, steps
        self._began = self._saved = time.monotonic()
        self._tokens, self._loss = 0, 0.0

    @property
    def unsaved(self) -> float:
        """Seconds of work that would be lost."""
        return time.monotonic() - self._saved

    def saved(self) -> None:
        self._saved = time.monotonic()

    def step(self, epoch: int, index: int, loss: float, tokens: int) -> Step:
        self._loss = loss if index == self._done else 0.9 * self._loss + 0.1 * loss
        self._tokens += tokens
        spent = time.monotonic() - self._began
        left = spent / (index + 1 - self._done) * (self._steps - index - 1)
        return Step(epoch, index + 1, self._steps, self._loss, self._tokens / spent, left)


def _resume(checkpoint: Checkpoint | None, model: torch.nn.Module, optimiser: torch.optim.Optimizer) -> int:
    saved = checkpoint.load() if checkpoint else None
    if saved is None:
        return 0
    load_state(model, saved["lora"])  # type: ignore[arg-type]
    optimiser.load_state_dict(saved["optimiser"])  # type: ignore[arg-type]
    return int(saved["step"])  # type: ignore[call-overload, no-any-return]


def slope(step: int, steps: int, warmup: float) -> float:
    """Linear warm-up, then a cosine to zero; 1 at the top."""
    rise = max(1, int(steps * warmup))
    if step < rise:
        return (step + 1) / rise
    return 0.5 * (1 + math.cos(math.pi * (step - rise) / max(1, steps - rise)))
