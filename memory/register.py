"""The register of nights: what each was trained on, how it ended, what it is worn at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from memory.database import Database, now
from memory.records import MemoryRefused, Night, NightItem
from memory.rows import as_night_item, as_nights
from memory.schema import NightFactRow, NightItemRow, NightRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.orm import Session


class Register(Database):
    """The nights' part of the store."""

    def add_night(self, base_sha256: str = "", **values: Any) -> Night:
        """Open a night; it is ``selecting`` until told otherwise. Takes the fields of ``Night``."""
        start = {
            "started": now(),
            "state": "selecting",
            "base_sha256": base_sha256,
            "adapter": "",
            "adapter_sha256": "",
            "scale": 0.0,
            "examined_scale": 0.0,
            "sentence": "",
            "report": "",
        }
        facts = values.pop("facts", ())
        with self.write() as session:
            row = NightRow(**start | values)
            session.add(row)
            session.flush()
            _set_facts(session, row.id, facts)
            return as_nights(session, [row])[0]

    def update_night(self, night_id: int, **values: Any) -> Night:
        """Change fields of a night, all at once."""
        return self.update_nights({night_id: values})[0]

    def update_nights(self, changes: Mapping[int, Mapping[str, Any]]) -> list[Night]:
        """Change fields of several nights in one transaction: all of it happens, or nothing."""
        with self.write() as session:
            rows = [_change(session, night_id, dict(values)) for night_id, values in changes.items()]
            return as_nights(session, rows)

    def nights(self) -> list[Night]:
        """All nights, the newest first."""
        with self.read() as session:
            return as_nights(session, session.scalars(select(NightRow).order_by(NightRow.id.desc())).all())

    def night(self, night_id: int) -> Night:
        with self.read() as session:
            return as_nights(session, [_night(session, night_id)])[0]

    def add_night_items(self, night_id: int, items: Iterable[tuple[int | None, str, str]]) -> None:
        """Training items as (fact id or nothing, question, answer)."""
        with self.write() as session:
            _night(session, night_id)
            session.add_all(
                [
                    NightItemRow(night_id=night_id, fact_id=fact, question=question, answer=answer)
                    for fact, question, answer in items
                ]
            )

    def night_items(self, night_id: int) -> list[NightItem]:
        query = select(NightItemRow).where(NightItemRow.night_id == night_id).order_by(NightItemRow.id)
        with self.read() as session:
            return [as_night_item(row) for row in session.scalars(query)]

    def drop_night_items(self, night_id: int) -> None:
        """A night that dreams anew begins with none."""
        with self.write() as session:
            for row in session.scalars(select(NightItemRow).where(NightItemRow.night_id == night_id)):
                session.delete(row)


def _change(session: Session, night_id: int, values: dict[str, Any]) -> NightRow:
    facts = values.pop("facts", None)
    row = _night(session, night_id)
    for key, value in values.items():
        if key not in NightRow.__mapper__.columns or key == "id":
            raise TypeError(f"a night has no {key!r}")
        setattr(row, key, value)
    session.flush()
    if facts is not None:
        _set_facts(session, night_id, facts)
    return row


def _set_facts(session: Session, night_id: int, facts: Iterable[int]) -> None:
    for row in session.scalars(select(NightFactRow).where(NightFactRow.night_id == night_id)):
        session.delete(row)
    session.flush()
    session.add_all([NightFactRow(night_id=night_id, fact_id=fact) for fact in dict.fromkeys(facts)])
    session.flush()


def _night(session: Session, night_id: int) -> NightRow:
    row = session.get(NightRow, night_id)
    if row is None:
        raise MemoryRefused("That night is not in the register.")
    return row
