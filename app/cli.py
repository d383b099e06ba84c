"""The command line. Without a command it opens the window, or the terminal where there is no display."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Optional

import typer

from app import opening
from app.commands import care, chat, facts, models, moving, nights, renewing
from app.home import HomeBusy
from app.settings import SettingRefused
from memory.records import MemoryRefused
from models.engine import EngineError

REFUSALS = (HomeBusy, SettingRefused, MemoryRefused, EngineError)

application = typer.Typer(
    name="dormouse",
    help="A personal assistant that remembers by day and sleeps on it by night. All of it stays here.",
    add_completion=False,
    pretty_exceptions_enable=False,
)
application.command()(chat.chat)
application.add_typer(facts.app, name="facts")
application.command()(care.recall)
application.command()(care.compare)
application.command()(care.gists)
application.command()(nights.sleep)
application.add_typer(nights.app, name="nights")
application.command()(nights.schedule)
application.add_typer(models.app, name="models")
application.command()(care.doctor)
application.command()(care.backup)
application.command()(renewing.restore)
application.command("forget-everything")(renewing.forget_everything)
application.command("import")(moving.bring_in)
application.command()(moving.export)


@application.command()
def quick(context: typer.Context) -> None:
    """Open the small window for one question; give it a key of your own in your desktop's settings."""
    if not opening.has_display():
        typer.echo("There is no display here. In the terminal: dormouse chat WORDS", err=True)
        raise typer.Exit(1)
    raise typer.Exit(opening.open_window(context.obj, "quick"))


@application.command()
def demo(
    screenshots: Annotated[Optional[Path], typer.Option(help="Where the pictures go.")] = None,  # noqa: UP045
    keep: Annotated[Optional[Path], typer.Option(help="Play in this folder and leave it there.")] = None,  # noqa: UP045
) -> None:
    """Play a day and a night in a throw-away home."""
    from app.demo import play

    raise typer.Exit(play(screenshots, keep))


@application.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    home: Annotated[Optional[Path], typer.Option(help="The folder where this Dormouse lives.")] = None,  # noqa: UP045
) -> None:
    context.obj = home
    if context.invoked_subcommand is not None:
        return
    if opening.has_display():
        raise typer.Exit(opening.open_window(home))
    typer.echo("There is no display here, so Dormouse opens in the terminal.\n")
    chat.chat(context)


def run(arguments: Sequence[str]) -> int:
    """Run a command; what cannot be done is said in a sentence."""
    try:
        application(args=list(arguments), prog_name="dormouse")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except REFUSALS as problem:
        typer.echo(str(problem), err=True)
        return 1
    except OSError as problem:
        typer.echo(opening.refusal(problem), err=True)
        return 1
    return 0
