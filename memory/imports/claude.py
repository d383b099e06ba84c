"""Claude's data export: each conversation is a list of messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from memory.imports.talks import Malformed, Said, Talk, clean, joined, moment

if TYPE_CHECKING:
    from datetime import datetime

    from memory.records import Speaker

KIND, ORIGIN = "claude", "Claude"
SPEAKERS: dict[str, Speaker] = {"human": "user", "assistant": "assistant"}


def is_one(entry: Any) -> bool:
    """Whether this looks like one of its conversations."""
    return isinstance(entry, dict) and "chat_messages" in entry


def read(entry: Any, undated: datetime) -> Talk:
    """One conversation, as far as the user and the assistant said it to each other.

    Args:
        entry: the conversation as the export has it.
        undated: the time of what bears none.
    """
    if not is_one(entry) or not isinstance(entry["chat_messages"], list):
        raise Malformed
    when = moment(entry.get("created_at")) or undated
    turns: list[Said] = []
    for number, message in enumerate(entry["chat_messages"]):
        said = _said(number, message, turns[-1].created if turns else when)
        turns += [said] if said else []
    title = clean(entry.get("name"))
    return Talk(str(entry.get("uuid") or f"{when.isoformat()} {title}"), title, when, tuple(turns))


def _said(number: int, message: Any, undated: datetime) -> Said | None:
    if not isinstance(message, dict):
        raise Malformed
    speaker, text = SPEAKERS.get(str(message.get("sender"))), _text(message)
    if speaker is None or not text:
        return None
    key = str(message.get("uuid") or number)
    return Said(key, speaker, text, moment(message.get("created_at")) or undated)


def _text(message: dict[str, Any]) -> str:
    """The blocks that are text: the plain field also says that there were others."""
    blocks = message.get("content")
    said = [block for block in blocks if _is_text(block)] if isinstance(blocks, list) else []
    return joined([block["text"] for block in said]) or clean(message.get("text"))


def _is_text(block: Any) -> bool:
    return isinstance(block, dict) and block.get("type") == "text" and isinstance(block.get("text"), str)
