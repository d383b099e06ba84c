"""The served model as a night asks it: closed-book or with notes, in the app's own prompt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.prompt import SYSTEM, with_notes
from models.engine import Done, Engine, Message, Request, Sampling, Text, Worn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Stopped(Exception):
    """The night was asked to stop."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What was said, and whether it came to an end by itself."""

    text: str
    ended: bool


def prompt(question: str, notes: Sequence[str] = ()) -> tuple[Message, ...]:
    """A first turn, as the app lays it out."""
    return (Message("system", SYSTEM), Message("user", with_notes(question, notes)))


def holds(reply: str, value: str) -> bool:
    """Whether a reply contains a value, but for case and spacing."""
    return " ".join(value.casefold().split()) in " ".join(reply.casefold().split())


class Served:
    """An engine wearing a set of adapters.

    Args:
        engine: the model on the served path.
        worn: what it wears for these questions.
        stop: asked before every token.
    """

    def __init__(
        self, engine: Engine, worn: Sequence[Worn] = (), stop: Callable[[], bool] = lambda: False
    ) -> None:
        self._engine, self._worn, self._stop = engine, tuple(worn), stop

    def wearing(self, *more: Worn) -> Served:
        """The same with further adapters."""
        return Served(self._engine, (*self._worn, *more), self._stop)

    def reply(
        self,
        question: str,
        notes: Sequence[str] = (),
        most: int = 40,
        temperature: float = 0.0,
        seed: int = 0,
    ) -> Reply:
        """The reply to a question in a chat of its own."""
        sampling = Sampling(max_tokens=most, temperature=temperature, top_p=1.0, top_k=0, seed=seed)
        pieces, why = [], "end"
        for event in self._engine.chat(
            Request(prompt(question, notes), sampling, "", 0, self._worn), self._stop
        ):
            if isinstance(event, Text):
                pieces.append(event.text)
            elif isinstance(event, Done):
                why = event.why
        if why == "stopped":
            raise Stopped
        return Reply("".join(pieces).strip(), why == "end")

    def log_probs(
        self, question: str, replies: Sequence[str], notes: Sequence[str] = (), ended: bool = True
    ) -> list[list[float]]:
        """Log-probabilities of the tokens of replies; the token that ends the turn only when ``ended``."""
        if self._stop():
            raise Stopped
        scores = self._engine.score(Request(prompt(question, notes), Sampling(), "", 0, self._worn), replies)
        return [score if ended else score[:-1] for score in scores]
