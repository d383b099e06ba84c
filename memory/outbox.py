"""Work waiting for the vector index, which has one owner while writers are many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from memory.database import Database
from memory.phrases import as_said
from memory.rows import is_shown, notify_index
from memory.schema import ConversationRow, FactRow, OutboxRow, TurnRow

if TYPE_CHECKING:
    from collections.abc import Iterable

INDEXED_LENGTH = 2000  # characters: the embedder reads some 256 tokens and no more
RECALLED_STATES = (
    "current",
    "planned",
    "superseded",
    "expired",
)  # proposals and retractions are not evidence


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
            notify_index(session, "turn", session.scalars(select(TurnRow.id)))
            notify_index(session, "fact", session.scalars(select(FactRow.id)))

    def texts_to_index(self, kind: str, ids: Iterable[int]) -> dict[int, str]:
        """The text of each turn or fact as it is indexed; empty for what must not be."""
        texts = dict.fromkeys(ids, "")
        turns = (
            select(TurnRow.id, TurnRow.name, TurnRow.text)
            .join(ConversationRow)
            .where(TurnRow.id.in_(texts), ConversationRow.deleted.is_(None))
            .where(ConversationRow.remembered, TurnRow.state != "writing", is_shown())
        )
        facts = select(FactRow.id, FactRow.sentence).where(
            FactRow.id.in_(texts), FactRow.state.in_(RECALLED_STATES)
        )
        with self.read() as session:
            if kind == "fact":
                return texts | {item: as_said(text) for item, text in session.execute(facts)}
            for item, name, text in session.execute(turns):
                texts[item] = (f"{name}: {text}" if name else text)[:INDEXED_LENGTH]
            return texts
