"""``dormouse chat``: the same assistant in the terminal."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.common import AsJson, Context, dormouse_of, say, say_json
from app.events import EngineState, Noticed, Recalled, ReplyDone, ReplyText

if TYPE_CHECKING:
    from app.core import Dormouse
    from app.events import Event
    from memory.records import Turn

NOTICING = 60.0  # seconds a single question may wait for its noticing before the command ends
HELP = "Type and press Enter. /notes: what the last reply was given; /facts: what is known; /quit ends."


def chat(
    context: Context,
    words: Annotated[str, typer.Argument(help="One message; without it, a conversation begins.")] = "",
    forgettable: Annotated[bool, typer.Option("--private", help="Remember nothing of this chat.")] = False,
    as_json: AsJson = False,
) -> None:
    """Talk in the terminal."""
    with dormouse_of(context, owner=True, tend=True) as dormouse:
        conversation = dormouse.new_conversation(remembered=not forgettable)
        if words:
            _one(dormouse, conversation.id, words, as_json)
        else:
            talk(dormouse, conversation.id)


class Terminal:
    """Shows a reply as it is written, and afterwards what was noticed."""

    def __init__(self) -> None:
        self.noticed: list[str] = []
        self.notes: list[str] = []

    def __call__(self, event: Event) -> None:
        if isinstance(event, ReplyText):
            say(event.text, nl=False)
            sys.stdout.flush()
        elif isinstance(event, ReplyDone):
            say(f"\n[{event.sentence}]" if event.sentence else "")
        elif isinstance(event, Recalled):
            self.notes = [note.text for note in event.notes]
        elif isinstance(event, Noticed):
            self.noticed += [fact.sentence for fact in event.facts]
        elif isinstance(event, EngineState) and event.state == "waking" and sys.stderr.isatty():
            say(f"[{event.sentence}]", err=True)

    def pop_noticed(self) -> list[str]:
        """What was noticed since this was asked last."""
        noticed, self.noticed = self.noticed, []
        return noticed


def talk(dormouse: Dormouse, conversation_id: int) -> None:
    """A conversation until the user ends it."""
    terminal = Terminal()
    dormouse.bus.listen(terminal)
    say(HELP)
    while True:
        for sentence in terminal.pop_noticed():
            say(f"  + {sentence}")
        try:
            words = input("\n> ").strip()
        except (EOFError, KeyboardInterrupt):
            say()
            return
        if words in ("/quit", "/exit"):
            return
        if words == "/notes":
            say("\n".join(f"  - {note}" for note in terminal.notes) or "  It was given nothing.")
        elif words == "/facts":
            say("\n".join(f"  {fact.id}  {fact.sentence}" for fact in dormouse.facts(state="current")))
        elif words:
            ask(dormouse, conversation_id, words)


def ask(dormouse: Dormouse, conversation_id: int, words: str) -> Turn | None:
    """Ask on a thread of its own, so that Ctrl+C can stop the reply."""
    replies: list[Turn] = []
    problems: list[Exception] = []

    def run() -> None:
        try:
            replies.append(dormouse.ask(conversation_id, words))
        except Exception as problem:  # noqa: BLE001 - a thread's edge: raised again below
            problems.append(problem)

    thread = threading.Thread(target=run, name="ask", daemon=True)
    thread.start()
    while thread.is_alive():
        try:
            thread.join(0.1)
        except KeyboardInterrupt:
            dormouse.stop(conversation_id)
    if problems:
        raise problems[0]
    return replies[0] if replies else None


def _one(dormouse: Dormouse, conversation_id: int, words: str, as_json: bool) -> None:
    terminal = Terminal()
    dormouse.bus.listen(terminal if not as_json else lambda event: None)
    reply = ask(dormouse, conversation_id, words)
    dormouse.idle.settle(NOTICING)
    if as_json and reply is not None:
        noticed = [fact for turn in dormouse.turns(conversation_id) for fact in dormouse.noticed_in(turn.id)]
        say_json({"reply": reply, "notes": dormouse.notes_of(reply.id), "noticed": noticed})
        return
    for sentence in terminal.pop_noticed():
        say(f"  + {sentence}")
