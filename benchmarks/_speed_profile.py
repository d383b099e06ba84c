"""Time to the first token after a start, with a long profile: loaded from its saved state, and read again."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from app.prompt import lay_out
from models.catalogue import skill_for
from models.engine import Done, Message, Request, Sampling, Text, Worn
from models.process import EngineProcess

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

CONTEXT = 4096
NOTES = 200  # many more than the product's own budget for the profile
NOTE = "Friend {} of list {} lives in house {}."
QUESTION = "Who lives in house {}?"
WAKING = Request((Message("user", "Hello."),), Sampling(max_tokens=2))


def rounds(model: Path, folder: Path, options: argparse.Namespace) -> list[dict[str, float]]:
    """Each round has a profile of its own, which an engine that ended before it was measured had read."""
    return [
        one_round(model, folder / f"states-{number}", number, options.threads)
        for number in range(options.rounds)
    ]


def one_round(model: Path, states: Path, number: int, threads: int) -> dict[str, float]:
    """Two fresh engines answer the same prompt; who begins changes."""
    first_token(model, states, request(number, 1), threads)
    figures: dict[str, float] = {}
    sides = [("profile_loaded", states), ("profile_read", None)]
    for name, folder in sides if number % 2 else sides[::-1]:
        seconds, done = first_token(model, folder, request(number, 2), threads)
        figures[name] = seconds
        if (done.reused_tokens > done.prompt_tokens / 2) != (folder is not None):
            raise RuntimeError(f"{name}: {done.reused_tokens} of {done.prompt_tokens} tokens were not read")
        figures["profile_tokens"] = done.prompt_tokens
    figures["profile_megabytes"] = sum(path.stat().st_size for path in states.iterdir()) / 1e6
    return figures


def request(number: int, house: int) -> Request:
    """A first question beside a profile; rounds share none of its notes."""
    profile = [NOTE.format(place, number, place + number) for place in range(NOTES)]
    return Request(lay_out(QUESTION.format(house), profile=profile), Sampling(max_tokens=2))


def first_token(model: Path, states: Path | None, asked: Request, threads: int) -> tuple[float, Done]:
    """Start an engine, let it warm up, ask; seconds from the question to the first word."""
    engine = EngineProcess(None, model, context=CONTEXT, threads=threads, states=states)
    try:
        skill = skill_for(model)
        engine.wear((Worn(skill),) if skill else ())
        list(engine.chat(WAKING))
        began, seconds = time.perf_counter(), 0.0
        for event in engine.chat(asked):
            if isinstance(event, Text | Done):
                seconds = seconds or time.perf_counter() - began
        assert isinstance(event, Done)
        engine.count("")  # answered once the state is saved
        return seconds, event
    finally:
        engine.close()
