"""Work waiting for the vector index, which has one owner while writers are many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, delete, func, insert, literal, select

from memory.database import Database
from memory.phrases import as_said
from memory.rows import among, is_shown, notify_index
from memory.schema import ConversationRow, FactRow, OutboxRow, TurnRow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

INDEXED_LENGTH = 2000  # characters: the embedder reads some 256 tokens and no more
# proposals and retractions are not evidence
RECALLED_STATES = ("current", "planned", "superseded", "expired")


class Outbox(Database):
    """The index's part of the store."""

    def outbox(self, limit: int = 256) -> list[tuple[int, str, int]]:
        """Waiting work for the vector index: (row, kind, item)."""
        with self.read() as session:
            query = (
                select(OutboxRow.id, OutboxRow.kind, OutboxRow.item_id).order_by(OutboxRow.id).limit(limit)
            )
            return list(session.execute(query))

    def clear_outbox(self, up_to: int) -> None:
        with self.write() as session:
            session.execute(delete(OutboxRow).where(OutboxRow.id <= up_to))

    def outbox_size(self) -> int:
        with self.read() as session:
            return session.scalar(select(func.count()).select_from(OutboxRow)) or 0

    def index_everything(self) -> None:
        """Ask for every turn and fact to be indexed again."""
        with self.write() as session:
            session.execute(delete(OutboxRow))
            for kind, row in (("turn", TurnRow), ("fact", FactRow)):
                every = select(literal(kind), row.id).order_by(row.id)
                session.execute(insert(OutboxRow).from_select(["kind", "item_id"], every))

    def indexed(self, kind: str) -> int:
        """How many turns or facts are to be found by meaning, what rests included."""
        query = indexed_turns(func.count()) if kind == "turn" else indexed_facts(func.count())
        with self.read() as session:
            return session.scalar(query) or 0

    def ask_for(self, kind: str, but_for: Collection[int]) -> None:
        """Ask for every turn or fact that is to be indexed, but for these and what is asked for already."""
        with self.write() as session:
            query = indexed_turns(TurnRow.id) if kind == "turn" else indexed_facts(FactRow.id)
            waiting = select(OutboxRow.item_id).where(OutboxRow.kind == kind)
            asked = set(but_for).union(session.scalars(waiting))
            notify_index(session, kind, [item for item in session.scalars(query) if item not in asked])

    def needed(self) -> dict[str, set[int]]:
        """What the waiting work shows to be in use: changed facts, and what new replies rested on."""
        new = select(TurnRow.notes).join(OutboxRow, OutboxRow.item_id == TurnRow.id)
        with self.read() as session:
            changed = session.scalars(select(OutboxRow.item_id).where(OutboxRow.kind == "fact"))
            found = {"turn": set[int](), "fact": set(changed)}
            for notes in session.scalars(new.where(OutboxRow.kind == "turn", TurnRow.speaker == "assistant")):
                for kind, _, item in (note.partition(":") for note in notes):
                    if kind in found:
                        found[kind].add(int(item))
            return found

    def look_again(self, kind: str, ids: Iterable[int]) -> None:
        """Ask for these to be indexed again."""
        with self.write() as session:
            notify_index(session, kind, ids)

    def texts_to_index(self, kind: str, ids: Iterable[int]) -> dict[int, str]:
        """The text of each turn or fact as it is indexed; empty for what must not be."""
        texts = dict.fromkeys(ids, "")
        turns = indexed_turns(TurnRow.id, TurnRow.name, TurnRow.text).where(among(TurnRow.id, texts))
        facts = indexed_facts(FactRow.id, FactRow.sentence).where(among(FactRow.id, texts))
        with self.read() as session:
            if kind == "fact":
                return texts | {item: as_said(text) for item, text in session.execute(facts)}
            for item, name, text in session.execute(turns):
                texts[item] = (f"{name}: {text}" if name else text)[:INDEXED_LENGTH]
            return texts


def indexed_turns(*what: Any) -> Select[Any]:
    """The turns that are to be found by meaning."""
    shown = (
        ConversationRow.deleted.is_(None),
        ConversationRow.remembered,
        TurnRow.state != "writing",
        is_shown(),
    )
    return select(*what).select_from(TurnRow).join(ConversationRow).where(*shown)


def indexed_facts(*what: Any) -> Select[Any]:
    """The facts that are to be found by meaning."""
    return select(*what).select_from(FactRow).where(FactRow.state.in_(RECALLED_STATES))
