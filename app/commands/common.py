"""What the commands share: the home they were given, the assistant, and how to print."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.events import Bus
from app.home import Home, HomeBusy

if TYPE_CHECKING:
    from app.core import Dormouse

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Context = typer.Context


def home_of(context: typer.Context) -> Home:
    """The home of ``--home``, or the usual one."""
    folder: Path | None = context.find_root().obj
    return Home(folder)


def alone(context: typer.Context, as_json: bool) -> bool:
    """Whether a group was called without a command, and so shows its list."""
    if context.invoked_subcommand is not None and as_json:
        raise typer.BadParameter("Put --json behind the command.")
    return context.invoked_subcommand is None


@contextmanager
def dormouse_of(context: typer.Context, *, owner: bool = False, tend: bool = False) -> Iterator[Dormouse]:
    """The assistant of this home, opened for one command.

    Args:
        context: where ``--home`` is.
        owner: the command needs the home for itself; otherwise it shares with an open window.
        tend: do the chores in the background meanwhile.
    """
    from app.core import Dormouse

    home = home_of(context)
    with home.logging():
        dormouse = Dormouse(home, Bus())
        try:
            dormouse.start(tend=tend)
        except HomeBusy:
            if owner:
                raise
            dormouse.start(guest=True)
        try:
            yield dormouse
        finally:
            dormouse.close()


def say(text: str = "", **how: Any) -> None:
    """Print for a person."""
    typer.echo(text, **how)


def say_json(value: Any) -> None:
    """Print for a program: records become objects, times ISO 8601."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1, default=plain))


def plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    return str(value)


def table(rows: Sequence[Sequence[object]], empty: str) -> None:
    """Columns as wide as they must be; the last one as it comes."""
    if not rows:
        say(empty)
        return
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]) - 1)]
    for row in cells:
        say("  ".join([*map(str.ljust, row, widths), row[-1]]))


def day(when: datetime | None) -> str:
    """A time as a person reads it, on this machine's clock."""
    return when.astimezone().strftime("%Y-%m-%d %H:%M") if when else ""
