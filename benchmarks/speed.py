"""How fast Dormouse is beside the plain parts it is made of, measured in turns in one run.

The decode, ingest and night ratios are our speed over theirs, so more is better; ``first_token_ratio``,
``window_start_ratio``, ``profile_ratio`` (loaded over read again) and ``flash_read_ratio`` are times and
the memory ratios sizes, so less is better. Every ratio is the median over rounds of the ratio within a round.
The part about attention compares settings, not us with others, and is measured only when asked for.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks import (
    _speed_attention,
    _speed_ingest,
    _speed_night,
    _speed_profile,
    _speed_reply,
    _speed_window,
)
from models.catalogue import built_in
from models.pace import default_threads

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

PARTS: dict[str, Callable[[Path, Path, argparse.Namespace], list[dict[str, float]]]] = {
    "reply": _speed_reply.rounds,
    "profile": _speed_profile.rounds,
    "window": _speed_window.rounds,
    "night": _speed_night.rounds,
    "attention": _speed_attention.rounds,
    "ingest": _speed_ingest.rounds,
}
RATIOS = {  # the name of a ratio: (ours, theirs)
    "decode_ratio": ("decode", "bare_decode"),
    "decode_ratio_adapters": ("decode_adapters", "bare_decode"),
    "first_token_ratio": ("first_token", "bare_first_token"),
    "first_token_ratio_adapters": ("first_token_adapters", "bare_first_token"),
    "window_start_ratio": ("window_start", "bare_window_start"),
    "profile_ratio": ("profile_loaded", "profile_read"),
    "flash_decode_ratio": ("decode_flash_on", "decode_flash_off"),
    "flash_read_ratio": ("read_flash_on", "read_flash_off"),
    "q8_0_decode_ratio": ("decode_q8_0", "decode_flash_off"),
    "q8_0_memory_ratio": ("megabytes_q8_0", "megabytes_flash_off"),
    "q4_0_memory_ratio": ("megabytes_q4_0", "megabytes_flash_off"),
    "ingest_ratio": ("ingest", "bare_embed"),
    "night_speed_ratio": ("night_speed", "plain_night_speed"),
}


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--part", choices=sorted(PARTS), action="append", help="only this part; may be repeated"
    )
    parser.add_argument("--rounds", type=int, default=7, help="how often each side has its turn")
    parser.add_argument("--tokens", type=int, default=128, help="tokens of a reply")
    parser.add_argument("--items", type=int, default=96, help="training items of a round")
    parser.add_argument("--turns", type=int, default=1000, help="turns taken into the memory in a round")
    parser.add_argument("--threads", type=int, default=default_threads(), help="threads for both sides")
    parser.add_argument("--model", type=Path, help="another GGUF than the built-in one")
    parser.add_argument("--adapter", type=Path, help="a personal adapter; a made-up one otherwise")


def run(files: list[Path], options: argparse.Namespace) -> dict[str, Any]:
    """Measure the chosen parts; the files are not needed."""
    model: Path = options.model or built_in().path
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="dormouse-speed-", ignore_cleanup_errors=True) as folder:
        for part in options.part or [part for part in PARTS if part != "attention"]:
            measured = PARTS[part](model, Path(folder), options)
            figures |= medians(measured) | ratios(measured)
    figures |= {"rounds": options.rounds, "threads": options.threads}
    return dict(sorted(figures.items(), key=lambda item: item[0] not in RATIOS))


def medians(rounds: list[dict[str, float]]) -> dict[str, float]:
    """The middle of what each side did: seconds, or tokens per second."""
    return {name: round(median(each[name] for each in rounds), 4) for name in rounds[0]}


def ratios(rounds: list[dict[str, float]]) -> dict[str, float]:
    """The middle of the rounds' own ratios: what slows the machine down slows both sides of a round."""
    there = {name: pair for name, pair in RATIOS.items() if pair[0] in rounds[0]}
    return {
        name: round(median(each[ours] / each[theirs] for each in rounds), 4)
        for name, (ours, theirs) in there.items()
    }
