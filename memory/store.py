"""The only door to the database: turns here, conversations and nights in rooms beside this one.

Every method is one short transaction and may be called from any thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from memory.conversations import Conversations, open_conversation
from memory.database import now
from memory.lexical import matching_turns
from memory.outbox import Outbox
from memory.records import MemoryRefused, Speaker, Stretch, Turn, TurnState
from memory.register import Register
from memory.rows import among, as_turn, is_open, is_shown, notify_index
from memory.schema import ConversationRow, TurnRow
from memory.versions import let_go, make_way, show, versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

TITLE_LENGTH = 60


class Store(Register, Outbox, Conversations):
    """Everything that was said and what the nights did with it; facts are behind ``Facts``."""

    def add_turn(
        self,
        conversation_id: int,
        speaker: Speaker,
        text: str,
        state: TurnState = "complete",
        notes: Sequence[str] = (),
        worn: Sequence[str] = (),
        created: datetime | None = None,
        name: str = "",
        answers: int | None = None,
        instead_of: int | None = None,
    ) -> Turn:
        """Add what was said.

        Args:
            conversation_id: where.
            speaker: who.
            text: what.
            state: whether it is whole.
            notes: what a reply was given.
            worn: the adapters it was made with.
            created: when; now by default.
            name: who spoke in an imported chat, or the file that is quoted.
            answers: the message that this replies to; where that was put away meanwhile, so is this.
            instead_of: the version that it takes the place of.
        """
        with self.write() as session:
            asked = _turn(session, answers) if answers else None
            place = make_way(session, _turn(session, instead_of)) if instead_of else None
            row = TurnRow(
                conversation_id=conversation_id,
                speaker=speaker,
                name=name,
                text=text,
                created=created or now(),
                state=state,
                notes=list(notes),
                worn=list(worn),
                thumb=0,
                place=place,
                away=asked.away if asked else None,
            )
            self._add_rows(session, conversation_id, [row])
            return _whole(session, [row])[0]

    def show_version(self, turn_id: int) -> None:
        """Show this version of a message, with what followed it, in place of the one that is shown."""
        with self.write() as session:
            show(session, _turn(session, turn_id))

    def add_turns(self, conversation_id: int, turns: Iterable[Turn]) -> list[Turn]:
        """Many turns at once, for imports: their ids and conversation are given anew."""
        with self.write() as session:
            rows = [
                TurnRow(
                    conversation_id=conversation_id,
                    speaker=turn.speaker,
                    name=turn.name,
                    text=turn.text,
                    created=turn.created,
                    state=turn.state,
                    notes=list(turn.notes),
                    worn=list(turn.worn),
                    thumb=turn.thumb,
                    imported=turn.imported,
                )
                for turn in turns
            ]
            self._add_rows(session, conversation_id, rows)
            return [as_turn(row) for row in rows]

    def _add_rows(self, session: Session, conversation_id: int, rows: list[TurnRow]) -> None:
        conversation = open_conversation(session, conversation_id)
        session.add_all(rows)
        session.flush()
        conversation.updated = now()
        spoken = next((row.text for row in rows if row.speaker == "user" and row.text.strip()), "")
        if not conversation.title and spoken:
            conversation.title = title_from(spoken)
        if conversation.remembered:
            notify_index(session, "turn", [row.id for row in rows if row.state != "writing"])

    def extend_turn(self, turn_id: int, text: str, state: TurnState) -> Turn:
        """Keep what has been written so far of a reply: ``text`` is the whole of it."""
        with self.write() as session:
            row = _turn(session, turn_id)
            row.text, row.state = text, state
            if state != "writing":
                _index(session, [row])
            return _whole(session, [row])[0]

    def close_open_turns(self) -> int:
        """At start: replies that a crash cut off are marked so. Returns how many."""
        with self.write() as session:
            rows = session.scalars(select(TurnRow).where(TurnRow.state == "writing")).all()
            for row in rows:
                row.state = "interrupted"
            _index(session, rows)
            return len(rows)

    def turn(self, turn_id: int) -> Turn:
        with self.read() as session:
            return _whole(session, [_turn(session, turn_id)])[0]

    def turns(self, conversation_id: int, limit: int | None = None) -> list[Turn]:
        """The turns in the order they were said; with a limit, the last ones."""
        said = (TurnRow.conversation_id == conversation_id, is_shown())
        query = select(TurnRow).where(*said).order_by(TurnRow.id.desc())
        with self.read() as session:
            rows = session.scalars(query if limit is None else query.limit(limit)).all()
            return _whole(session, rows[::-1])

    def stretch(
        self, conversation_id: int, at: int | None = None, before: int = 0, after: int = 0
    ) -> Stretch:
        """At most so many turns from before ``at``, or from the end, and so many from there on."""
        said = select(TurnRow).where(TurnRow.conversation_id == conversation_id, is_shown())
        old = (said.where(TurnRow.id < at) if at else said).order_by(TurnRow.id.desc()).limit(before + 1)
        new = said.where(TurnRow.id >= at).order_by(TurnRow.id).limit(after + 1) if at else None
        with self.read() as session:
            older = session.scalars(old).all()
            newer = session.scalars(new).all() if new is not None else []
            turns = _whole(session, [*older[:before][::-1], *newer[:after]])
            return Stretch(tuple(turns), len(older) > before, len(newer) > after)

    def put_away(self, conversation_id: int) -> list[Turn]:
        """The turns that stand in versions which are not shown."""
        hidden = (TurnRow.conversation_id == conversation_id, TurnRow.away.is_not(None))
        with self.read() as session:
            return _whole(session, session.scalars(select(TurnRow).where(*hidden).order_by(TurnRow.id)).all())

    def newest_turn(self) -> int:
        """The id of what was said last; 0 before anything was."""
        with self.read() as session:
            return session.scalar(select(func.max(TurnRow.id))) or 0

    def own_turns_after(self, turn_id: int) -> list[Turn]:
        """What the user said in remembered chats since then and stands there now; nothing imported."""
        own = (TurnRow.speaker == "user", TurnRow.name == "", TurnRow.imported.is_(False), is_shown())
        query = select(TurnRow).join(ConversationRow).where(TurnRow.id > turn_id, is_open(), *own)
        with self.read() as session:
            return [as_turn(row) for row in session.scalars(query.order_by(TurnRow.id))]

    def search_turns(self, words: str, limit: int = 50) -> list[Turn]:
        """Turns that hold all the words (the last may be unfinished), best first."""
        with self.read() as session:
            ids = matching_turns(session, words, limit)
            return turns_by_id(session, ids)

    def delete_turns_after(self, turn_id: int) -> int:
        """Drop what followed a turn in its conversation; returns how many turns went."""
        with self.write() as session:
            row = _turn(session, turn_id)
            later = (TurnRow.conversation_id == row.conversation_id, TurnRow.id > turn_id)
            ids = session.scalars(select(TurnRow.id).where(*later)).all()
            let_go(session, ids)
            session.execute(delete(TurnRow).where(*later))
            notify_index(session, "turn", ids)
            return len(ids)

    def set_thumb(self, turn_id: int, thumb: int) -> Turn:
        """Liked (1), disliked (-1) or neither (0)."""
        with self.write() as session:
            row = _turn(session, turn_id)
            row.thumb = max(-1, min(1, thumb))
            return _whole(session, [row])[0]


def title_from(text: str) -> str:
    """A conversation's first title: its first words."""
    line = " ".join(text.split())
    if len(line) <= TITLE_LENGTH:
        return line
    return line[: TITLE_LENGTH - 1].rsplit(" ", 1)[0] + "…"


def turns_by_id(session: Session, ids: Sequence[int]) -> list[Turn]:
    rows = {row.id: row for row in session.scalars(select(TurnRow).where(among(TurnRow.id, ids)))}
    return [as_turn(rows[i]) for i in ids if i in rows]


def _whole(session: Session, rows: Sequence[TurnRow]) -> list[Turn]:
    """Turns with their versions."""
    several = versions(session, rows)
    return [as_turn(row, several.get(row.id, ())) for row in rows]


def _index(session: Session, rows: Sequence[TurnRow]) -> None:
    remembered = set(session.scalars(select(ConversationRow.id).where(ConversationRow.remembered)))
    notify_index(session, "turn", [row.id for row in rows if row.conversation_id in remembered])


def _turn(session: Session, turn_id: int) -> TurnRow:
    row = session.get(TurnRow, turn_id)
    if row is None:
        raise MemoryRefused("That message is no longer there: it was deleted or forgotten.")
    return row
