"""``dormouse models``: what answers, what could, and how quick it is here."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.common import AsJson, Context, alone, dormouse_of, say, say_json, table
from app.events import DownloadProgress

if TYPE_CHECKING:
    from app.core import Dormouse
    from app.library import Offered

app = typer.Typer(help="The models that can answer.")

SECONDS = 10.0  # between lines of progress where nobody looks
UNKNOWN = "unknown"
STATES = {"here": "here", "part": "paused", "loading": "downloading"}
LOOK_UP = "Sizes are unknown until the hub is asked: dormouse models available --look-up"


@app.callback(invoke_without_command=True)
def models_(context: Context, as_json: AsJson = False) -> None:
    if alone(context, as_json):
        show(context, as_json=as_json)


@app.command("list")
def show(context: Context, as_json: AsJson = False) -> None:
    """List the models that are here."""
    with dormouse_of(context) as dormouse:
        found, used = dormouse.models(), dormouse.serving.model
        learned, measured = dormouse.library.learned(), dormouse.library.measured()
    if as_json:
        say_json(
            [
                {
                    "name": model.name,
                    "path": model.path,
                    "used": model.path == used,
                    "nights": learned[model.path].nights if model.path in learned else 0,
                    "measured": measured.get(model.path),
                }
                for model in found
            ]
        )
        return
    nights = {path: f"{each.nights} nights" for path, each in learned.items() if each.nights}
    rows = [
        ("*" if model.path == used else " ", model.name, nights.get(model.path, ""), model.path)
        for model in found
    ]
    table(rows, "No model is here.")


@app.command()
def use(context: Context, path: Path) -> None:
    """Answer with a downloaded model, by its name, or a GGUF file of yours; a bad one changes nothing."""
    with dormouse_of(context, owner=True) as dormouse:
        named = {each.offer.name: each.path for each in dormouse.library.offers() if each.state == "here"}
        chosen = named.get(str(path).lower(), path)
        dormouse.use_model(chosen)
        say(f"{chosen.name} answers from now on.")


@app.command()
def available(
    context: Context,
    look_up: Annotated[bool, typer.Option("--look-up", help="Ask the hub for sizes.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the models that can be downloaded. Uses the network only with --look-up."""
    with dormouse_of(context) as dormouse:
        problems = dormouse.library.look_up() if look_up else []
        offered = dormouse.library.offers()
    if as_json:
        say_json(offered)
    else:
        table([_row(each) for each in offered], "")
        if any(each.found is None for each in offered) and not look_up:
            say(f"\n{LOOK_UP}")
    for problem in problems:
        say(problem, err=True)
    if problems:
        raise typer.Exit(1)


@app.command()
def download(context: Context, name: str) -> None:
    """Download a model, or go on with one; Ctrl+C pauses. It is checked against the hub's checksum."""
    with dormouse_of(context) as dormouse:
        dormouse.bus.listen(_Told())
        dormouse.library.download(name)
        try:
            ended = dormouse.library.wait(name)
        except KeyboardInterrupt:
            dormouse.library.pause(name)
            say("\nPaused. What came is kept; the same command goes on.", err=True)
            raise typer.Exit(130) from None
        if ended.state != "here":
            say(f"\n{ended.sentence}", err=True)
            raise typer.Exit(1)
        say(f"\n{dormouse.library.path(name)} is here. Use it: dormouse models use {name.lower()}")


@app.command()
def remove(context: Context, name: str) -> None:
    """Delete a downloaded model, or what came of it; memories and nights stay."""
    with dormouse_of(context) as dormouse:
        _remove(dormouse, name)
    say(f"{name} was removed. Its nights stay, and are worn again should it come back.")


@app.command()
def measure(context: Context, as_json: AsJson = False) -> None:
    """Measure how quickly the model in use reads and writes on this machine; remembered."""
    with dormouse_of(context, owner=True) as dormouse:
        found = dormouse.library.measure()
    if as_json:
        say_json(found)
    else:
        say(f"{found.name} reads {found.reading:.0f} and writes {found.writing:.1f} tokens a second.")


def _remove(dormouse: Dormouse, name: str) -> None:
    offered = next((each for each in dormouse.library.offers() if each.offer.name == name.lower()), None)
    if offered is not None and offered.state in ("part", "loading"):
        dormouse.library.discard(name)
    else:
        dormouse.library.remove(name)


def _row(each: Offered) -> tuple[str, ...]:
    found = each.found
    return (
        each.offer.name,
        f"{found.size / 1e9:.2f} GB" if found else UNKNOWN,
        each.fit.word if each.fit else "",
        STATES.get(each.state, ""),
        "learns at night" if each.learns else "",
        (found.licence if found else each.offer.licence) or UNKNOWN,
        each.offer.about,
    )


class _Told:
    """Says how far a download is: one line that changes, or now and then a new one."""

    def __init__(self) -> None:
        self._looked_at, self._last = sys.stderr.isatty(), 0.0

    def __call__(self, event: object) -> None:
        if not isinstance(event, DownloadProgress):
            return
        now = time.monotonic()
        if self._looked_at or now - self._last >= SECONDS or event.done == event.total:
            self._last = now
            say(
                f"\r{line_of(event):<70}" if self._looked_at else line_of(event),
                nl=not self._looked_at,
                err=True,
            )


def line_of(event: DownloadProgress) -> str:
    """How far, how quickly, how long still."""
    told = f"{event.done / 1e9:.2f} of {event.total / 1e9:.2f} GB"
    if event.rate:
        told += f", {event.rate / 1e6:.1f} MB/s"
    if event.seconds_left is not None and event.done < event.total:
        minutes, seconds = divmod(round(event.seconds_left), 60)
        told += f", {minutes} min {seconds} s left" if minutes else f", {seconds} s left"
    return told
