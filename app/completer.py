"""The engine as memory wants it: a completer that wears the memory skill and nothing personal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.engine import Done, Message, Request, Sampling, Text, Worn

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.engine import Engine

SIDE_SLOT = 1


class Interrupted(Exception):
    """Side work gave way to the user; it is to be done again later."""


class EngineCompleter:
    """``memory.ports.Completer`` over an engine, in its side slot.

    Args:
        engine: the engine that is being served.
        skill: the memory skill's adapter, where the model has one.
        stop: asked before every token; true gives way with ``Interrupted``.
    """

    def __init__(
        self, engine: Engine, skill: Worn | None = None, stop: Callable[[], bool] = lambda: False
    ) -> None:
        self._engine = engine
        self._adapters = () if skill is None else (skill,)
        self._stop = stop

    def complete(
        self, system: str, user: str, *, prefix: str = "", grammar: str | None = None, max_tokens: int = 256
    ) -> str:
        """The reply, greedy, ``prefix`` included."""
        request = self._request(system, user, prefix, Sampling(max_tokens=max_tokens, grammar=grammar))
        pieces = [prefix]
        for event in self._engine.chat(request, self._stop):
            if isinstance(event, Text):
                pieces.append(event.text)
            elif isinstance(event, Done) and event.why == "stopped":
                raise Interrupted
        return "".join(pieces)

    def _request(self, system: str, user: str, prefix: str = "", sampling: Sampling | None = None) -> Request:
        messages = (Message("system", system), Message("user", user))
        return Request(messages, sampling or Sampling(), prefix, SIDE_SLOT, self._adapters)
