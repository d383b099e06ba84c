"""Gists of sessions and months: made when all is quiet, linked to the messages that they stand for.

A gist keeps no words, only places in messages: what is forgotten there is gone here, and a gist that rested
on it is dropped and made anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, or_, select

from memory.condense import SHARE, SHORTEST_MONTH, SHORTEST_SESSION, choose, lines_of, stretches
from memory.database import now
from memory.outbox import RECALLED_STATES
from memory.rows import among, as_gists, as_turn, is_open, is_shown
from memory.schema import ConversationRow, FactRow, GistLineRow, GistRow, TurnRow

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from memory.ports import Reader
    from memory.records import Gist, GistLine, Turn
    from memory.store import Store

MOST = 8  # sessions made at once: a large import is condensed over many quiet moments
AT_ONCE = 1000  # turns of a conversation that are looked at


class Gists:
    """The gists of one store. Only remembered chats that were not put away have any."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def make(
        self,
        reader: Reader,
        length: int,
        moment: datetime | None = None,
        give_way: Callable[[], bool] = lambda: False,
        most: int = MOST,
    ) -> int:
        """Condense what is over: some sessions, or, once they all are, the months. Returns how many.

        Args:
            reader: marks what a message tells.
            length: characters after which a long session is cut.
            moment: until when.
            give_way: asked before every message; true ends it, and what was begun is done again.
            most: sessions at once.
        """
        moment, made = moment or now(), 0
        changed: set[int] = set()  # chats: what follows in one would hide for good what was not kept
        for turns in self._waiting(length, moment):
            if turns[0].conversation_id in changed:
                continue
            if made >= most or (lines := self._condensed(turns, reader, give_way)) is None:
                return made
            if self._keep(turns, lines):
                made += 1
            else:
                changed.add(turns[0].conversation_id)
        return made + self._make_months(month_of(moment))

    def of(self, conversation_id: int) -> list[Gist]:
        """The session gists of one chat, in order."""
        with self._store.read() as session:
            return _gists(session, GistRow.conversation_id == conversation_id)

    def all(self) -> list[Gist]:
        """Every gist: by month, the month's own before those of its sessions."""
        with self._store.read() as session:
            return sorted(_gists(session), key=lambda gist: (gist.month, gist.kind, gist.began, gist.id))

    def _waiting(self, length: int, moment: datetime) -> Iterator[list[Turn]]:
        with self._store.read() as session:
            chats = _with_something_new(session)
        for chat, done in chats:
            query = select(TurnRow).where(TurnRow.conversation_id == chat, TurnRow.id > done, is_shown())
            with self._store.read() as session:
                rows = session.scalars(query.order_by(TurnRow.id).limit(AT_ONCE)).all()
                turns = [as_turn(row) for row in rows]
            yield from stretches(turns, length, moment)

    def _condensed(
        self, turns: Sequence[Turn], reader: Reader, give_way: Callable[[], bool]
    ) -> list[GistLine] | None:
        with self._store.read() as session:
            facts = _places_of_facts(session, turns)
        lines: list[GistLine] = []
        for turn in turns:
            if give_way():
                return None
            if turn.speaker == "user" and not turn.name:
                lines += lines_of(turn, reader, facts[turn.id])
        return choose(lines, max(SHARE * _length(turns), SHORTEST_SESSION))

    def _keep(self, turns: Sequence[Turn], lines: Sequence[GistLine]) -> bool:
        with self._store.write() as session:
            if not _is_as_it_was(session, turns):  # forgotten or changed meanwhile: the next time
                return False
            row = GistRow(
                kind="session",
                month=month_of(turns[0].created),
                conversation_id=turns[0].conversation_id,
                first_turn=turns[0].id,
                last_turn=turns[-1].id,
                began=turns[0].created,
                ended=turns[-1].created,
                characters=_length(turns),
            )
            _drop_months(session, [row.month])
            _add(session, row, lines)
            return True

    def _make_months(self, current: str) -> int:
        """A month is condensed when it is over; anew when a session is added to it or lost.

        So it is when a chat was put away or brought back, which is seen from how much it stands for.
        """
        with self._store.write() as session:
            months = _stale_months(session, current)
            _drop_months(session, months)
            for month in months:
                sessions = _gists(session, GistRow.month == month)
                lines = [line for gist in sessions for line in gist.lines]
                length = sum(gist.characters for gist in sessions)
                row = GistRow(
                    kind="month",
                    month=month,
                    first_turn=0,
                    last_turn=0,
                    began=min((gist.began for gist in sessions), default=now()),
                    ended=max((gist.ended for gist in sessions), default=now()),
                    characters=length,
                )
                _add(session, row, choose(lines, max(SHARE**2 * length, SHORTEST_MONTH)))
            return len(months)


def month_of(when: datetime) -> str:
    """The calendar month of a moment on this machine's clock: "2026-05"."""
    return f"{when.astimezone():%Y-%m}"


def drop_gists(session: Session, turn_ids: Collection[int]) -> None:
    """Take away every gist that rests on these messages, those after it in its chat and its month's.

    They are made anew from what is left; to be called while the messages are still there.
    """
    first = (
        select(TurnRow.conversation_id, func.min(TurnRow.id))
        .where(among(TurnRow.id, turn_ids))
        .group_by(TurnRow.conversation_id)
    )
    for conversation_id, turn in session.execute(first).all():
        rests = (GistRow.conversation_id == conversation_id, GistRow.last_turn >= turn)
        _drop_months(session, session.scalars(select(GistRow.month).where(*rests)).all())
        session.execute(delete(GistRow).where(*rests))


def _drop_months(session: Session, months: Iterable[str]) -> None:
    session.execute(delete(GistRow).where(GistRow.kind == "month", GistRow.month.in_(set(months))))


def _with_something_new(session: Session) -> list[tuple[int, int]]:
    """Chats with turns after their last gist, the latest first, and the last turn of that gist."""
    newest = select(func.max(TurnRow.id)).where(TurnRow.conversation_id == ConversationRow.id, is_shown())
    condensed = select(func.max(GistRow.last_turn)).where(GistRow.conversation_id == ConversationRow.id)
    done = func.coalesce(condensed.scalar_subquery(), 0)
    query = (
        select(ConversationRow.id, done)
        .where(is_open(), newest.scalar_subquery() > done)
        .order_by(ConversationRow.updated.desc(), ConversationRow.id.desc())
    )
    return [(chat, last) for chat, last in session.execute(query)]


def _stale_months(session: Session, current: str) -> list[str]:
    """Months before this one with no gist, or one of another length than their sessions have together."""
    months = session.scalars(select(GistRow.month).distinct().where(GistRow.month < current))
    told = select(GistRow.month, func.sum(GistRow.characters)).group_by(GistRow.month)
    done = dict(session.execute(told.where(GistRow.kind == "month")).all())
    sessions = dict(session.execute(told.join(ConversationRow).where(is_open())).all())
    return [month for month in months if done.get(month) != sessions.get(month, 0)]


def _places_of_facts(session: Session, turns: Sequence[Turn]) -> dict[int, list[tuple[int, int]]]:
    places: dict[int, list[tuple[int, int]]] = {turn.id: [] for turn in turns}
    query = select(FactRow.turn_id, FactRow.span_start, FactRow.span_end).where(
        among(FactRow.turn_id, places),
        FactRow.state.in_(RECALLED_STATES),
        FactRow.span_end.is_not(None),
    )
    for turn, start, end in session.execute(query):
        if turn is not None and start is not None and end is not None:
            places[turn].append((start, end))
    return places


def _is_as_it_was(session: Session, turns: Sequence[Turn]) -> bool:
    chat = session.get(ConversationRow, turns[0].conversation_id)
    if chat is None or chat.deleted is not None or not chat.remembered:
        return False
    query = select(TurnRow.id, TurnRow.text).where(among(TurnRow.id, [turn.id for turn in turns]), is_shown())
    return dict(session.execute(query).all()) == {turn.id: turn.text for turn in turns}


def _add(session: Session, row: GistRow, lines: Sequence[GistLine]) -> None:
    session.add(row)
    session.flush()
    for line in lines:
        place = {"turn_id": line.turn_id, "span_start": line.start, "span_end": line.end}
        session.add(GistLineRow(gist_id=row.id, weight=line.weight, **place))


def _gists(session: Session, *which: ColumnElement[bool]) -> list[Gist]:
    """Gists in the order of their stretches; none of a chat that was put away or is not remembered."""
    query = (
        select(GistRow)
        .outerjoin(ConversationRow)
        .where(or_(GistRow.conversation_id.is_(None), is_open()), *which)
        .order_by(GistRow.last_turn, GistRow.id)
    )
    return as_gists(session, session.scalars(query).all())


def _length(turns: Sequence[Turn]) -> int:
    return sum(len(turn.text) for turn in turns)
