"""Which models there are: the built-in one, the user's own, and what fits this machine."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from models import gguf_file
from models.engine import EngineError, ModelRefused
from models.machine import MOST, ROOM

if TYPE_CHECKING:
    from collections.abc import Iterable

SKILL = Path(__file__).parent / "builtin" / "skill.gguf"
_BASE_KEY = "dormouse.base.sha256"


@dataclass(frozen=True, slots=True)
class Model:
    """A model the user may choose. ``problem`` is a sentence when it cannot be used here."""

    name: str
    path: Path
    size: int = 0
    architecture: str = ""
    about: str = ""
    sha256: str = ""
    builtin: bool = False
    problem: str = ""

    @property
    def fits(self) -> bool:
        """Whether this machine has the memory for it."""
        return fits_here(self.size)


def fits_here(size: int, memory: int | None = None) -> bool:
    """Whether a model file of this many bytes can be served with this much memory."""
    total = psutil.virtual_memory().total if memory is None else memory
    return size + ROOM <= total * MOST


def models(added: Iterable[Path] = ()) -> list[Model]:
    """The built-in models that are installed, then the user's own files."""
    return [*_built_ins(), *(describe(path) for path in added)]


def built_in() -> Model:
    """The model that Dormouse comes with.

    Raises:
        EngineError: its package is not installed.
    """
    found = _built_ins()
    if not found:
        raise EngineError(
            "The built-in model is not installed. Run the installation again, or add a GGUF file."
        )
    return found[0]


def describe(path: Path) -> Model:
    """A GGUF file as the list shows it, the reason included when it cannot be used."""
    try:
        header = gguf_file.read_model(path)
    except ModelRefused as problem:
        return Model(path.stem, path, problem=str(problem))
    name = header.text("general.name") or path.stem
    return Model(name, path, header.size, header.architecture)


def _built_ins() -> list[Model]:
    entries = tomllib.loads((Path(__file__).parent / "catalogue.toml").read_text("utf-8"))["model"]
    return [model for entry in entries if (model := _installed(entry)) is not None]


def _installed(entry: dict[str, Any]) -> Model | None:
    found = find_spec(entry["package"])
    if found is None or found.origin is None:
        return None
    files = sorted(Path(found.origin).parent.glob("*.gguf"))
    if not files:
        return None
    size = files[0].stat().st_size
    return Model(entry["name"], files[0], size, about=entry["about"], sha256=entry["sha256"], builtin=True)


def verify(model: Model) -> None:
    """Compare a built-in model with its pinned hash.

    Raises:
        ModelRefused: the file is another one.
    """
    if model.sha256 and sha256(model.path) != model.sha256:
        raise ModelRefused(
            f"{model.path.name} is not the file that was expected. Run the installation again."
        )


def skill_for(model: Path) -> Path | None:
    """The memory skill's adapter, if it was trained on exactly this model."""
    if not SKILL.is_file():
        return None
    wanted = gguf_file.read(SKILL).text(_BASE_KEY)
    return SKILL if wanted and wanted == sha256(model) else None


def sha256(path: Path) -> str:
    """A file's SHA-256 in hexadecimal; remembered for as long as the file does not change."""
    state = path.stat()
    return _sha256(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=64)
def _sha256(path: Path, _modified: int, _size: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
