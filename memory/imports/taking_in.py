"""What was found goes into the store: once, and one transaction per conversation.

Whatever ends an import half-way, the next one goes on where it was: a conversation is there with all that
its export held of it, or not at all. What came in is marked so, and facts are not noticed in it: thousands
of messages would keep the model busy for hours, and what was said years ago need not hold any more. It is
found and quoted like everything else that was said.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from memory.database import now
from memory.imports.marks import Taken
from memory.imports.recognise import recognise
from memory.lines import is_export
from memory.records import BroughtIn, MemoryRefused
from memory.rows import notify_index
from memory.schema import ConversationRow, SourceRow, TurnRow
from memory.store import title_from
from memory.transfer import bring_in as bring_in_export

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.orm import Session

    from memory.imports.talks import Found, Said, Talk
    from memory.store import Store


def bring_in(store: Store, path: Path, progress: Callable[[float], None] = lambda share: None) -> BroughtIn:
    """Take in whatever lies at a path; raises ``MemoryRefused`` with a sentence when that cannot be.

    Args:
        store: where it goes.
        path: an export of ChatGPT, of Claude or of Dormouse, or documents.
        progress: told the share that is done, 0 to 1.
    """
    if not path.exists():
        raise MemoryRefused(f"There is no file or folder at {path}.")
    if path.is_file() and is_export(path):
        return bring_in_export(store, path, progress)
    return take_in(store, recognise(path), progress)


def take_in(store: Store, found: Found, progress: Callable[[float], None]) -> BroughtIn:
    """Add each conversation that is not here yet, and to each that is, what it has grown by."""
    counts: Counter[str] = Counter()
    for number, talk in enumerate(found.talks(), start=1):
        counts += _take(store, found.kind, talk) if talk is not None else Counter(unread=1)
        progress(number / found.count)
    if counts["unread"] == found.count:
        raise MemoryRefused(
            f"This looks like an export of {found.origin}, but no conversation in it could be read; "
            "nothing was taken in. Perhaps its form has changed: look for a newer Dormouse."
            if found.origin != "Documents"
            else "This is not text in UTF-8; nothing was taken in. Save it as UTF-8 and try again."
        )
    return BroughtIn(found.origin, **counts)


def _take(store: Store, kind: str, talk: Talk) -> Counter[str]:
    with store.write() as session:
        taken = Taken(session, kind, talk)
        known = taken.source
        fresh = taken.fresh()
        if not fresh:
            return Counter(known=int(known is not None))
        source = known or _begin(session, taken, kind, talk)
        conversation = session.get_one(ConversationRow, source.conversation_id)
        if conversation.deleted is not None:  # it was put away: what is new to it waits until it is back
            return Counter(known=1)
        grown = bool(source.turns)
        taken.add(fresh)
        _add(session, conversation, fresh)
        return Counter(turns=len(fresh), **{"grown" if grown else "new": 1})


def _begin(session: Session, taken: Taken, kind: str, talk: Talk) -> SourceRow:
    spoken = next((said.text for said in talk.turns if said.speaker == "user"), "")
    created = _past(talk.created)
    row = ConversationRow(
        title=title_from(talk.title or spoken), created=created, updated=created, remembered=True
    )
    session.add(row)
    session.flush()
    source = taken.begin(kind, row.id)
    session.add(source)
    return source


def _add(session: Session, conversation: ConversationRow, fresh: Sequence[Said]) -> None:
    rows = [
        TurnRow(
            conversation_id=conversation.id,
            speaker=said.speaker,
            name=said.name,
            text=said.text,
            created=_past(said.created),
            state="complete",
            notes=[],
            worn=[],
            thumb=0,
            imported=True,
        )
        for said in fresh
    ]
    session.add_all(rows)
    session.flush()
    # its own time, not this one: an import is nothing that the user says now
    conversation.updated = max(conversation.updated, *(row.created for row in rows))
    if conversation.remembered:
        notify_index(session, "turn", [row.id for row in rows])


def _past(moment: datetime) -> datetime:
    return min(moment, now())
