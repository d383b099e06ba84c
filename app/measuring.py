"""How quickly the model in use reads and writes on this machine, in tokens a second."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from models.engine import Done, EngineError, Message, Request, Sampling, Text
from models.pace import default_threads

if TYPE_CHECKING:
    from models.engine import Engine

WORDS = 160  # to read: enough that starting does not count, few enough for a slow machine
TOKENS = 40  # to write
LEAST = 8  # tokens written: fewer say nothing
ASIDE = 1  # the slot for side work, so that the conversation need not be read again
TIMES = 2  # the better one counts: whatever else the machine did only slows it down


@dataclass(frozen=True, slots=True)
class Measured:
    """Tokens a second. ``when`` is ISO 8601, UTC."""

    name: str
    reading: float
    writing: float
    threads: int
    when: str

    @classmethod
    def of(cls, raw: Any) -> Measured | None:
        """From JSON that was kept; nothing when it is something else."""
        if not isinstance(raw, dict) or {field.name for field in fields(cls)} != raw.keys():
            return None
        return cls(**raw)


def measure(engine: Engine, name: str) -> Measured:
    """Have it read numbers and go on counting; nothing of it is kept.

    Raises:
        EngineError: it does not answer, or with too few tokens to tell.
    """
    rounds = [_round(engine, seed) for seed in range(TIMES)]
    reading, writing = (max(figures) for figures in zip(*rounds, strict=True))
    if not writing:
        raise EngineError(f"{name} wrote too little to tell how quick it is.")
    when = datetime.now(UTC).isoformat(timespec="seconds")
    return Measured(name, round(reading, 1), round(writing, 1), default_threads(), when)


def _round(engine: Engine, seed: int) -> tuple[float, float]:
    chance = random.Random(time.time_ns() + seed)  # never what is in the cache
    numbers = " ".join(str(chance.randrange(10, 100)) for _ in range(WORDS))
    words = f"{numbers}\nWrite the numbers from 1 to 100, with a comma after each."
    request = Request((Message("user", words),), Sampling(max_tokens=TOKENS), prefix="1, 2, 3,", slot=ASIDE)
    began = first = last = time.perf_counter()
    done = None
    for event in engine.chat(request):
        last = time.perf_counter()
        if isinstance(event, Text) and first == began:
            first = last
        elif isinstance(event, Done):
            done = event
    if done is None:
        raise EngineError("The model did not answer.")
    read = (done.prompt_tokens - done.reused_tokens) / max(first - began, 1e-6)
    wrote = (done.reply_tokens - 1) / max(last - first, 1e-6) if done.reply_tokens >= LEAST else 0.0
    return read, wrote
