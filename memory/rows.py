"""Rows to records and back to JSON: the only place where the two meet."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, cast

from sqlalchemy import and_, func, insert, inspect, select

from memory.records import (
    Conversation,
    Fact,
    FactState,
    Gist,
    GistLine,
    Night,
    NightItem,
    NightState,
    Origin,
    Speaker,
    Turn,
    TurnState,
)
from memory.schema import (
    Base,
    ConversationRow,
    FactRow,
    GistLineRow,
    GistRow,
    NightFactRow,
    NightItemRow,
    NightRow,
    OutboxRow,
    TurnRow,
    UtcDateTime,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import InstrumentedAttribute, Session

QUOTE_REACH = 100  # characters of context on either side of a fact's span


def as_turn(row: TurnRow, versions: Sequence[int] = ()) -> Turn:
    return Turn(
        id=row.id,
        conversation_id=row.conversation_id,
        speaker=cast("Speaker", row.speaker),
        text=row.text,
        created=row.created,
        state=cast("TurnState", row.state),
        notes=tuple(row.notes),
        worn=tuple(row.worn),
        thumb=row.thumb,
        name=row.name,
        imported=row.imported,
        versions=tuple(versions),
    )


def as_conversations(session: Session, rows: Sequence[ConversationRow]) -> list[Conversation]:
    """Conversations with how many turns each shows."""
    counts = dict(
        session.execute(
            select(TurnRow.conversation_id, func.count())
            .where(among(TurnRow.conversation_id, [row.id for row in rows]), is_shown())
            .group_by(TurnRow.conversation_id)
        ).all()
    )
    return [
        Conversation(
            row.id,
            row.title,
            row.created,
            row.updated,
            row.remembered,
            counts.get(row.id, 0),
            row.folder,
            row.pinned,
        )
        for row in rows
    ]


def as_facts(session: Session, rows: Sequence[FactRow]) -> list[Fact]:
    """Facts with their quotes and the nights that learned them."""
    turn_ids = {row.turn_id for row in rows if row.turn_id is not None}
    turns = {turn.id: turn for turn in session.scalars(select(TurnRow).where(among(TurnRow.id, turn_ids)))}
    nights: dict[int, list[int]] = {}
    learned = select(NightFactRow.fact_id, NightFactRow.night_id).where(
        among(NightFactRow.fact_id, [row.id for row in rows])
    )
    for fact_id, night_id in session.execute(learned.order_by(NightFactRow.night_id)):
        nights.setdefault(fact_id, []).append(night_id)
    return [
        _as_fact(row, turns.get(row.turn_id) if row.turn_id else None, nights.get(row.id, ())) for row in rows
    ]


def _as_fact(row: FactRow, turn: TurnRow | None, nights: Iterable[int]) -> Fact:
    has_span = turn is not None and row.span_start is not None and row.span_end is not None
    span = (row.span_start or 0, row.span_end or 0) if has_span else None
    return Fact(
        id=row.id,
        subject=row.subject,
        attribute=row.attribute,
        value=row.value,
        sentence=row.sentence,
        state=cast("FactState", row.state),
        origin=cast("Origin", row.origin),
        topic=row.topic,
        confidence=row.confidence,
        pinned=row.pinned,
        recorded=row.recorded,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        retracted=row.retracted,
        superseded_by=row.superseded_by,
        turn_id=row.turn_id,
        conversation_id=turn.conversation_id if turn else None,
        span=span,
        quote=excerpt(turn.text, span) if turn and span else "",
        nights=tuple(nights),
    )


def excerpt(text: str, span: tuple[int, int]) -> str:
    """The words around a span, cut at spaces, in one line."""
    start, end = max(0, span[0] - QUOTE_REACH), min(len(text), span[1] + QUOTE_REACH)
    if start > 0:
        start = text.find(" ", start, span[0]) + 1 or span[0]
    if end < len(text):
        end = max(text.rfind(" ", span[1], end), span[1])
    cut = " ".join(text[start:end].split())
    return ("… " if start > 0 else "") + cut + (" …" if end < len(text) else "")


def as_gists(session: Session, rows: Sequence[GistRow]) -> list[Gist]:
    """Gists with their lines, as far as those may be shown."""
    lines: dict[int, list[GistLine]] = {}
    query = (
        select(GistLineRow, TurnRow.text, TurnRow.created)
        .join(TurnRow, TurnRow.id == GistLineRow.turn_id)
        .join(ConversationRow)
        .where(among(GistLineRow.gist_id, [row.id for row in rows]), is_open())
    )
    for row, text, when in session.execute(query.order_by(GistLineRow.turn_id, GistLineRow.span_start)):
        words = " ".join(text[row.span_start : row.span_end].split())
        line = GistLine(row.turn_id, row.span_start, row.span_end, row.weight, words, when)
        lines.setdefault(row.gist_id, []).append(line)
    return [
        Gist(
            id=row.id,
            kind=cast("Literal['session', 'month']", row.kind),
            month=row.month,
            began=row.began,
            ended=row.ended,
            characters=row.characters,
            conversation_id=row.conversation_id,
            turns=(row.first_turn, row.last_turn),
            lines=tuple(lines.get(row.id, ())),
        )
        for row in rows
    ]


def is_open() -> ColumnElement[bool]:
    """A conversation that is remembered and was not put away: its words may be found outside it."""
    return and_(ConversationRow.deleted.is_(None), ConversationRow.remembered)


def is_shown() -> ColumnElement[bool]:
    """A turn that stands in its chat now, and not in an earlier version of it."""
    return TurnRow.away.is_(None)


def as_nights(session: Session, rows: Sequence[NightRow]) -> list[Night]:
    facts: dict[int, list[int]] = {}
    learned = select(NightFactRow.night_id, NightFactRow.fact_id).where(
        among(NightFactRow.night_id, [row.id for row in rows])
    )
    for night_id, fact_id in session.execute(learned.order_by(NightFactRow.fact_id)):
        facts.setdefault(night_id, []).append(fact_id)
    return [
        Night(
            id=row.id,
            started=row.started,
            ended=row.ended,
            state=cast("NightState", row.state),
            base_sha256=row.base_sha256,
            adapter=row.adapter,
            adapter_sha256=row.adapter_sha256,
            scale=row.scale,
            examined_scale=row.examined_scale,
            facts=tuple(facts.get(row.id, ())),
            sentence=row.sentence,
            report=row.report,
        )
        for row in rows
    ]


def as_night_item(row: NightItemRow) -> NightItem:
    return NightItem(row.id, row.night_id, row.fact_id, row.question, row.answer)


def image(row: Base) -> dict[str, Any]:
    """A row as plain JSON."""
    values = {attribute.key: getattr(row, attribute.key) for attribute in inspect(type(row)).column_attrs}
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in values.items()}


def from_image(kind: type[Base], values: dict[str, Any]) -> dict[str, Any]:
    """The values of an image, as the columns of ``kind`` want them; unknown keys are left out."""
    ready = {}
    for attribute in inspect(kind).column_attrs:
        if attribute.key in values:
            value = values[attribute.key]
            is_time = isinstance(attribute.columns[0].type, UtcDateTime)
            ready[attribute.key] = datetime.fromisoformat(value) if is_time and value else value
    return ready


def among(column: InstrumentedAttribute[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """``column IN values``, however many: as parameters of their own SQLite takes some thousands at most."""
    listed = func.json_each(json.dumps(list(values))).table_valued("value")
    return column.in_(select(listed.c.value))


def notify_index(session: Session, kind: str, ids: Iterable[int]) -> None:
    """Tell the owner of the vector index that these items changed."""
    if work := [{"kind": kind, "item_id": item} for item in ids]:
        session.execute(insert(OutboxRow), work)
