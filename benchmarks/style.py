"""Stated preferences: each said in one chat and noticed, then kept to in another, or not.

Every preference has a home of its own, and all goes through the product. A reply counts when the pattern of
its row is found in it; a pattern that begins with "!" must not be found.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.core import Dormouse
from app.events import Bus
from app.home import Home
from benchmarks._served import rows, write_misses
from models import catalogue
from models.process import EmbedderProcess, EngineProcess

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from models.engine import EmbedderAndReader, Engine

WAIT = 600.0  # seconds, at most, until a preference has been noticed


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--unsaid", action="store_true", help="without the preference, to compare")
    parser.add_argument("--misses", type=Path, help="write what went wrong to this file")


def run(files: Sequence[Path], options: argparse.Namespace) -> dict[str, Any]:
    """The share of replies that meet their pattern."""
    prompts = rows(files)
    misses: list[dict[str, Any]] = []
    engine, embedder = EngineProcess(None, catalogue.built_in().path), EmbedderProcess(None)
    try:
        marks = [_meets(row, engine, embedder, options.unsaid, misses) for row in prompts]
    finally:
        engine.close()
        embedder.close()
    write_misses(options, misses)
    return {"followed": round(sum(marks) / max(1, len(marks)), 4), "prompts": len(marks)}


def _meets(
    row: dict[str, Any],
    engine: Engine,
    embedder: EmbedderAndReader,
    unsaid: bool,
    misses: list[dict[str, Any]],
) -> bool:
    reply, noticed = _reply(row, _Kept(engine), _Kept(embedder), unsaid)
    found = re.search(row["regex"].removeprefix("!"), reply) is not None
    if not reply.strip() or found == row["regex"].startswith("!"):
        misses.append(
            {"preference": row["preference"], "noticed": noticed, "prompt": row["prompt"], "reply": reply}
        )
        return False
    return True


def _reply(row: dict[str, Any], engine: Any, embedder: Any, unsaid: bool) -> tuple[str, list[str]]:
    with tempfile.TemporaryDirectory(prefix="dormouse-style-", ignore_cleanup_errors=True) as folder:
        home = Home(Path(folder))
        home.change("nights", False)
        dormouse = Dormouse(home, Bus(), lambda path, settings: engine, lambda: embedder)
        dormouse.start(tend=False)
        try:
            if not unsaid:
                dormouse.store.add_turn(dormouse.new_conversation().id, "user", row["preference"])
            dormouse.idle.start()
            if not dormouse.idle.settle(WAIT):
                raise TimeoutError("The chores did not come to an end.")
            dormouse.idle.close()
            reply = dormouse.ask(dormouse.new_conversation().id, row["prompt"])
            return reply.text, [f"{fact.attribute}: {fact.value}" for fact in dormouse.facts()]
        finally:
            dormouse.close()


class _Kept:
    """A part that many homes use: it is not closed with one of them."""

    def __init__(self, part: object) -> None:
        self._part = part

    def __getattr__(self, name: str) -> Any:
        return getattr(self._part, name)

    def close(self) -> None:
        """Somebody else needs it yet."""
