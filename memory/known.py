"""What is known about the user, read: what holds now, what held then, and what a new fact would change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, and_, or_, select

from memory import forget
from memory.database import now
from memory.decisions import Decision, bearing_on, decide
from memory.lexical import matching_facts
from memory.records import Fact, FactState, MemoryRefused
from memory.rows import among, as_facts
from memory.schema import FactRow, TurnRow

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

    from memory.extract import Candidate
    from memory.store import Store

AT_MOST, EVERY = 5000, 10**9  # facts in a list that is looked at, and in one that must be whole


class Known:
    """The facts of a store, to be looked at; ``memory.facts`` changes them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def facts(
        self, search: str = "", state: FactState | None = None, topic: str | None = None, limit: int = AT_MOST
    ) -> list[Fact]:
        """Facts, the newest first; with words, the best match first. No state means every state."""
        query = select(FactRow)
        if state is not None:
            query = query.where(FactRow.state == state)
        if topic is not None:
            query = query.where(FactRow.topic == topic)
        with self._store.read() as session:
            if not search.strip():
                return fetch(session, query.order_by(FactRow.id.desc()).limit(limit))
            ids = matching_facts(session, search, limit)
            place = {fact_id: rank for rank, fact_id in enumerate(ids)}
            found = fetch(session, query.where(among(FactRow.id, ids)))
            return sorted(found, key=lambda fact: place[fact.id])

    def current(self) -> list[Fact]:
        """Everything that is held true now."""
        return self.facts(state="current", limit=EVERY)

    def standing(self, attributes: Collection[str]) -> list[Fact]:
        """What is held true now and is pinned, or of these attributes, however much else is known."""
        slots = and_(FactRow.subject == "user", FactRow.attribute.in_(attributes))
        query = select(FactRow).where(FactRow.state == "current", or_(FactRow.pinned, slots))
        with self._store.read() as session:
            return fetch(session, query.order_by(FactRow.id))

    def topics(self) -> list[str]:
        with self._store.read() as session:
            return list(session.scalars(select(FactRow.topic).distinct().order_by(FactRow.topic)))

    def fact(self, fact_id: int) -> Fact:
        with self._store.read() as session:
            return as_facts(session, [row_of(session, fact_id)])[0]

    def from_turn(self, turn_id: int) -> list[Fact]:
        """What was noticed in one message."""
        with self._store.read() as session:
            return fetch(session, select(FactRow).where(FactRow.turn_id == turn_id).order_by(FactRow.id))

    def history(self, fact_id: int) -> list[Fact]:
        """A fact with everything it replaced and was replaced by, the oldest first."""
        with self._store.read() as session:
            ids = forget.lineage(session, [fact_id])
            return fetch(session, select(FactRow).where(among(FactRow.id, ids)).order_by(FactRow.id))

    def at(self, when: datetime, known: datetime | None = None) -> list[Fact]:
        """What was true at a moment; with ``known``, as far as it had been recorded by then."""
        begun = or_(FactRow.valid_from <= when, and_(FactRow.valid_from.is_(None), FactRow.recorded <= when))
        held = and_(begun, or_(FactRow.valid_to.is_(None), FactRow.valid_to > when))
        query = select(FactRow).where(held, FactRow.state != "proposed").order_by(FactRow.id)
        if known is not None:
            query = query.where(FactRow.recorded <= known)
        with self._store.read() as session:
            return fetch(session, query)

    def decide(self, candidate: Candidate, message: str = "", when: datetime | None = None) -> Decision:
        """What a newly noticed fact does to the known ones; ``when`` is the time of the message."""
        with self._store.read() as session:
            return judged(session, candidate.attribute, candidate.value, message, when)

    def would_replace(self, fact_id: int) -> tuple[Fact | None, bool]:
        """The fact whose place a proposal would take, and whether it only says it more precisely."""
        with self._store.read() as session:
            decision = decided(session, row_of(session, fact_id))
        replaces = decision.action in {"supersede", "merge"}
        return (decision.old if replaces else None), decision.action == "merge"


def decided(session: Session, row: FactRow) -> Decision:
    """What a proposal does to what is known, judged by the message that told it."""
    turn = session.get(TurnRow, row.turn_id) if row.turn_id is not None else None
    said = turn.text if turn is not None else ""
    return judged(session, row.attribute, row.value, said, row.recorded)


def judged(session: Session, attribute: str, value: str, message: str, when: datetime | None) -> Decision:
    """What a candidate does to what is known."""
    known = known_beside(session, attribute, value, message)
    return decide(known, attribute, value, message, local(when))


def known_beside(session: Session, attribute: str, value: str, message: str) -> list[Fact]:
    """The current facts that can make a difference to ``decide``: few, however much else is known."""
    held = (FactRow.subject == "user", FactRow.state == "current")
    bears = bearing_on(attribute, value, message)
    attributes = session.scalars(select(FactRow.attribute).where(*held).distinct())
    names = [name for name in attributes if bears(name)]
    query = select(FactRow).where(*held, among(FactRow.attribute, names))
    return fetch(session, query.order_by(FactRow.id.desc()))


def local(when: datetime | None) -> datetime:
    """The user's own time, in which a day is a day; without a zone, so that clocks may change meanwhile."""
    return (when or now()).astimezone().replace(tzinfo=None)


def fetch(session: Session, query: Select[FactRow]) -> list[Fact]:
    return as_facts(session, session.scalars(query).all())


def row_of(session: Session, fact_id: int) -> FactRow:
    row = session.get(FactRow, fact_id)
    if row is None:
        raise MemoryRefused("That memory is no longer there: it was forgotten.")
    return row
