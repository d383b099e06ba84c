"""What this machine has, and what of it a model needs: fits, tight or too big."""

from __future__ import annotations

import platform
import shutil
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import psutil

from models.pace import usable_cores

if TYPE_CHECKING:
    from collections.abc import Iterable

Word: TypeAlias = Literal["fits", "tight", "too big"]

ROOM = 512 * 1024**2  # bytes beside the weights: context, buffers, the worker itself
MOST = 0.75  # of the machine's memory; the window and everything else need theirs
EASY = 0.5  # of it; beyond, other programs begin to feel it
SPARE_DISK = 1024**3  # bytes that a download leaves free, for the memory and its nights
TRAINING = 5  # bytes of memory a parameter takes while a night trains: float32 weights and what is beside
TRAINED = frozenset({"llama"})  # architectures whose adapters were compared in llama.cpp and PEFT
SECONDS = 5.0  # to wait for a graphics driver's own tool


@dataclass(frozen=True, slots=True)
class Graphics:
    """A graphics card with memory of its own, in bytes."""

    name: str
    memory: int


@dataclass(frozen=True, slots=True)
class Machine:
    """Measured, in bytes: all memory, what is free of it, the disk's free room; and cores, and cards."""

    memory: int
    available: int
    disk: int
    cores: int
    cards: tuple[Graphics, ...] = ()


@dataclass(frozen=True, slots=True)
class Fit:
    """How a model and this machine go together, and a sentence that says why."""

    word: Word
    why: str


def measure(folder: Path) -> Machine:
    """This machine now; the disk is the one that ``folder`` is on."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    memory = psutil.virtual_memory()
    return Machine(memory.total, memory.available, shutil.disk_usage(folder).free, usable_cores(), cards())


def fit(size: int, here: Machine, *, on_disk: int = 0, layers: int = 0) -> Fit:
    """Whether a model file of ``size`` bytes can be had and served.

    Args:
        size: of the file.
        here: the machine.
        on_disk: how many of its bytes are there already.
        layers: of how many of its layers the graphics card was given by the user; 0 is none.
    """
    need, missing = size + ROOM, max(0, size - on_disk)
    memory, where = here.memory, "memory"
    card = max((each.memory for each in here.cards), default=0)
    if layers and card:
        memory, where = memory + card, "memory, the graphics card's included"
    has = f"Needs about {_gb(need)} of {where}; {_gb(memory)} are here"
    if need > memory * MOST:
        return Fit("too big", f"{has}.")
    if missing and missing + SPARE_DISK > here.disk:
        return Fit("too big", f"Takes {_gb(missing)} of disk; {_gb(here.disk)} are free.")
    if need > memory * EASY:
        return Fit("tight", f"{has}, so other programs will feel it.")
    if need > here.available + (card if layers else 0):
        return Fit("tight", f"{has}, but only {_gb(here.available)} are free just now.")
    return Fit("fits", f"{has}.")


def learns(kind: str, parameters: int, here: Machine) -> tuple[bool, str]:
    """Whether nights can be trained on a model here, and a sentence that says so."""
    if kind not in TRAINED:
        return False, "Works from your notes; nights cannot be trained on this kind of model."
    if parameters and parameters * TRAINING > here.memory * MOST:
        return (
            False,
            f"Works from your notes; a night on it takes about {_gb(parameters * TRAINING)} of memory.",
        )
    return True, "Nights can be trained on it."


@lru_cache(maxsize=1)
def cards() -> tuple[Graphics, ...]:
    """Graphics cards with memory of their own; on a Mac the memory is shared, and none is named."""
    if platform.system() == "Darwin":
        return ()
    return (*_nvidia(), *_amd(Path("/sys/class/drm")))


def _nvidia() -> Iterable[Graphics]:
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return ()
    command = [tool, "--query-gpu=name,memory.total", "--format=csv,noheader,nounits"]
    try:
        said = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return ()
    return parsed(said)


def parsed(said: str) -> tuple[Graphics, ...]:
    """``nvidia-smi``'s lines of name and MiB."""
    rows = [line.rpartition(",") for line in said.splitlines()]
    return tuple(
        Graphics(name.strip(), int(memory) * 1024**2) for name, _, memory in rows if memory.strip().isdigit()
    )


def _amd(folder: Path) -> Iterable[Graphics]:
    for file in sorted(folder.glob("card[0-9]*/device/mem_info_vram_total")):
        try:
            memory = int(file.read_text("ascii"))
        except (OSError, ValueError):
            continue
        if memory > 1024**3:  # less is what a built-in card was lent
            yield Graphics("AMD graphics card", memory)


def _gb(count: float) -> str:
    return f"{count / 1e9:.1f} GB"
