"""Changes of what is known: added, superseded, corrected, retracted, undone; never overwritten."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from memory import forget, journal, phrases, plans
from memory.changes import last, new_row, restore, retract, standing, write_down
from memory.database import now
from memory.known import Known, judged, local, row_of
from memory.rows import as_facts, image, notify_index
from memory.schema import FactRow, TurnRow
from memory.times import span_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.orm import Session

    from memory.decisions import Decision
    from memory.extract import Candidate
    from memory.records import Fact, FactState, Forgotten, Origin

OVER = frozenset({"retracted", "expired"})
EDITABLE = frozenset({"sentence", "topic", "valid_from", "valid_to", "confidence"})


class Facts(Known):
    """The facts' part of the store. Every change is one transaction and one step of undo."""

    def add(
        self,
        attribute: str,
        value: str,
        sentence: str = "",
        subject: str = "user",
        origin: Origin = "typed",
        turn_id: int | None = None,
        span: tuple[int, int] | None = None,
        confidence: float = 1.0,
        state: FactState = "current",
        valid_from: datetime | None = None,
        valid_to: datetime | None = None,
        topic: str = "",
        pinned: bool = False,
    ) -> Fact:
        row = new_row(attribute, value, sentence, subject, topic)
        row.origin, row.turn_id, row.confidence, row.state = origin, turn_id, confidence, state
        row.span_start, row.span_end = span or (None, None)
        row.valid_from, row.valid_to, row.pinned = valid_from, valid_to, pinned
        with self._store.write() as session:
            return _add(session, row)

    def learn(
        self,
        candidate: Candidate,
        turn_id: int,
        message: str,
        state: FactState = "current",
        when: datetime | None = None,
    ) -> Fact | None:
        """Take in what was noticed in a turn.

        Nothing when it was known already, or the turn says something else: it may be forgotten, or words in
        it, while it is read.
        """
        with self._store.write() as session:
            turn = session.get(TurnRow, turn_id)
            if turn is None or turn.text != message:
                return None
            decision = judged(session, candidate.attribute, candidate.value, message, when)
            if decision.action == "leave":
                return None
            old = row_of(session, decision.old.id) if decision.old is not None else None
            if decision.action == "end" and old is not None:
                return _end(session, old, when)
            row = _noticed(decision, candidate, turn_id, when)
            if decision.action == "supersede" and state == "current" and plans.is_ahead(row.valid_from):
                state = "planned"
            if old is not None and state == "current":
                return _supersede(session, old, row, refines=decision.action == "merge")
            row.state, row.pinned = state, False
            return _add(session, row)

    def supersede(
        self,
        old_id: int,
        value: str,
        attribute: str = "",
        sentence: str = "",
        origin: Origin = "typed",
        turn_id: int | None = None,
        span: tuple[int, int] | None = None,
        confidence: float = 1.0,
        valid_from: datetime | None = None,
        valid_to: datetime | None = None,
        refines: bool = False,
    ) -> Fact:
        """The world changed: a new row from now on, and the old one becomes history.

        What only ``refines`` the old value was true as long as that was.
        """
        with self._store.write() as session:
            old = last(session, old_id)
            row = new_row(attribute or old.attribute, value, sentence, old.subject, "")
            row.origin, row.turn_id, row.confidence = origin, turn_id, confidence
            row.span_start, row.span_end = span or (None, None)
            row.valid_from, row.valid_to = valid_from, valid_to
            return _supersede(session, old, row, refines)

    def edit(self, fact_id: int, corrects: bool = True, **changes: Any) -> Fact:
        """Change a fact. A new attribute or value makes a new row, and the old one is kept.

        A proposal goes on waiting, and what is over stays so: other words do not make it true now.

        Args:
            fact_id: the fact.
            corrects: the old value was never true (a slip), rather than true until now; what is over can
                only be corrected.
            changes: fields of ``Fact``.
        """
        unknown = set(changes) - EDITABLE - {"attribute", "value"}
        if unknown:
            raise TypeError(f"a fact has no editable {', '.join(sorted(unknown))}")
        with self._store.write() as session:
            old = last(session, fact_id)
            attribute = phrases.canonical(changes.pop("attribute", old.attribute))
            value = changes.pop("value", old.value).strip()
            before = image(old)
            if (attribute, value) == (old.attribute, old.value):
                _assign(old, changes)
                return _finish(session, f"edited: {old.sentence}", old, [(old, before)])
            over = old.state in OVER
            corrects = corrects or over
            row = new_row(attribute, value, "", old.subject, "")
            row.origin, row.turn_id, row.confidence = old.origin, old.turn_id, old.confidence
            row.span_start, row.span_end, row.pinned = None, None, old.pinned
            row.valid_from = old.valid_from if corrects else now()
            row.valid_to, row.retracted = (old.valid_to, old.retracted) if over else (None, None)
            _assign(row, changes)
            waits = old.state == "proposed"
            row.state = old.state if over or waits else standing(row, old.state == "planned")
            session.add(row)
            session.flush()
            never = old.valid_from or old.recorded
            plans.close(old, row, ended=never if corrects else now())
            return _finish(session, f"changed: {row.sentence}", row, [(old, before), (row, None)])

    def retract(self, fact_id: int) -> Fact:
        """No longer held true; a proposal is turned down."""
        return self._change(fact_id, "retracted", retract)

    def end(self, fact_id: int, when: datetime | None = None) -> Fact:
        """It was true until now, and nothing has taken its place."""
        with self._store.write() as session:
            return _end(session, row_of(session, fact_id), when)

    def restore(self, fact_id: int) -> Fact:
        """Take back a retraction, whatever else was changed since."""
        with self._store.write() as session:
            row = row_of(session, fact_id)
            before = image(row)
            restore(session, row)
            return _finish(session, f"restored: {row.sentence}", row, [(row, before)])

    def pin(self, fact_id: int, on: bool = True) -> Fact:
        """Keep a fact always in mind, or no longer."""

        def change(row: FactRow) -> None:
            row.pinned = on

        return self._change(fact_id, "pinned" if on else "unpinned", change)

    def accept(self, fact_id: int) -> Fact:
        """A proposal is right: it takes the place of what it contradicts, now or when its day comes."""
        with self._store.write() as session:
            row = row_of(session, fact_id)
            verb, changes = plans.settle(session, row, now())
            return _finish(session, f"{verb}: {row.sentence}", row, changes)

    def keep_time(self, when: datetime | None = None) -> int:
        """Begin what was planned until now, and end what is over (an appointment, a deadline); how many."""
        with self._store.write() as session:
            changed = plans.keep_time(session, when or now())
            notify_index(session, "fact", changed)
            return len(changed)

    def undo(self) -> str | None:
        """Take back the last change, of a fact or of a chat; says which."""
        with self._store.write() as session:
            sentence = journal.undo(session)
            return f"Undid: {sentence}" if sentence else None

    def redo(self) -> str | None:
        with self._store.write() as session:
            sentence = journal.redo(session)
            return f"Did again: {sentence}" if sentence else None

    def forget(self, fact_id: int, with_turns: bool = False) -> Forgotten:
        """Remove a fact from everywhere the store reaches; see ``memory.forget``."""
        return forget.forget_facts(self._store, [fact_id], with_turns)

    def _change(self, fact_id: int, verb: str, change: Callable[[FactRow], None]) -> Fact:
        with self._store.write() as session:
            row = row_of(session, fact_id)
            before = image(row)
            change(row)
            return _finish(session, f"{verb}: {row.sentence}", row, [(row, before)])


def _assign(row: FactRow, changes: dict[str, Any]) -> None:
    for key, value in changes.items():
        setattr(row, key, value)


def _noticed(decision: Decision, candidate: Candidate, turn_id: int, when: datetime | None) -> FactRow:
    times = _times(decision, candidate, when)
    sentence = candidate.sentence or times.get("sentence", "")
    row = new_row(decision.attribute or candidate.attribute, candidate.value, sentence)
    row.origin, row.turn_id, row.confidence = "said", turn_id, candidate.confidence
    row.span_start, row.span_end = candidate.start, candidate.end
    row.valid_from, row.valid_to = times["valid_from"], times.get("valid_to")
    return row


def _times(decision: Decision, candidate: Candidate, when: datetime | None) -> dict[str, Any]:
    """When it holds as columns; a sentence that would be wrong another day says so itself."""
    begins, ends = decision.span
    times: dict[str, Any] = {"valid_from": begins.astimezone(UTC) if begins else when}
    if ends is None:
        return times
    name = decision.attribute or candidate.attribute
    sentence = phrases.sentence_for(name, candidate.value)
    is_said = span_of(candidate.value, local(when)) is not None
    return times | {
        "valid_to": ends.astimezone(UTC),
        "sentence": sentence if is_said else phrases.with_time(sentence, begins, ends),
    }


def _add(session: Session, row: FactRow) -> Fact:
    session.add(row)
    return _finish(session, f"added: {row.sentence}", row, [(row, None)])


def _supersede(session: Session, old: FactRow, row: FactRow, refines: bool) -> Fact:
    before = image(old)
    row.state, row.pinned, row.valid_from = "current", old.pinned, row.valid_from or now()
    session.add(row)
    session.flush()
    plans.take_place(old, row, refines)
    return _finish(session, f"changed: {row.sentence}", row, [(old, before), (row, None)])


def _end(session: Session, row: FactRow, when: datetime | None) -> Fact:
    before = image(row)
    row.state, row.valid_to = "expired", when or now()
    return _finish(session, f"ended: {row.sentence}", row, [(row, before)])


def _finish(session: Session, sentence: str, row: FactRow, changes: Sequence[journal.Change]) -> Fact:
    write_down(session, sentence, changes)
    return as_facts(session, [row])[0]
