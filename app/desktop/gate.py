"""A gate that most pass together and one passes alone. No Qt."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 20.0  # seconds until what is inside must have come out


class Occupied(Exception):
    """Something inside does not come out; the text is a sentence for the user."""


class Gate:
    """Nothing else is inside while one is alone; what comes meanwhile waits."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._turn = threading.Condition()
        self._inside, self._taken = 0, False

    @contextmanager
    def together(self, *, counts: bool = True) -> Iterator[None]:
        """Go in beside others; who does not count is not waited for."""
        with self._turn:
            self._turn.wait_for(lambda: not self._taken)
            self._inside += counts
        try:
            yield
        finally:
            with self._turn:
                self._inside -= counts
                self._turn.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Wait until all are out, then keep everybody else out."""
        with self._turn:
            self._turn.wait_for(lambda: not self._taken)
            self._taken = True
            if not self._turn.wait_for(lambda: not self._inside, self._patience):
                self._taken = False
                self._turn.notify_all()
                raise Occupied("Something else is still going on. Wait until it is done, and try again.")
        try:
            yield
        finally:
            with self._turn:
                self._taken = False
                self._turn.notify_all()
