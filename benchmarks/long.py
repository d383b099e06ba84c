"""A conversation ten times longer than the context: what was told in it, beside the same in a short chat.

The facts and the talk around them lie beside this file; another file of facts may be named. All goes through
the product: messages are put into the store, the chores notice, index and condense, and the questions are
asked at the end of the chat, each as if it were the next. It takes some ten minutes on two cores.
"""

from __future__ import annotations

import itertools
import re
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from app.core import Dormouse
from app.events import Bus
from app.home import Home
from benchmarks._served import rows, write_misses
from benchmarks.grounded import holds, share
from memory.condense import choose
from memory.records import Turn

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from memory.records import Gist, GistLine, Speaker

    Exchange = tuple[str, str]

HERE = Path(__file__).parent
FACTS, TALK = HERE / "long_facts.jsonl", HERE / "long_talk.txt"
REPLIES = ("Noted.", "Good to know.", "Thank you for telling me.", "I'll keep that in mind.")
OPENINGS = ("", "By the way: ", "One more thing. ", "Something else: ", "Quick question. ")
DAYS = 26  # over which a long chat goes on
SHORTER = (200, 400, 800)  # times, at which it is counted what the lines that tell most keep
WAIT = 3600.0  # seconds, at most, until the chores have been through
_SLOT = re.compile(r"{(\w+)}")


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--facts", type=int, help="only the first of them")
    parser.add_argument("--times", type=float, default=10, help="how many contexts long the chat is")
    parser.add_argument("--unnoticed", action="store_true", help="no fact is noticed: only the talk is there")
    parser.add_argument("--misses", type=Path, help="write what went wrong to this file")


def run(files: list[Path], options: argparse.Namespace) -> dict[str, Any]:
    """The share of right answers in both chats, and what the gists keep at which size."""
    facts = rows(files or [FACTS])[: options.facts]
    misses: list[dict[str, Any]] = []
    fresh = _life(facts, 0, options, misses)
    long = _life(facts, options.times, options, misses)
    write_misses(options, misses)
    kept = long["right"] / fresh["right"] if fresh["right"] else 0.0
    figures = {"facts": len(facts), "fresh": fresh["right"], "long": long["right"], "kept": round(kept, 4)}
    return figures | {name: value for name, value in long.items() if name != "right"}


def _life(
    facts: Sequence[dict[str, Any]], times: float, options: argparse.Namespace, misses: list[dict[str, Any]]
) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="dormouse-long-", ignore_cleanup_errors=True) as folder:
        home = Home(Path(folder))
        home.change("nights", False)
        home.change("notice", not options.unnoticed)
        dormouse = Dormouse(home, Bus())
        dormouse.start(tend=False)
        try:
            chat = dormouse.new_conversation().id
            said = _said(dormouse, facts, times)
            turns = dormouse.store.add_turns(chat, _dated(said) if times else _just_now(said))
            _chores(dormouse)
            figures = _ask(dormouse, chat, facts, misses)
            return figures | _gists(dormouse.gists(), turns, facts)
        finally:
            dormouse.close()


def _said(dormouse: Dormouse, facts: Sequence[dict[str, Any]], times: float) -> list[Exchange]:
    """The facts, with as much talk between them as makes the chat so many contexts long."""
    engine = dormouse.serving.engine()
    room = times * engine.info.context
    told = list(zip((fact["said"] for fact in facts), itertools.cycle(REPLIES), strict=False))
    between: list[Exchange] = []
    talk = exchanges()
    while room > 0:
        between.append(next(talk))
        room -= sum(map(engine.count, between[-1]))
    for number, exchange in enumerate(told):
        between.insert(number + round((number + 0.5) * (len(between) - number) / len(told)), exchange)
    return between


def exchanges() -> Iterator[Exchange]:
    """Small talk without an end: each exchange with each word first, then again with other openings."""
    text = re.sub(r"^#.*\n", "", TALK.read_text("utf-8"), flags=re.MULTILINE)
    head, *parts = text.strip().split("\n\n")
    words = {name: each.split(", ") for name, each in (line.split(": ") for line in head.splitlines())}
    for number in itertools.count():
        opening = OPENINGS[number // 8 % len(OPENINGS)]
        for at, part in enumerate(parts):
            slots = _SLOT.findall(part)
            if not slots and (number + at) % 8:
                continue  # what has no slot comes once where the others come eight times or so
            for name in slots:
                part = part.replace(f"{{{name}}}", words[name][(number + at) % len(words[name])])
            asked, reply = part.split("\n")
            yield opening + asked, reply


def _dated(said: Sequence[Exchange]) -> list[Turn]:
    """Over the days of a month that is over, some minutes apart."""
    first = (datetime.now(UTC).replace(day=1, hour=9) - timedelta(days=40)).replace(day=2)
    daily = -(-len(said) // DAYS)
    return [
        turn
        for at, exchange in enumerate(said)
        for turn in _turns(exchange, first + timedelta(days=at // daily, minutes=3 * (at % daily)))
    ]


def _just_now(said: Sequence[Exchange]) -> list[Turn]:
    return [turn for exchange in said for turn in _turns(exchange, datetime.now(UTC))]


def _turns(exchange: Exchange, when: datetime) -> list[Turn]:
    speakers: tuple[Speaker, ...] = ("user", "assistant")
    return [Turn(0, 0, speaker, text, when) for speaker, text in zip(speakers, exchange, strict=True)]


def _chores(dormouse: Dormouse) -> None:
    """Until there is nothing left to do."""
    dormouse.idle.start()
    done = -1
    while done < (done := len(dormouse.gists())) or dormouse.store.outbox_size():
        if not dormouse.idle.settle(WAIT):
            raise TimeoutError("The chores did not come to an end.")
    dormouse.idle.close()


def _ask(
    dormouse: Dormouse, chat: int, facts: Sequence[dict[str, Any]], misses: list[dict[str, Any]]
) -> dict[str, Any]:
    last = dormouse.turns(chat)[-1]
    rights, seconds = [], []
    for fact in facts:
        began = time.perf_counter()
        reply = dormouse.ask(chat, fact["question"])
        seconds.append(time.perf_counter() - began)
        rights.append(holds(reply.text, [fact["answer"]], []))
        if not rights[-1]:
            misses.append({**fact, "reply": reply.text, "turns": last.id})
        dormouse.store.delete_turns_after(last.id)
    return {"right": share(rights), "reply_s": round(median(seconds), 2)}


def _gists(gists: Sequence[Gist], turns: Sequence[Turn], facts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """How much shorter the gists are than what was said, and how many of the values stand in them."""
    length = sum(len(turn.text) for turn in turns)
    figures: dict[str, Any] = {"characters": length}
    for kind in ("session", "month"):
        lines = [line for gist in gists if gist.kind == kind for line in gist.lines]
        shorter = round(length / max(1, sum(len(line.text) for line in lines)), 1)
        number = sum(gist.kind == kind for gist in gists)
        figures |= {f"{kind}s": number, f"{kind}_ratio": shorter, f"{kind}_keeps": _kept(lines, facts)}
    told = [line for gist in gists if gist.kind == "session" for line in gist.lines]
    figures["keeps_at"] = {str(times): _kept(choose(told, length / times), facts) for times in SHORTER}
    return figures


def _kept(lines: Sequence[GistLine], facts: Sequence[dict[str, Any]]) -> float:
    """The share of the facts whose value stands in one of these lines."""
    return share([any(holds(line.text, [fact["answer"]], []) for line in lines) for fact in facts])
