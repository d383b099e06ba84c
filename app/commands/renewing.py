"""``dormouse restore`` and ``forget-everything``: the memory made another, or none."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.common import Context, day, dormouse_of, say

if TYPE_CHECKING:
    from memory.backups import Backup

WORDS = "forget everything"


def restore(
    context: Context,
    path: Annotated[Path, typer.Argument(help="A file that “backup” made.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Put a backup in the place of the memory; what is here is kept beside."""
    with dormouse_of(context, owner=True) as dormouse:
        there, here = dormouse.look_at_backup(path)
        say(f"In {path.name}: {_holds(there)}.\nHere: {_holds(here)}.")
        say("What is here is kept as a backup. What you forgot since comes back if the backup has it.")
        if not yes:
            typer.confirm("Put the backup in its place?", abort=True)
        aside = dormouse.restore_backup(path)
    say(f"Restored. What was here is kept as {aside}")


def forget_everything(context: Context) -> None:
    """Leave nothing of yours in the home: no chats, facts, nights, backups, settings or logs."""
    with dormouse_of(context, owner=True) as dormouse:
        say(f"Everything of yours in {dormouse.home.path} goes for good, its backups included.")
        if typer.prompt(f"Type “{WORDS}” to go on").strip().casefold() != WORDS:
            say("Nothing was forgotten.")
            raise typer.Exit(1)
        left = dormouse.forget_everything()
    say("Everything is forgotten.")
    if left:
        say(f"Not mine, and still there: {', '.join(left)}")


def _holds(backup: Backup) -> str:
    newest = f", the newest from {day(backup.newest)}" if backup.newest else ""
    return f"{backup.chats} chats, {backup.messages} messages{newest}; {backup.facts} facts"
