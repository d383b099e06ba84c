"""What the palette offers: the actions of the table, the chats and the memories by name. No Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.desktop import words
from app.desktop.actions import ACTIONS
from app.desktop.palette.finding import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.desktop.face import Face
    from memory.records import Conversation, Fact

ACTION, CHAT = 12.0, 6.0  # what one would rather have, when names fit as well


def actions() -> list[Entry]:
    """Everything that can be done; what only a widget with the keyboard does is left out."""
    return [
        Entry(
            action.key, action.words, action.icon, action.act, action.group,
            action.keys[0] if action.keys else "", action.also, ACTION,
        )
        for action in ACTIONS
        if action.act is not None and action.key != "palette"
    ]  # fmt: skip


def read(face: Face, typed: str = "") -> list[Entry]:
    """The chats and the memories that a word may mean; belongs on a background thread."""
    return [*chats(face.conversations(typed)), *memories(face.facts(typed, "current"))]


def chats(found: Sequence[Conversation]) -> Iterable[Entry]:
    for one in found:
        icon = "ph.chat-circle-text" if one.remembered else "ph.eye-slash"
        yield Entry(
            f"chat:{one.id}", one.title or "New chat", icon,
            lambda window, number=one.id: window.open_chat(number, None),
            f"Chat, {words.brief(one.updated)}", ahead=CHAT,
        )  # fmt: skip


def memories(found: Sequence[Fact]) -> Iterable[Entry]:
    for one in found:
        yield Entry(
            f"fact:{one.id}", words.you(one.sentence), "ph.bookmark-simple",
            lambda window, number=one.id: window.show_fact(number), "Memory", also=one.attribute,
        )  # fmt: skip
