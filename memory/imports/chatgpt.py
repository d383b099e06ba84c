"""ChatGPT's data export: each conversation is a tree of messages, of which one branch was last seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from memory.imports.talks import Malformed, Said, Talk, clean, joined, moment

if TYPE_CHECKING:
    from datetime import datetime

    from memory.records import Speaker

KIND, ORIGIN = "chatgpt", "ChatGPT"
SPEAKERS: dict[str, Speaker] = {"user": "user", "assistant": "assistant"}
TEXTS = ("text", "multimodal_text")  # what else there is are tools, searches and thoughts


def is_one(entry: Any) -> bool:
    """Whether this looks like one of its conversations."""
    return isinstance(entry, dict) and "mapping" in entry


def read(entry: Any, undated: datetime) -> Talk:
    """One conversation, as far as the user and the assistant said it to each other.

    Args:
        entry: the conversation as the export has it.
        undated: the time of what bears none.
    """
    if not is_one(entry) or not isinstance(entry["mapping"], dict):
        raise Malformed
    when = moment(entry.get("create_time")) or undated
    turns: list[Said] = []
    for key, node in _branch(entry["mapping"], entry.get("current_node")):
        said = _said(key, node, turns[-1].created if turns else when)
        turns += [said] if said else []
    title = clean(entry.get("title"))
    key = entry.get("conversation_id") or entry.get("id") or f"{when.isoformat()} {title}"
    return Talk(str(key), title, when, tuple(turns))


def _branch(mapping: dict[str, Any], leaf: Any) -> list[tuple[str, dict[str, Any]]]:
    """From the root to the message that was last seen; an older export does not say which that is."""
    at = leaf if leaf is not None else max(mapping, key=lambda key: _when(mapping[key]), default=None)
    path: dict[str, dict[str, Any]] = {}
    while at is not None:
        node = mapping.get(at) if isinstance(at, str) else None
        if not isinstance(node, dict) or at in path:
            raise Malformed
        path[at] = node
        at = node.get("parent")
    return list(path.items())[::-1]


def _when(node: Any) -> float:
    message = node.get("message") if isinstance(node, dict) else None
    found = moment(message.get("create_time")) if isinstance(message, dict) else None
    return found.timestamp() if found else 0.0


def _said(key: str, node: dict[str, Any], undated: datetime) -> Said | None:
    message = node.get("message")
    if message is None:
        return None
    if not isinstance(message, dict) or not isinstance(message.get("author"), dict):
        raise Malformed
    speaker, text = SPEAKERS.get(str(message["author"].get("role"))), _text(message)
    if speaker is None or not text or _is_aside(message):
        return None
    return Said(key, speaker, text, moment(message.get("create_time")) or undated)


def _is_aside(message: dict[str, Any]) -> bool:
    """Whether it was said to a tool, or hidden from the user."""
    metadata = message.get("metadata")
    hidden = isinstance(metadata, dict) and metadata.get("is_visually_hidden_from_conversation")
    return bool(hidden) or message.get("recipient", "all") not in ("all", None)


def _text(message: dict[str, Any]) -> str:
    content = message.get("content")
    if not isinstance(content, dict) or content.get("content_type", "text") not in TEXTS:
        return ""
    parts = content.get("parts")
    return joined([_part(part) for part in parts]) if isinstance(parts, list) else ""


def _part(part: Any) -> str:
    """Words as they were typed, or as they were heard; a picture has none."""
    heard = part.get("text") if isinstance(part, dict) else part
    return heard if isinstance(heard, str) else ""
