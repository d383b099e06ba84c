"""``dormouse sleep``, ``nights`` and ``schedule``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from app.commands.common import AsJson, Context, alone, day, dormouse_of, say, say_json, table
from app.events import NightEnded, NightProgress

if TYPE_CHECKING:
    from app.core import Dormouse
    from app.events import Event
    from memory.records import Night

app = typer.Typer(help="The nights: what was learned, how it went, how strongly it is worn.")
NightId = Annotated[int, typer.Argument(help="The night's number.")]


def sleep(
    context: Context,
    status: Annotated[bool, typer.Option("--status", help="Only say how things stand.")] = False,
    as_json: AsJson = False,
) -> None:
    """Sleep now, in the foreground: Ctrl+C cancels."""
    with dormouse_of(context) as dormouse:
        ended = None if status else through_the_night(dormouse)
        found = dormouse.nights()
        night = next((each for each in found if ended is None or each.id == ended.night_id), None)
        sentence = ended.sentence if ended else night.sentence if night else "Dormouse has not slept yet."
        if as_json:
            say_json({"last": night, "sentence": sentence, "schedule": dormouse.schedule()})
        else:
            say(_line(night, sentence))
    if ended is not None and (night is None or night.state == "failed"):
        raise typer.Exit(1)


def through_the_night(dormouse: Dormouse) -> NightEnded:
    """Sleep and wait for the morning; how it went."""
    dormouse.home.unlock()  # a night has a lock of its own, and a window may be opened meanwhile
    progress = Progress()
    dormouse.bus.listen(progress)
    try:
        dormouse.sleeping.start(wait=True)
    except KeyboardInterrupt:
        say("\nCancelling the night …", err=True)
        dormouse.cancel_night()
        dormouse.sleeping.wait()
    return progress.ended


def _line(night: Night | None, sentence: str) -> str:
    return f"Night {night.id}, {day(night.started)}: {night.state}. {sentence}" if night else sentence


class Progress:
    """Writes a night's progress to the terminal: a line per step, redrawn where that can be."""

    def __init__(self) -> None:
        self._step = ""
        self._redraws = sys.stderr.isatty()
        self.ended = NightEnded(0, "The night ended without a word; the log says more.")

    def __call__(self, event: Event) -> None:
        if isinstance(event, NightEnded):
            self.ended = event
        elif isinstance(event, NightProgress):
            self._show(event)

    def _show(self, event: NightProgress) -> None:
        fresh = event.step != self._step
        self._step = event.step
        loss = "" if event.loss is None else f"  loss {event.loss:.3f}"
        left = "" if event.seconds_left is None else f"  {event.seconds_left:.0f} s left"
        line = f"{event.step:8} {event.share:4.0%}{loss}{left}  {event.sentence}"
        if self._redraws:
            say(("\n" if fresh else "\r\x1b[K") + line, err=True, nl=False)
        elif fresh or event.share >= 1:
            say(line, err=True)


@app.callback(invoke_without_command=True)
def nights(context: Context, as_json: AsJson = False) -> None:
    if alone(context, as_json):
        show_all(context, as_json=as_json)


@app.command("list")
def show_all(context: Context, as_json: AsJson = False) -> None:
    """List the nights, the newest first."""
    with dormouse_of(context) as dormouse:
        found = dormouse.nights()
    if as_json:
        say_json(found)
        return
    rows = [
        (night.id, day(night.started), night.state, f"x{night.scale:.2f}", night.sentence) for night in found
    ]
    table(rows, "Dormouse has not slept yet.")


@app.command()
def show(context: Context, night_id: NightId, as_json: AsJson = False) -> None:
    """A night's morning report."""
    with dormouse_of(context) as dormouse:
        night, report = dormouse.store.night(night_id), dormouse.report(night_id)
    if as_json:
        say_json({"night": night, "report": report})
        return
    say(_line(night, night.sentence))
    said = {unsure["sentence"]: unsure["said"] for unsure in report.get("unsure", ())}
    for sentence in report.get("learned", ()):
        doubt = f" (looked up; by heart it is: “{said[sentence]}”)" if sentence in said else ""
        say(f"  learned: {sentence}{doubt}")
    for refused in report.get("refused", ()):
        say(f"  not taken: {refused['sentence']} ({refused['why']})")
    for line in report.get("exam", ()):
        verdict = "passed" if line["passed"] else "FAILED"
        say(f"  {line['name']}: {line['before']} -> {line['after']} (must be {line['must']}), {verdict}")


@app.command()
def undo(context: Context, night_id: NightId) -> None:
    """Take a night off."""
    with dormouse_of(context) as dormouse:
        dormouse.undo_night(night_id)
    say(f"Night {night_id} is taken off.")


@app.command()
def scale(context: Context, night_id: NightId, strength: float) -> None:
    """Wear a night more weakly, or up to what its exam allowed."""
    with dormouse_of(context) as dormouse:
        night = dormouse.set_scale(night_id, strength)
    say(f"Night {night_id} is worn at {night.scale:.2f}.")


def schedule(
    context: Context,
    at: Annotated[Optional[str], typer.Argument(help="When to fall asleep, such as 03:00; or off.")] = None,  # noqa: UP045
    plugged_in: Annotated[Optional[bool], typer.Option(help="Only while plugged in.")] = None,  # noqa: UP045
    idle: Annotated[Optional[bool], typer.Option(help="Only while nobody uses the machine.")] = None,  # noqa: UP045
    as_json: AsJson = False,
) -> None:
    """Show or change when Dormouse sleeps by itself."""
    with dormouse_of(context) as dormouse:
        now = dormouse.schedule()
        if at is not None or plugged_in is not None or idle is not None:
            hour, minute = (now.hour, now.minute) if at in (None, "off", "on") else _clock(str(at))
            now = dormouse.set_schedule(
                enabled=now.enabled if at is None else at != "off",
                hour=hour,
                minute=minute,
                plugged_in=now.plugged_in if plugged_in is None else plugged_in,
                idle=now.idle if idle is None else idle,
            )
    if as_json:
        say_json(now)
    elif not now.enabled:
        say("Dormouse sleeps only when you tell it to.")
    else:
        conditions = [word for word, on in (("plugged in", now.plugged_in), ("idle", now.idle)) if on]
        only = f", only while the machine is {' and '.join(conditions)}" if conditions else ""
        say(f"Dormouse sleeps at {now.hour:02}:{now.minute:02}{only}. Next: {day(now.next_run)}.")


def _clock(text: str) -> tuple[int, int]:
    hour, _, minute = text.partition(":")
    if not (hour.isdigit() and (minute or "0").isdigit() and int(hour) < 24 and int(minute or 0) < 60):
        raise typer.BadParameter(f"“{text}” is no time of day; write it as 03:00, or off.")
    return int(hour), int(minute or 0)
