"""A day and a night in a throw-away home, in the terminal. It prints what really happened."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from app.commands.chat import Terminal
from app.commands.nights import Progress
from app.core import Dormouse
from app.events import Bus
from app.home import Home
from app.jobs import worker_command
from app.prompt import lay_out
from consolidation.phrasing import Asking, Told
from models.engine import Request, Sampling, reply_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from memory.records import Fact

MORNING = (
    ("My dog is called Pim, he's a whippet.", (("dog's name", "Pim"),)),
    ("By the way, I live in Clun these days.", (("home", "Clun"),)),
    ("I'm allergic to walnuts, remember that please.", (("allergy", "walnuts"),)),
    ("My sister Odile just opened a bakery.", (("sister's name", "Odile"),)),
)
EVENING = ("What's my dog called?", "Where do I live?", "Can I eat this walnut cake?")
NOTICING = 120.0  # seconds
PICTURES = 90.0
REPLY_TOKENS = 60
ENOUGH = 0.8  # of the held-out questions


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that no training saw, and the value that a right answer holds."""

    question: str
    value: str


def play(screenshots: Path | None = None, keep: Path | None = None) -> int:
    """The whole demo; returns 0 when the night was worn and knows enough."""
    began = time.monotonic()
    with ExitStack() as stack:
        home = Home(stack.enter_context(_folder(keep)) / "home")
        stack.enter_context(home.logging())
        home.change("reply_tokens", REPLY_TOKENS)
        home.change("nights", False)
        dormouse = Dormouse(home, Bus())
        dormouse.start()
        try:
            worn, before, after = _day_and_night(dormouse)
        finally:
            dormouse.close()
        _pictures(home, screenshots or Path("demo-screenshots"))
    _heading("In the end")
    _say(f"Closed-book, right before the night: {before:.0%}; after it: {after:.0%}.")
    _say(f"It took {(time.monotonic() - began) / 60:.1f} minutes.")
    return 0 if worn and after >= ENOUGH else 1


def _day_and_night(dormouse: Dormouse) -> tuple[bool, float, float]:
    terminal = Terminal()
    dormouse.bus.listen(terminal)
    _morning(dormouse, terminal)
    _evening(dormouse, terminal)
    questions = _held_out(dormouse.facts(state="current"))
    _heading("Before the night, without any notes")
    before = _exam(dormouse, questions)
    _heading("The night")
    dormouse.bus.listen(Progress())
    dormouse.sleeping.start(wait=True)
    night = next(iter(dormouse.nights()), None)
    _say("\nThere was no night." if night is None else f"\nNight {night.id}: {night.state}. {night.sentence}")
    if night is None:
        return False, before, before
    _report(dormouse, night.id)
    _heading("After the night, the same questions, still without any notes")
    after = _exam(dormouse, questions)
    return night.state == "worn", before, after


def _morning(dormouse: Dormouse, terminal: Terminal) -> None:
    _heading("A conversation")
    chat = dormouse.new_conversation()
    for words, told in MORNING:
        _say(f"> {words}")
        dormouse.ask(chat.id, words)
        dormouse.idle.settle(NOTICING)
        for sentence in terminal.pop_noticed():
            _say(f"  + noticed: {sentence}")
        known = {(fact.attribute, fact.value) for fact in dormouse.facts(state="current")}
        for attribute, value in told:
            if (attribute, value) not in known:
                fact = dormouse.add_fact(attribute, value)
                _say(f"  - not noticed, so typed into the table: {fact.sentence}")
    dormouse.idle.settle(NOTICING)


def _evening(dormouse: Dormouse, terminal: Terminal) -> None:
    _heading("Another conversation, that evening")
    chat = dormouse.new_conversation()
    for words in EVENING:
        _say(f"> {words}")
        dormouse.ask(chat.id, words)
        for note in terminal.notes:
            _say(f"  recalled: {note}")
    dormouse.idle.settle(NOTICING)
    terminal.pop_noticed()


def _held_out(facts: Sequence[Fact]) -> list[Asked]:
    """Direct questions that the night keeps for its exam."""
    asked = []
    for fact in sorted(facts, key=lambda fact: fact.id):
        told = Told(fact.id, fact.sentence, fact.value, fact.attribute)
        asked += [Asked(question, fact.value) for question in Asking(told).held().direct]
    return asked


def _exam(dormouse: Dormouse, questions: Sequence[Asked]) -> float:
    """Ask with nothing but the weights; prints every answer."""
    engine, right = dormouse.serving.engine(), 0
    for asked in questions:
        request = Request(lay_out(asked.question), Sampling(max_tokens=40), slot=1)
        reply = " ".join(reply_text(engine, request).split())
        knows = asked.value.casefold() in reply.casefold()
        right += knows
        _say(f"  {'yes' if knows else 'no ':3}  {asked.question}  {reply}")
    _say(f"  {right} of {len(questions)} right.")
    return right / max(1, len(questions))


def _report(dormouse: Dormouse, night_id: int) -> None:
    report = dormouse.report(night_id)
    for line in report.get("exam", ()):
        verdict = "passed" if line["passed"] else "failed"
        _say(f"  {line['name']}: {line['before']} -> {line['after']} (must be {line['must']}), {verdict}")
    for refused in report.get("refused", ()):
        _say(f"  not taken: {refused['sentence']} ({refused['why']})")


def _pictures(home: Home, folder: Path) -> None:
    """The real window over this home, drawn offscreen by a child: its Qt may not start everywhere."""
    _heading("The window")
    command = worker_command("pictures", "--home", str(home.path), "--to", str(folder.absolute()))
    try:
        done = subprocess.run(
            command,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
            capture_output=True,
            text=True,
            timeout=PICTURES,
            check=False,
        )
    except subprocess.TimeoutExpired:
        _say("The window took too long to draw, so there are no pictures.")
        return
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        _say(f"The window could not be drawn here, so there are no pictures: {last}")
    else:
        _say(f"Pictures of it are in {folder}: {', '.join(sorted(done.stdout.split()))}")


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="dormouse-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _heading(text: str) -> None:
    _say(f"\n== {text}")


def _say(text: str) -> None:
    typer.echo(text)
