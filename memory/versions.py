"""Versions of a message: what it said before it was changed or answered again, with all that followed there.

A version stands in the ``place`` of the first one. While it is not shown it is ``away``: all messages that
were put away together bear the id of the version they were put away with, and come back with it. Recall,
search, gists and prompts know only what is shown; forgetting and exports reach everything.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import or_, select, update

from memory.gists import drop_gists
from memory.records import MemoryRefused
from memory.rows import among, is_shown, notify_index
from memory.schema import TurnRow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

NOT_SHOWN = "That message is not shown now: it belongs to an earlier version of this chat."


def make_way(session: Session, row: TurnRow) -> int:
    """Put a message away, with all that followed it; returns the place in which the new version stands."""
    if row.away is not None:
        raise MemoryRefused(NOT_SHOWN)
    followed = (TurnRow.conversation_id == row.conversation_id, TurnRow.id >= row.id, is_shown())
    _move(session, session.scalars(select(TurnRow.id).where(*followed)).all(), away=row.id)
    return row.place or row.id


def show(session: Session, row: TurnRow) -> None:
    """Bring a version back with what followed it, in place of the one that is shown."""
    if row.away is None:
        return
    shown = next((each for each in _standing_with(session, row) if each.away is None), None)
    if shown is None or row.away != row.id:
        raise MemoryRefused(NOT_SHOWN)
    make_way(session, shown)
    _move(session, _with(session, row), away=None)


def versions(session: Session, turns: Sequence[TurnRow]) -> dict[int, tuple[int, ...]]:
    """The ids of all versions, in the order they were made, of each of these turns that has several."""
    places = {row.place or row.id for row in turns}
    others = select(TurnRow.place, TurnRow.id).where(among(TurnRow.place, places)).order_by(TurnRow.id)
    found: dict[int, list[int]] = defaultdict(list)
    for place, turn in session.execute(others):
        found[place or 0].append(turn)
    return {row.id: (place, *found[place]) for row in turns if (place := row.place or row.id) in found}


def let_go(session: Session, turn_ids: Collection[int]) -> None:
    """These turns are about to be deleted: what followed one, or stood with it, takes its place.

    So no version is left that nobody can step to. Where a whole chat goes there is none to care for.
    """
    linked = or_(TurnRow.place.is_not(None), TurnRow.away.is_not(None), TurnRow.id.in_(select(TurnRow.place)))
    gone = among(TurnRow.id, turn_ids)
    chats = session.scalars(select(TurnRow.conversation_id).where(gone).distinct()).all()
    left = select(TurnRow.conversation_id).where(among(TurnRow.conversation_id, chats), ~gone).distinct()
    remain = among(TurnRow.conversation_id, session.scalars(left).all())
    rows = select(TurnRow).where(gone, linked, remain).order_by(TurnRow.id)
    for row in session.scalars(rows).all():
        _let_go(session, row, ~gone)


def _let_go(session: Session, row: TurnRow, stays: ColumnElement[bool]) -> None:
    others = [each for each in _standing_with(session, row) if each.id != row.id]
    together = TurnRow.away.is_(None) if row.away is None else TurnRow.away == row.away
    after = (TurnRow.conversation_id == row.conversation_id, TurnRow.id > row.id, together, stays)
    heir = session.scalars(select(TurnRow).where(*after).order_by(TurnRow.id).limit(1)).first()
    stay = list(others)
    if heir is not None:
        stay += _standing_with(session, heir) if others else []
        if row.away == row.id:
            _move(session, [turn for turn in _with(session, row) if turn != row.id], away=heir.id)
    elif others and row.away != row.id:
        _move(session, _with(session, others[-1]), away=row.away)
    first = min((each.id for each in stay), default=None)
    for each in stay:
        each.place = None if each.id == first else first
    row.place, row.away = None, row.id
    session.flush()


def _standing_with(session: Session, row: TurnRow) -> Sequence[TurnRow]:
    """All versions in the place of a turn, itself among them, in order."""
    place = row.place or row.id
    query = select(TurnRow).where(or_(TurnRow.id == place, TurnRow.place == place))
    return session.scalars(query.order_by(TurnRow.id)).all()


def _with(session: Session, row: TurnRow) -> Sequence[int]:
    """What was put away with a version, itself among it."""
    return session.scalars(select(TurnRow.id).where(TurnRow.away == row.id)).all()


def _move(session: Session, turn_ids: Iterable[int], away: int | None) -> None:
    ids = list(turn_ids)
    drop_gists(session, ids)
    moved = update(TurnRow).where(among(TurnRow.id, ids)).values(away=away)
    session.execute(moved, execution_options={"synchronize_session": False})
    session.expire_all()
    notify_index(session, "turn", ids)
