"""How a prompt is laid out. Pure: values in, messages out.

It only ever grows at its end (fixed system text, profile, what stands for a long chat's beginning, history,
then this turn's notes with this turn's words), so that what llama.cpp has read once it need not read again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from models.engine import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from memory.records import Note, Turn

SYSTEM = (
    "You are Dormouse, the user's own assistant. Answer briefly. "
    "If the user asks about their life and you were not told, say so."
)


def with_notes(question: str, notes: Sequence[str]) -> str:
    """This turn's words with the notes recalled for them."""
    if not notes:
        return question
    lines = "\n".join(f"- {note}" for note in notes)
    return f"Notes about me:\n{lines}\n\n{question}"


def without_notes(messages: Sequence[Message], notes: Sequence[str]) -> tuple[Message, ...]:
    """The same prompt as if nothing had been recalled for its last words."""
    *past, last = messages
    return (*past, Message(last.role, last.content.replace(with_notes("", notes), "", 1)))


def with_earlier(words: str, lines: Sequence[str]) -> str:
    """The first words that are left of a chat, with what stands for those before them."""
    if not lines:
        return words
    return "Earlier in this chat I said:\n" + "\n".join(f"- {line}" for line in lines) + f"\n\n{words}"


def lay_out(
    question: str,
    notes: Sequence[Note] = (),
    history: Sequence[Turn] = (),
    profile: Sequence[str] = (),
    earlier: Sequence[str] = (),
) -> tuple[Message, ...]:
    """The whole prompt of a turn; ``earlier`` stands for what has left its history."""
    system = SYSTEM
    if profile:
        system += "\nAbout the user:\n" + "\n".join(f"- {line}" for line in profile)
    past = [Message(turn.speaker, turn.text) for turn in history if turn.text]
    words = with_notes(question, [note.text for note in notes])
    said = [*past, Message("user", words)]
    said[0] = replace(said[0], content=with_earlier(said[0].content, earlier))
    return (Message("system", system), *said)
