"""The tables. Only the rooms of ``memory`` see these; everybody else gets ``memory.records``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, DateTime, Dialect, ForeignKey, String, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

VERSION = "0006"  # the newest migration; a test holds this and memory/migrations together
KNOWN_VERSIONS = ("0001", "0002", "0003", "0004", "0005", "0006")


class UtcDateTime(TypeDecorator[datetime]):
    """SQLite keeps no time zone: UTC goes in and aware UTC comes out."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    type_annotation_map = {datetime: UtcDateTime(), str: Text(), list[str]: JSON(), list[Any]: JSON()}  # noqa: RUF012


# ids are never used again: notes, vectors and nights point at them for ever
KEPT_IDS = {"sqlite_autoincrement": True}


class ConversationRow(Base):
    __tablename__ = "conversation"
    __table_args__ = KEPT_IDS

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    created: Mapped[datetime]
    updated: Mapped[datetime] = mapped_column(index=True)
    remembered: Mapped[bool]
    deleted: Mapped[datetime | None]
    folder: Mapped[str] = mapped_column(default="")
    pinned: Mapped[bool] = mapped_column(default=False)


class TurnRow(Base):
    """A message. ``place`` and ``away`` are told about in ``memory.versions``; both are empty for most."""

    __tablename__ = "turn"
    __table_args__ = (CheckConstraint("speaker IN ('user', 'assistant')"), KEPT_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), index=True
    )
    speaker: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(index=True)
    text: Mapped[str]
    created: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16))
    notes: Mapped[list[str]]
    worn: Mapped[list[str]]
    thumb: Mapped[int]
    imported: Mapped[bool] = mapped_column(default=False)
    place: Mapped[int | None]
    away: Mapped[int | None]


class SecretRow(Base):
    """With what ``SourceRow`` hashes: this home's own secret, and those that came with exports of others."""

    __tablename__ = "secret"
    __table_args__ = KEPT_IDS

    id: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(String(64), unique=True)


class SourceRow(Base):
    """Where an imported conversation came from, in salted hashes: no title or name outlives a forgetting.

    ``turns`` names the messages that were taken in, so that they are not taken in again.
    """

    __tablename__ = "source"

    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), index=True
    )
    turns: Mapped[list[str]]


class FactRow(Base):
    __tablename__ = "fact"
    __table_args__ = KEPT_IDS

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str]
    attribute: Mapped[str] = mapped_column(index=True)
    value: Mapped[str]
    sentence: Mapped[str]
    state: Mapped[str] = mapped_column(String(16), index=True)
    origin: Mapped[str] = mapped_column(String(16))
    topic: Mapped[str]
    confidence: Mapped[float]
    pinned: Mapped[bool]
    recorded: Mapped[datetime]
    valid_from: Mapped[datetime | None]
    valid_to: Mapped[datetime | None]
    retracted: Mapped[datetime | None]
    superseded_by: Mapped[int | None] = mapped_column(ForeignKey("fact.id", ondelete="SET NULL"), index=True)
    turn_id: Mapped[int | None] = mapped_column(ForeignKey("turn.id", ondelete="SET NULL"), index=True)
    span_start: Mapped[int | None]
    span_end: Mapped[int | None]


class RevisionRow(Base):
    """The undo journal: what the rows were before and after one thing that the user did."""

    __tablename__ = "revision"
    __table_args__ = KEPT_IDS

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    sentence: Mapped[str]
    images: Mapped[list[Any]]
    undone: Mapped[bool]


class GistRow(Base):
    """A stretch of one conversation (``session``), or a calendar month of such stretches.

    ``first_turn`` and ``last_turn`` are 0 for a month; ``characters`` is how much was said.
    """

    __tablename__ = "gist"
    __table_args__ = (CheckConstraint("kind IN ('session', 'month')"), KEPT_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    month: Mapped[str] = mapped_column(String(7), index=True)
    conversation_id: Mapped[int | None] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), index=True
    )
    first_turn: Mapped[int]
    last_turn: Mapped[int]
    began: Mapped[datetime]
    ended: Mapped[datetime]
    characters: Mapped[int]


class GistLineRow(Base):
    """A place in a message: the words stay where they were said."""

    __tablename__ = "gist_line"

    gist_id: Mapped[int] = mapped_column(ForeignKey("gist.id", ondelete="CASCADE"), primary_key=True)
    turn_id: Mapped[int] = mapped_column(
        ForeignKey("turn.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    span_start: Mapped[int] = mapped_column(primary_key=True)
    span_end: Mapped[int]
    weight: Mapped[float]


class OutboxRow(Base):
    """Work for the owner of the vector index: read the item again, or drop it if it is gone."""

    __tablename__ = "outbox"
    __table_args__ = KEPT_IDS

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    item_id: Mapped[int]


class NightRow(Base):
    __tablename__ = "night"
    __table_args__ = KEPT_IDS

    id: Mapped[int] = mapped_column(primary_key=True)
    started: Mapped[datetime]
    ended: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(16))
    base_sha256: Mapped[str]
    adapter: Mapped[str]
    adapter_sha256: Mapped[str]
    scale: Mapped[float]
    examined_scale: Mapped[float]
    sentence: Mapped[str]
    report: Mapped[str]


class NightFactRow(Base):
    __tablename__ = "night_fact"

    night_id: Mapped[int] = mapped_column(ForeignKey("night.id", ondelete="CASCADE"), primary_key=True)
    fact_id: Mapped[int] = mapped_column(
        ForeignKey("fact.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class NightItemRow(Base):
    __tablename__ = "night_item"
    __table_args__ = KEPT_IDS

    id: Mapped[int] = mapped_column(primary_key=True)
    night_id: Mapped[int] = mapped_column(ForeignKey("night.id", ondelete="CASCADE"), index=True)
    fact_id: Mapped[int | None] = mapped_column(ForeignKey("fact.id", ondelete="CASCADE"), index=True)
    question: Mapped[str]
    answer: Mapped[str]
