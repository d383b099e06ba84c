"""Answering from notes: how the reply begins, and where its words come from.

Word by word, a small model drifts into "You haven't told me": "You" is a likely first word of any answer, and
after it the rest is habit. So the whole opening is weighed, as ``memory.extract`` weighs "something" against
"nothing", and the reply begins as that decides. And where it copies a rare name, it slips into a common one
that begins alike; so the words of the notes are made a little easier to say.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from models.engine import Done, Reading, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from models.engine import Engine, Request, StreamEvent

ABSTAINING = "You haven't told me"
OPENING = "You haven"  # what is weighed, and what an answer may not begin with, whichever its apostrophe
THRESHOLD = -1.75  # natural-log odds of the opening; set on held-out questions (``benchmarks abstain``)
FAVOUR = 1.0  # nats that the words of the notes gain
KNOWN_FAVOUR = 2.0  # ... and those of a value that is just what is asked for
_FRAME = re.compile(r"(?i:the|user|user['’]s|is|was|has|a|an|of|in|at|on|to|and|for|with)")
_CERTAIN = -1e-9  # a log-probability: the odds of what is certain are no number


def answer(
    engine: Engine,
    request: Request,
    notes: Sequence[str],
    stop: Callable[[], bool] = lambda: False,
    value: str = "",
) -> Iterator[StreamEvent]:
    """Stream a reply to a request that holds these notes, as ``Engine.chat`` does.

    ``value`` is what is asked for, where that is known to stand in them: then there is nothing to weigh.
    """
    if value:
        yield from engine.chat(_held_back(request, value, KNOWN_FAVOUR), stop)
        return
    words = sum(engine.count(message.content) for message in request.messages)
    if words + request.sampling.max_tokens > engine.info.context:  # it is refused, before anything is read
        yield from engine.chat(request, stop)
        return
    only_read = replace(request, sampling=replace(request.sampling, max_tokens=0))
    for event in engine.chat(only_read, stop):
        if not isinstance(event, Done):
            yield event
        elif event.why == "stopped":
            yield event
            return
    abstains = odds(engine, request) > THRESHOLD
    begun = replace(request, prefix=ABSTAINING) if abstains else from_notes(request, notes)
    for event in engine.chat(begun, stop):
        if not isinstance(event, Reading):
            yield event
        elif abstains and event.share >= 1:  # nothing is said that a stop or a refusal would take back
            yield Text(ABSTAINING)


def from_notes(request: Request, notes: Sequence[str]) -> Request:
    """The request held back from abstaining, with the words that only these notes have easier to say."""
    words = (word.strip(".,;:()") for note in notes for word in note.split())
    favoured = " ".join(word for word in words if not _FRAME.fullmatch(word))
    return _held_back(request, favoured, FAVOUR)


def _held_back(request: Request, favoured: str, favour: float) -> Request:
    grammar = anything_but(OPENING)
    return replace(
        request,
        sampling=replace(request.sampling, grammar=grammar, favoured=favoured, favour=favour),
    )


def odds(engine: Engine, request: Request) -> float:
    """Natural-log odds that the reply says, from its first word on, that one was not told."""
    likely = min(sum(engine.score(request, (OPENING,))[0][:-1]), _CERTAIN)
    return likely - math.log(-math.expm1(likely))


def anything_but(opening: str) -> str:
    """A GBNF grammar of every text that does not begin with this one, two or more letters and spaces."""
    first, last = opening[0], len(opening) - 1
    rules = [f"root ::= [^{first}] rest | [{first}] after1"]
    for number, letter in enumerate(opening[1:], 1):
        more = f" | [{letter}] after{number + 1}" if number < last else ""
        rules.append(f'after{number} ::= "" | [^{letter}] rest{more}')
    return "\n".join([*rules, "rest ::= .*"])
