"""``dormouse recall``, ``compare``, ``gists``, ``doctor`` and ``backup``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from app.commands.common import AsJson, Context, day, dormouse_of, say, say_json, table


def recall(context: Context, question: str, as_json: AsJson = False) -> None:
    """What would be recalled for a question, best first."""
    with dormouse_of(context, owner=True) as dormouse:  # whoever has the home has its index
        dormouse.memory.tend(lambda: False)
        notes = dormouse.recall(question)
    if as_json:
        say_json(notes)
        return
    table(
        [(note.id, f"{note.score:.3f}", note.source, note.text) for note in notes], "Nothing comes to mind."
    )


WAYS = {
    "off": "with nothing",
    "recall": "with what is recalled",
    "weights": "with what nights learned",
    "both": "with both",
}


def compare(context: Context, question: str, as_json: AsJson = False) -> None:
    """Answer one question four ways: without memory, with recall, with the nights, with both."""
    with dormouse_of(context, owner=True) as dormouse:
        dormouse.memory.tend(lambda: False)
        replies = list(dormouse.compare(question))
    if as_json:
        say_json(replies)
        return
    for reply in replies:
        say(f"{WAYS[reply.way]}:\n    {reply.text}")


def gists(context: Context, as_json: AsJson = False) -> None:
    """What stands for each month and for the sessions in it, in your own words."""
    with dormouse_of(context) as dormouse:
        found = dormouse.gists()
    if as_json:
        say_json(found)
        return
    told = [gist for gist in found if gist.lines]
    for gist in told:
        heading = gist.month if gist.kind == "month" else f"  {day(gist.began)}, chat {gist.conversation_id}"
        say(heading)
        for line in gist.lines:
            say(f"    {line.when.astimezone():%d %b}  {line.text}")
    if not told:
        say("There are no gists yet. They are made some hours after a talk, when all is quiet.")


def doctor(context: Context, as_json: AsJson = False) -> None:
    """Look at every part and say how it is."""
    with dormouse_of(context) as dormouse:
        checks = dormouse.doctor()
    if as_json:
        say_json(checks)
    else:
        table([("ok" if check.ok else "!!", check.name, check.sentence) for check in checks], "")
    if not all(check.ok for check in checks):
        raise typer.Exit(1)


def backup(
    context: Context,
    path: Annotated[Optional[Path], typer.Argument(help="Where to; the home's backups by default.")] = None,  # noqa: UP045
) -> None:
    """Copy the memory, whole, while it may be in use."""
    with dormouse_of(context) as dormouse:
        made = dormouse.backup(path)
    say(f"Backed up to {made}")
