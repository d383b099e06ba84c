"""To answer from the notes or to say that one was not told: decided before the first word.

Word by word, a small model drifts into "You haven't told me": "You" is a likely first word of any answer, and
after it the rest is habit. So the whole opening is weighed, as ``memory.extract`` weighs "something" against
"nothing", and the reply begins as that decides.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from models.engine import Done, Reading, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from models.engine import Engine, Request, StreamEvent

ABSTAINING = "You haven't told me"
OPENING = "You haven"  # what is weighed, and what an answer may not begin with, whichever its apostrophe
THRESHOLD = -1.75  # natural-log odds of the opening; set on held-out questions (``benchmarks abstain``)
_CERTAIN = -1e-9  # a log-probability: the odds of what is certain are no number


def answer(
    engine: Engine, request: Request, stop: Callable[[], bool] = lambda: False
) -> Iterator[StreamEvent]:
    """Stream a reply, as ``Engine.chat`` does, whose beginning is settled first."""
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
    yield from _go_on(engine, request, odds(engine, request) > THRESHOLD, stop)


def _go_on(
    engine: Engine, request: Request, abstains: bool, stop: Callable[[], bool]
) -> Iterator[StreamEvent]:
    grammar = anything_but(OPENING)
    held_back = replace(request, sampling=replace(request.sampling, grammar=grammar))
    for event in engine.chat(replace(request, prefix=ABSTAINING) if abstains else held_back, stop):
        if not isinstance(event, Reading):
            yield event
        elif abstains and event.share >= 1:  # nothing is said that a stop or a refusal would take back
            yield Text(ABSTAINING)


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
