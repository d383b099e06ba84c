"""How many tokens texts take, each counted once for a model: for a while, and only in memory."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from models.engine import Engine

KEPT = 2000  # texts: the turns and lines of a few long chats


class Counts:
    """The texts that were counted last, for one model at a time. Any thread may use it."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept, self._guard = kept, threading.Lock()
        self._model: Path | None = None
        self._known: dict[str, int] = {}  # what was used last stands last

    def count(self, engine: Engine, text: str) -> int:
        """Tokens of a text as this engine's model reads it."""
        model = engine.info.path
        with self._guard:
            if model != self._model:
                self._model, self._known = model, {}
            known = self._known
            tokens = known.pop(text, None)
        if tokens is None:
            tokens = engine.count(text)
        with self._guard:
            known[text] = tokens  # no longer the one in use, where it was forgotten meanwhile
            if len(known) > self._kept:
                del known[next(iter(known))]
        return tokens

    def forget(self) -> None:
        """Keep none of the texts."""
        with self._guard:
            self._known = {}
