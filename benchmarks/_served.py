"""What several benchmarks need: rows of a file, and the engine as the product serves it."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.prompt import lay_out
from memory.records import Note
from models import catalogue
from models.engine import Engine, Message, Worn
from models.process import EmbedderProcess, EngineProcess

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Sequence


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", type=Path, help="another GGUF than the built-in one")
    parser.add_argument("--bare", action="store_true", help="without the memory skill")
    parser.add_argument("--skill", type=Path, help="another skill adapter than the one that ships")
    parser.add_argument("--adapter", type=Path, help="a personal adapter worn above the skill")
    parser.add_argument("--misses", type=Path, help="write what went wrong to this file")


def rows(files: Iterable[Path]) -> list[dict[str, Any]]:
    """Every JSON line of the files."""
    return [
        json.loads(line) for file in files for line in file.read_text("utf-8").splitlines() if line.strip()
    ]


def asked(question: str, notes: Sequence[str]) -> tuple[Message, ...]:
    """A first turn in the app's own prompt, with the notes as what was recalled."""
    now = datetime.now(UTC)
    recalled = [Note(f"fact:{i}", text, 1.0, now) for i, text in enumerate(notes)]
    return lay_out(question, recalled)


def skill(options: argparse.Namespace, model: Path) -> Path | None:
    """The skill adapter that these options ask for."""
    if options.bare:
        return None
    chosen: Path | None = options.skill or catalogue.skill_for(model)
    return chosen


@contextmanager
def engine(options: argparse.Namespace) -> Iterator[tuple[Engine, Worn | None]]:
    """A dressed engine process, and the skill it wears."""
    model = options.model or catalogue.built_in().path
    path = skill(options, model)
    under = None if path is None else Worn(path)
    served = EngineProcess(None, model)
    try:
        over = [Worn(options.adapter)] if options.adapter else []
        served.wear([*([under] if under else []), *over])
        yield served, under
    finally:
        served.close()


@contextmanager
def reader() -> Iterator[EmbedderProcess]:
    """The reader in a process of its own, as the product has it."""
    process = EmbedderProcess()
    try:
        yield process
    finally:
        process.close()


def write_misses(options: argparse.Namespace, misses: list[dict[str, Any]]) -> None:
    """One JSON line per miss, if a file was named."""
    if options.misses:
        text = "".join(json.dumps(miss, ensure_ascii=False) + "\n" for miss in misses)
        options.misses.write_text(text, "utf-8")
