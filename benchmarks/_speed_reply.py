"""Time to the first token and tokens per second: the engine process beside llama-cpp-python alone."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from consolidation.bed import RECIPE
from consolidation.items import ALL_LINEAR
from models import gguf_file
from models.adapters import GGUF_NAME, AdapterFile
from models.catalogue import sha256, skill_for
from models.engine import Done, Message, Request, Sampling, Text, Worn
from models.process import EngineProcess
from models.template import ChatTemplate

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

CONTEXT = 4096
QUIET = 0.4  # seconds until the engine sees that the other side has stopped working
SYSTEM = "You are writer number {number}."
NOTE = "- In chapter {} the travellers reached a village by the river and stayed there for {} nights."
QUESTION = "Now write the whole story, in great detail, beginning with: Once upon a time"


@dataclass(frozen=True, slots=True)
class Pace:
    """One reply: seconds to the first token, tokens per second after it."""

    first: float
    speed: float


def rounds(model: Path, folder: Path, options: argparse.Namespace) -> list[dict[str, float]]:
    """Each side answers a fresh prompt in each round, in changing order."""
    personal = options.adapter or made_up_adapter(model, folder / "personal.gguf")
    skill = skill_for(model) or made_up_adapter(model, folder / "skill.gguf", ALL_LINEAR, first=0)
    dressed = (Worn(skill), Worn(personal))
    ours = EngineProcess(None, model, context=CONTEXT, threads=options.threads)
    bare = Bare(model, options.threads)
    sides: dict[str, Callable[[list[Message], int], Pace]] = {
        "bare_": bare.reply,
        "": lambda messages, tokens: reply(ours, messages, tokens, ()),
        "_adapters": lambda messages, tokens: reply(ours, messages, tokens, dressed),
    }
    try:
        for answer in sides.values():
            answer(prompt(0), 4)
        return [one_round(sides, number, options.tokens) for number in range(1, options.rounds + 1)]
    finally:
        ours.close()
        bare.close()


def one_round(
    sides: dict[str, Callable[[list[Message], int], Pace]], number: int, tokens: int, quiet: float = QUIET
) -> dict[str, float]:
    """Every side reads the same prompt and answers it; who begins changes."""
    figures = {}
    names = list(sides)
    for name in names[number % len(names) :] + names[: number % len(names)]:
        settle(sides[name], number, quiet)
        pace = sides[name](prompt(number), tokens)
        before, after = (name, "") if name == "bare_" else ("", name)
        figures[f"{before}first_token{after}"] = pace.first
        figures[f"{before}decode{after}"] = pace.speed
    return figures


def settle(answer: Callable[[list[Message], int], Pace], number: int, quiet: float) -> None:
    """Let a side warm up and look around; the other one was at work a moment ago."""
    answer(prompt(-number), 2)
    time.sleep(quiet)
    answer(prompt(-number), 2)


def prompt(number: int) -> list[Message]:
    """A prompt that shares no beginning with another, so that nothing is kept from the last one."""
    notes = "\n".join(NOTE.format(i, i % 5 + 2) for i in range(1, 13))
    return [Message("system", SYSTEM.format(number=number)), Message("user", f"{notes}\n\n{QUESTION}")]


def reply(engine: EngineProcess, messages: list[Message], tokens: int, worn: tuple[Worn, ...]) -> Pace:
    """As the app asks for one."""
    began = time.perf_counter()
    first = last = 0.0
    count = 0
    for event in engine.chat(Request(tuple(messages), Sampling(max_tokens=tokens), adapters=worn)):
        if isinstance(event, Text):
            last = time.perf_counter()
            first = first or last
        elif isinstance(event, Done):
            count = event.reply_tokens
    return Pace(first - began, (count - 1) / (last - first) if last > first else 0.0)


class Bare:
    """``llama_cpp.Llama`` by itself: its own token loop, greedy, each token turned into text."""

    def __init__(self, model: Path, threads: int) -> None:
        from llama_cpp import Llama

        self._llama = Llama(
            str(model), n_ctx=CONTEXT, n_threads=threads, n_threads_batch=threads, verbose=False
        )
        self._template = ChatTemplate(str(self._llama.metadata.get("tokenizer.chat_template", "")))

    def reply(self, messages: list[Message], tokens: int) -> Pace:
        began = time.perf_counter()
        words = "".join(self._template.render(messages))
        read = self._llama.tokenize(words.encode(), add_bos=False, special=True)
        times = [time.perf_counter() for _ in self._pieces(read, tokens)]
        spent = times[-1] - times[0]
        return Pace(times[0] - began, (len(times) - 1) / spent if spent else 0.0)

    def _pieces(self, prompt: list[int], most: int) -> Iterator[bytes]:
        for count, token in enumerate(self._llama.generate(prompt, temp=0.0), start=1):
            if token == self._llama.token_eos():
                return
            yield self._llama.detokenize([token])
            if count == most:
                return

    def close(self) -> None:
        self._llama.close()


def made_up_adapter(
    model: Path,
    path: Path,
    targets: Sequence[str] = RECIPE.targets,
    rank: int = RECIPE.rank,
    first: int = RECIPE.layers,
) -> Path:
    """An adapter of a night's shape with next to nothing in it: as much work, the same words."""
    header = gguf_file.read_model(model)
    names = [GGUF_NAME[long] for long in GGUF_NAME if long.split(".")[1] in targets]
    layers = header.number(f"{header.architecture}.block_count")
    rng = np.random.default_rng(0)
    tensors = {}
    for layer in range(first, layers):
        for name in names:
            width, height = header.tensors[f"blk.{layer}.{name}.weight"].shape[:2]
            tensors[layer, name] = (_noise(rng, rank, width), _noise(rng, height, rank))
    heads = header.number(f"{header.architecture}.attention.head_count")
    kv_heads = header.number(f"{header.architecture}.attention.head_count_kv") or heads
    AdapterFile(header.architecture, heads, kv_heads, float(rank), rank, sha256(model), tensors).write(path)
    return path


def _noise(rng: np.random.Generator, rows: int, columns: int) -> NDArray[np.float32]:
    return (rng.standard_normal((rows, columns)) * 1e-4).astype(np.float32)
