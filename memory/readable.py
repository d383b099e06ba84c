"""Everything as Markdown that a person reads: a file per conversation, and one of what is known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from memory.files import written
from memory.known import EVERY, Known

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from memory.records import Conversation, Fact, Turn
    from memory.store import Store

MEMORIES = "memories.md"
OTHER_VERSIONS = "\n## Other versions\n\nWhat was changed or answered again, with what followed it then.\n"
NAMES = {"user": "You", "assistant": "Dormouse"}
STATES = {
    "current": "What is known",
    "planned": "What is still to come",
    "proposed": "What is only proposed",
    "superseded": "What was so before",
    "expired": "What is over",
    "retracted": "What was taken back",
}


def export_markdown(store: Store, folder: Path) -> int:
    """Write a folder that only the user can read; returns how many files it was given."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    chats = store.conversations(limit=EVERY)
    for chat in chats:
        with written(folder / file_name(chat)) as file:
            file.writelines(conversation_lines(chat, store.turns(chat.id), store.put_away(chat.id)))
    with written(folder / MEMORIES) as file:
        file.writelines(_memories(Known(store).facts(limit=EVERY)))
    return len(chats) + 1


def file_name(chat: Conversation) -> str:
    """The day, the title as far as every system takes it, and the number: no two are the same."""
    title = " ".join(re.findall(r"[\w'’-]+", chat.title))[:60].strip()
    return f"{chat.created.astimezone():%Y-%m-%d} {title or 'New chat'} ({chat.id}).md"


def conversation_lines(chat: Conversation, turns: Sequence[Turn], away: Sequence[Turn]) -> Iterator[str]:
    """A chat as it is shown, and at its end what its messages were in earlier versions."""
    yield f"# {_line(chat.title) or 'New chat'}\n\n"
    yield f"*Begun {_day(chat.created)}.{'' if chat.remembered else ' Not remembered.'}*\n"
    yield from map(_message, turns)
    yield OTHER_VERSIONS if away else ""
    yield from map(_message, away)


def _message(turn: Turn) -> str:
    said = "" if turn.state == "complete" else f" ({turn.state})"
    said += f", version {turn.versions.index(turn.id) + 1} of {len(turn.versions)}" if turn.versions else ""
    return f"\n**{_line(turn.name) or NAMES[turn.speaker]}**, {_day(turn.created)}{said}\n\n{turn.text}\n"


def _memories(facts: list[Fact]) -> Iterator[str]:
    yield "# Memories\n"
    for state, heading in STATES.items():
        of_state = [fact for fact in facts if fact.state == state]
        yield f"\n## {heading}\n" if of_state else ""
        for topic in sorted({fact.topic for fact in of_state}):
            yield f"\n### {_line(topic) or 'other'}\n\n"
            yield from (_fact(fact) for fact in of_state if fact.topic == topic)
    yield "" if facts else "\nNothing is known yet.\n"


def _fact(fact: Fact) -> str:
    begins = f", from {_day(fact.valid_from)}" if fact.state == "planned" and fact.valid_from else ""
    until = f", until {_day(fact.valid_to)}" if fact.valid_to else ""
    quote = f": “{_line(fact.quote)}”" if fact.quote else ""
    return f"- {_line(fact.sentence)} *({fact.origin} {_day(fact.recorded)}{begins}{until}{quote})*\n"


def _line(text: str) -> str:
    return " ".join(text.split())


def _day(when: datetime) -> str:
    return f"{when.astimezone():%Y-%m-%d %H:%M}"
