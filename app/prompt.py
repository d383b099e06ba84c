"""How a prompt is laid out. Pure: values in, messages out.

It only ever grows at its end (fixed system text, profile, history, then this turn's notes with this
turn's words), so that what llama.cpp has read once it need not read again.
"""

from __future__ import annotations

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


def lay_out(
    question: str, notes: Sequence[Note] = (), history: Sequence[Turn] = (), profile: Sequence[str] = ()
) -> tuple[Message, ...]:
    """The whole prompt of a turn."""
    system = SYSTEM
    if profile:
        system += "\nAbout the user:\n" + "\n".join(f"- {line}" for line in profile)
    past = [Message(turn.speaker, turn.text) for turn in history if turn.text]
    words = with_notes(question, [note.text for note in notes])
    return (Message("system", system), *past, Message("user", words))
