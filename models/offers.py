"""Which models can be downloaded, and what the hub has said about each."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from models.engine import EngineError


@dataclass(frozen=True, slots=True)
class Offer:
    """A model of the catalogue file; what its publisher's card says, and nothing that had to be guessed.

    Args:
        name: what one types; also the name of the downloaded file.
        file: a pattern that one file of the repository must match, whatever its case.
        kind: the architecture in the GGUF.
        licence: empty when the hub must be asked.
    """

    name: str
    title: str
    repository: str
    file: str
    kind: str
    about: str
    languages: str
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What the hub said about an offer. ``size`` in bytes; ``parameters`` and ``context`` are 0 if unsaid.

    ``revision`` is the commit that ``size`` and ``sha256`` belong to; ``when`` is ISO 8601, UTC.
    """

    name: str
    repository: str
    revision: str
    file: str
    size: int
    sha256: str
    licence: str = ""
    kind: str = ""
    parameters: int = 0
    context: int = 0
    when: str = ""

    @classmethod
    def of(cls, raw: Any) -> Found | None:
        """From JSON that was kept; nothing when it is not that of such an answer."""
        if not isinstance(raw, dict):
            return None
        try:
            found = cls(**{field.name: raw[field.name] for field in fields(cls) if field.name in raw})
        except TypeError:
            return None
        texts = (found.repository, found.revision, found.file, found.sha256)
        whole = all(isinstance(text, str) and text for text in texts) and isinstance(found.size, int)
        return found if whole and found.size > 0 and len(found.sha256) == 64 else None


@lru_cache(maxsize=1)
def offers() -> tuple[Offer, ...]:
    """Every model of the catalogue file, small ones first."""
    entries = tomllib.loads((Path(__file__).parent / "offers.toml").read_text("utf-8"))["offer"]
    return tuple(Offer(**entry) for entry in entries)


def offer(name: str) -> Offer:
    """The one of that name.

    Raises:
        EngineError: there is none.
    """
    for each in offers():
        if each.name == name.lower():
            return each
    raise EngineError(f"There is no model called {name} to download. `dormouse models available` lists them.")
