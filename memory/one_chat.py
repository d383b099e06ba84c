"""One chat as a file: Markdown to read, or JSON for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from memory.files import written
from memory.readable import conversation_lines

if TYPE_CHECKING:
    from pathlib import Path

    from memory.records import Turn
    from memory.store import Store

Kind: TypeAlias = Literal["markdown", "json"]


def export_chat(store: Store, conversation_id: int, target: Path, kind: Kind) -> int:
    """Write a chat, in every version, to a file only the user can read; returns how many messages."""
    chat = store.conversation(conversation_id)
    shown, away = store.turns(conversation_id), store.put_away(conversation_id)
    with written(target) as file:
        if kind == "markdown":
            file.writelines(conversation_lines(chat, shown, away))
        else:
            about = {
                "title": chat.title,
                "created": chat.created.isoformat(),
                "remembered": chat.remembered,
                "folder": chat.folder,
                "messages": [_message(turn) for turn in shown],
                "other_versions": [_message(turn) for turn in away],
            }
            json.dump(about, file, ensure_ascii=False, indent=2)
            file.write("\n")
    return len(shown) + len(away)


def _message(turn: Turn) -> dict[str, Any]:
    """``versions`` are the ids of all versions of this message, where it has several."""
    said = {
        "id": turn.id,
        "speaker": turn.speaker,
        "created": turn.created.isoformat(),
        "text": turn.text,
        "state": turn.state,
    }
    return said | ({"name": turn.name} if turn.name else {}) | _versions(turn)


def _versions(turn: Turn) -> dict[str, Any]:
    return {"versions": list(turn.versions)} if turn.versions else {}
