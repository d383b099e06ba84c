"""Ways to attend and to keep what was read: time, memory, and how far answers move from the plainest way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psutil

from app.prompt import lay_out
from benchmarks._speed_reply import Pace, reply
from models.attention import Attention
from models.engine import Message, Request
from models.process import EngineProcess

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

CONTEXT = 4096
NOTES = 80  # enough tokens for attention and its cache to weigh
NOTE = "Friend {} of list {} lives in house {}."
WAYS = {  # the first is what the others are held against
    "flash_off": Attention("off"),
    "flash_on": Attention("on"),
    "usual": Attention(),
    "q8_0": Attention("on", "q8_0", "q8_0"),
    "q4_0": Attention("on", "q4_0", "q4_0"),
}
ANSWERS = [f"Friend {number} lives in house {number + 3}." for number in (0, 4, 40, 79)]


def rounds(model: Path, _: Path, options: argparse.Namespace) -> list[dict[str, float]]:
    """Every way answers the same prompt in each round, in changing order."""
    return [one_round(model, number, options) for number in range(options.rounds)]


def one_round(model: Path, number: int, options: argparse.Namespace, notes: int = NOTES) -> dict[str, float]:
    """Fresh engines; what they make of the same answers is compared within the round."""
    figures: dict[str, float] = {}
    scores: dict[str, list[float]] = {}
    names = list(WAYS)
    for name in names[number % len(names) :] + names[: number % len(names)]:
        pace, megabytes, scores[name] = measured(model, WAYS[name], prompt(number, notes), options)
        figures |= {f"read_{name}": pace.first, f"decode_{name}": pace.speed, f"megabytes_{name}": megabytes}
    plain = scores[names[0]]
    for name in names[1:]:
        figures[f"moved_{name}"] = moved(scores[name], plain)
    return figures


def measured(
    model: Path, way: Attention, asked: list[Message], options: argparse.Namespace
) -> tuple[Pace, float, list[float]]:
    """Seconds to read a long prompt, tokens a second after it; memory; log-probabilities of the answers."""
    engine = EngineProcess(None, model, context=CONTEXT, threads=options.threads, attention=way)
    try:
        pace = reply(engine, asked, options.tokens, ())
        megabytes = psutil.Process(engine.pid).memory_info().rss / 1e6
        scored = engine.score(Request(tuple(asked)), ANSWERS)
        return pace, megabytes, [score for answer in scored for score in answer]
    finally:
        engine.close()


def prompt(number: int, notes: int) -> list[Message]:
    """A long prompt that no other round has."""
    profile = [NOTE.format(place, number, place + 3) for place in range(notes)]
    return list(lay_out("Where do all my friends live? List every one of them.", profile=profile))


def moved(scores: list[float], plain: list[float]) -> float:
    """By how many nats a token is likelier or less likely, in the mean."""
    return sum(abs(one - other) for one, other in zip(scores, plain, strict=True)) / len(plain)
