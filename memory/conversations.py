"""Conversations as a whole: begun, named, filed, put away and brought back. A part of the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from memory.database import Database, now
from memory.journal import record
from memory.lexical import matching_turns
from memory.records import Conversation, MemoryRefused
from memory.rows import among, as_conversations, image, notify_index
from memory.schema import ConversationRow, TurnRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

FOLDER_LENGTH = 60


class Conversations(Database):
    """What chats there are. Whatever is done to one can be undone."""

    def new_conversation(self, title: str = "", remembered: bool = True) -> Conversation:
        with self.write() as session:
            moment = now()
            row = ConversationRow(title=title, created=moment, updated=moment, remembered=remembered)
            session.add(row)
            session.flush()
            return Conversation(row.id, title, moment, moment, remembered, 0)

    def conversations(self, search: str = "", limit: int = 200) -> list[Conversation]:
        """The newest, first; with words, those whose title or turns hold them.

        What is pinned or in a folder is there however old it is.
        """
        query = select(ConversationRow).where(ConversationRow.deleted.is_(None))
        with self.read() as session:
            if search.strip():
                hits = matching_turns(session, search, limit=1000)
                found = select(TurnRow.conversation_id).where(among(TurnRow.id, hits))
                title = ConversationRow.title.icontains(search.strip(), autoescape=True)
                query = query.where(or_(title, ConversationRow.id.in_(found)))
            query = query.order_by(ConversationRow.updated.desc(), ConversationRow.id.desc())
            kept = or_(ConversationRow.pinned, ConversationRow.folder != "")
            rows = {row.id: row for row in session.scalars(query.limit(limit))}
            rows |= {row.id: row for row in session.scalars(query.where(kept))}
            newest = sorted(rows.values(), key=lambda row: (row.updated, row.id), reverse=True)
            return as_conversations(session, newest)

    def conversation(self, conversation_id: int) -> Conversation:
        with self.read() as session:
            return as_conversations(session, [open_conversation(session, conversation_id)])[0]

    def rename_conversation(self, conversation_id: int, title: str) -> None:
        with self.write() as session:
            row = open_conversation(session, conversation_id)
            before = image(row)
            row.title = title
            record(session, f"renamed a chat to “{title}”", [(row, before)])

    def pin_conversation(self, conversation_id: int, on: bool) -> None:
        """Keep a chat at the top of the list, or no longer."""
        with self.write() as session:
            row = open_conversation(session, conversation_id)
            before = image(row)
            row.pinned = on
            verb = "pinned" if on else "unpinned"
            record(session, f"{verb} the chat “{row.title or 'New chat'}”", [(row, before)])

    def file_conversation(self, conversation_id: int, folder: str) -> None:
        """Put a chat into a folder, or, with no name, into none. A folder is there while a chat is in it."""
        with self.write() as session:
            row = open_conversation(session, conversation_id)
            before = image(row)
            row.folder = folder_name(folder)
            where = f"into “{row.folder}”" if row.folder else "out of its folder"
            record(session, f"moved the chat “{row.title or 'New chat'}” {where}", [(row, before)])

    def rename_folder(self, folder: str, name: str) -> list[int]:
        """Give a folder another name, or, with none, take its chats out; returns which chats were in it."""
        with self.write() as session:
            rows = session.scalars(select(ConversationRow).where(ConversationRow.folder == folder)).all()
            before = [image(row) for row in rows]
            for row in rows:
                row.folder = folder_name(name)
            what = f"renamed the folder “{folder}”" if name else f"took the chats out of “{folder}”"
            record(session, what, list(zip(rows, before, strict=True)))
            return [row.id for row in rows]

    def set_remembered(self, conversation_id: int, on: bool) -> None:
        """Whether a chat's words may be found and learned from outside it."""
        with self.write() as session:
            row = open_conversation(session, conversation_id)
            before = image(row)
            row.remembered = on
            title, verb = row.title or "New chat", "remembered" if on else "no longer remembered"
            record(session, f"the chat “{title}” is {verb}", [(row, before)])
            touch_turns(session, conversation_id)

    def delete_conversation(self, conversation_id: int) -> None:
        """Put a conversation away; undo brings it back. ``memory.forget`` removes it for good."""
        with self.write() as session:
            row = open_conversation(session, conversation_id)
            before = image(row)
            row.deleted = now()
            record(session, f"deleted the chat “{row.title or 'New chat'}”", [(row, before)])
            touch_turns(session, conversation_id)

    def restore_conversation(self, conversation_id: int) -> Conversation:
        """Bring back a conversation that was put away, whatever else was changed since."""
        with self.write() as session:
            row = session.get(ConversationRow, conversation_id)
            if row is None:
                raise MemoryRefused("That chat is no longer there: it was forgotten.")
            if row.deleted is not None:
                before = image(row)
                row.deleted = None
                record(session, f"brought back the chat “{row.title or 'New chat'}”", [(row, before)])
                touch_turns(session, conversation_id)
            return as_conversations(session, [row])[0]


def folder_name(typed: str) -> str:
    """A folder's name as it is kept: one line, not too long."""
    return " ".join(typed.split())[:FOLDER_LENGTH].strip()


def touch_turns(session: Session, conversation_id: int) -> None:
    """The vector index must look again at every turn of a conversation."""
    notify_index(
        session, "turn", session.scalars(select(TurnRow.id).where(TurnRow.conversation_id == conversation_id))
    )


def open_conversation(session: Session, conversation_id: int) -> ConversationRow:
    """One that was not put away."""
    row = session.get(ConversationRow, conversation_id)
    if row is None or row.deleted is not None:
        raise MemoryRefused("That chat is no longer there: it was deleted or forgotten.")
    return row
