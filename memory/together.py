"""The same done to several facts, or several made one: one transaction, one step of undo."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from memory import journal, phrases, plans
from memory.changes import last, new_row, restore, retract, write_down
from memory.database import now
from memory.known import row_of
from memory.records import MemoryRefused, Step
from memory.rows import image

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy.orm import Session

    from memory.schema import FactRow
    from memory.store import Store

MERGED = frozenset({"current", "proposed", "planned"})
Done: TypeAlias = "tuple[str, list[journal.Change]]"  # a word for what was done, and the rows it changed


class Together:
    """Acts on many facts of a store at once; an empty step where none of them could be acted on."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def pin(self, fact_ids: Iterable[int], on: bool = True) -> Step:
        """Keep them always in mind, or no longer."""

        def change(session: Session, row: FactRow) -> Done:
            before = image(row)
            row.pinned = on
            return "pinned" if on else "unpinned", [(row, before)]

        return self._each(fact_ids, lambda row: row.pinned != on, change)

    def retract(self, fact_ids: Iterable[int]) -> Step:
        """They are no longer held true; proposals among them are turned down."""
        return self._each(fact_ids, lambda row: row.state in MERGED, _plainly("retracted", retract))

    def restore(self, fact_ids: Iterable[int]) -> Step:
        """Take back that they are no longer true."""
        return self._each(fact_ids, lambda row: row.state == "retracted", _restored)

    def accept(self, fact_ids: Iterable[int]) -> Step:
        """A yes to each proposal, in the order in which they were said: the last one holds."""
        moment = now()
        return self._each(
            fact_ids,
            lambda row: row.state == "proposed",
            lambda session, row: plans.settle(session, row, moment),
        )

    def merge(self, fact_ids: Sequence[int], keep: int = 0, attribute: str = "", value: str = "") -> Step:
        """Several that say the same become one, which takes the time of them all.

        Args:
            fact_ids: which; all of them must hold, be planned or wait.
            keep: the one whose words stay; without it, ``attribute`` and ``value`` make new words.
            attribute: what it is about.
            value: what is so.
        """
        with self._store.write() as session:
            rows = [last(session, fact_id) for fact_id in dict.fromkeys(fact_ids)]
            if len(rows) < 2 or any(row.state not in MERGED for row in rows):
                raise MemoryRefused("Choose two or more memories that are true now; those can become one.")
            changes: list[journal.Change] = [(row, image(row)) for row in rows]
            kept = _worded(rows, keep, attribute, value)
            if kept is None:
                kept = _new(rows, attribute, value)
                session.add(kept)
                session.flush()
                changes.append((kept, None))
            _gather(kept, rows)
            sentence = f"merged {len(rows)} facts into: {kept.sentence}"
            step = write_down(session, sentence, changes)
            others = [row.id for row in rows if row is not kept]
            return Step(step, sentence, (kept.id, *others))

    def take_back(self, step: int) -> str | None:
        """Undo this step, unless something else was changed since; says what it was."""
        with self._store.write() as session:
            return journal.undo(session, only=step)

    def _each(
        self,
        fact_ids: Iterable[int],
        meant: Callable[[FactRow], bool],
        change: Callable[[Session, FactRow], Done],
    ) -> Step:
        with self._store.write() as session:
            rows = [row_of(session, fact_id) for fact_id in sorted(set(fact_ids))]
            before: dict[int, journal.Change] = {}
            verbs: list[str] = []
            told: list[FactRow] = []
            for row in rows:
                if not meant(row):
                    continue
                verb, changes = change(session, row)
                session.flush()
                told.append(row)
                verbs.append(verb)
                for changed, old in changes:  # what changed twice goes back to what it was first
                    before.setdefault(image(changed)["id"], (changed, old))
            if not told:
                return Step(0, "", ())
            sentence = _sentence(verbs, told)
            step = write_down(session, sentence, list(before.values()))
            return Step(step, sentence, tuple(row.id for row in told))


def _restored(session: Session, row: FactRow) -> Done:
    before = image(row)
    restore(session, row)
    return "restored", [(row, before)]


def _plainly(verb: str, change: Callable[[FactRow], None]) -> Callable[[Session, FactRow], Done]:
    def done(_session: Session, row: FactRow) -> Done:
        before = image(row)
        change(row)
        return verb, [(row, before)]

    return done


def _sentence(verbs: Sequence[str], rows: Sequence[FactRow]) -> str:
    if len(rows) == 1:
        return f"{verbs[0]}: {rows[0].sentence}"
    verb = verbs[0] if len(set(verbs)) == 1 else "answered"
    return f"{verb} {len(rows)} facts"


def _worded(rows: Sequence[FactRow], keep: int, attribute: str, value: str) -> FactRow | None:
    """The fact whose words stay: the one that is named, or one that says just that already."""
    if keep:
        chosen = next((row for row in rows if row.id == keep), None)
        if chosen is None:
            raise MemoryRefused("What is kept must be one of those that become one.")
        return chosen
    wanted = (phrases.canonical(attribute), value.strip())
    return next((row for row in rows[::-1] if (row.attribute, row.value) == wanted), None)


def _new(rows: Sequence[FactRow], attribute: str, value: str) -> FactRow:
    """In words that the user typed; about the same one, if all of them are."""
    subjects = {row.subject for row in rows}
    made = new_row(attribute, value, subject=subjects.pop() if len(subjects) == 1 else "user")
    made.origin, made.confidence, made.state, made.pinned = "typed", 1.0, "current", False
    return made


def _gather(kept: FactRow, rows: Sequence[FactRow]) -> None:
    """It has held since the first of them did, and is pinned if one was; the others become its history."""
    begun = min(row.valid_from or row.recorded for row in rows)
    if begun < (kept.valid_from or kept.recorded):
        kept.valid_from = begun
    kept.pinned = any(row.pinned for row in rows)
    kept.state = "planned" if plans.is_ahead(kept.valid_from) else "current"
    for row in rows:
        if row is not kept:
            plans.close(row, kept, ended=row.valid_from or row.recorded)
