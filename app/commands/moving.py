"""``dormouse import`` and ``export``: conversations in from elsewhere, everything out and in again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from app.commands.common import AsJson, Context, dormouse_of, say, say_json


def bring_in(
    context: Context,
    path: Annotated[Path, typer.Argument(help="An export's .zip or file, or a folder of documents.")],
    as_json: AsJson = False,
) -> None:
    """Take in chats from ChatGPT or Claude, an export of Dormouse, or Markdown and text files."""
    with dormouse_of(context) as dormouse:
        try:
            came = dormouse.bring_in(path, Share())
        except KeyboardInterrupt:
            say(
                "\nStopped. Whole chats that came in stay, and the same command goes on with the others.",
                err=True,
            )
            raise typer.Exit(1) from None
    if as_json:
        say_json(came)
        return
    say(came.sentence)
    if came.turns:
        say("It can be recalled from now on. Facts are not noticed in what was imported.")


def export(
    context: Context,
    path: Annotated[Path, typer.Argument(help="The file to write, or the folder with --markdown.")],
    markdown: Annotated[bool, typer.Option("--markdown", help="A folder of Markdown, to read.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace what is there.")] = False,
) -> None:
    """Write everything to a file that ``import`` reads, or to Markdown files to read."""
    with dormouse_of(context) as dormouse:
        say(dormouse.export(path, "markdown" if markdown else "jsonl", force))


class Share:
    """Redraws how much is done, in a terminal; elsewhere it is silent."""

    def __init__(self) -> None:
        self._redraws, self._shown = sys.stderr.isatty(), -1

    def __call__(self, share: float) -> None:
        percent = int(share * 100)
        if self._redraws and percent != self._shown:
            say(f"\r{percent} %" + "\n" * (percent == 100), err=True, nl=False)
        self._shown = percent
