"""What is never used comes to rest: it leaves the vector index, and nothing else.

Freeing what is used least is the Differentiable Neural Computer's idea (see docs/lineage.md). Here nothing is
lost by it: what rests stays in the store, in Memories and in the search by words, where a question that holds
all its words finds it still. It wakes as soon as a reply uses it, or when it is edited or pinned. No row says
what rests: that follows from the store, so there is nothing to keep right, to forget or to carry over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum
from typing import TYPE_CHECKING, Literal

from sqlalchemy import select

from memory.database import now
from memory.outbox import indexed_facts, indexed_turns
from memory.profile import attributes
from memory.schema import FactRow, RevisionRow, TurnRow
from memory.usage import uses

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from memory.store import Store

RECENT = timedelta(days=90)
OVER = ("superseded", "expired")


class Sort(IntEnum):
    """What is missed least comes to rest first."""

    HISTORY = 0
    REPLY = 1
    MESSAGE = 2
    FACT = 3


WHAT = {
    Sort.HISTORY: "Something else took its place, or its time is over",
    Sort.REPLY: "Dormouse said it",
    Sort.MESSAGE: "It was said",
    Sort.FACT: "It was noticed",
}


@dataclass(frozen=True, slots=True)
class Item:
    """What can have a vector.

    ``when`` is the last time that the user had to do with it, ``used`` how many replies rested on it, and
    ``kept`` says that it is pinned, always in mind or still to come.
    """

    kind: Literal["turn", "fact"]
    id: int
    sort: Sort
    when: datetime
    confidence: float = 1.0
    used: int = 0
    kept: bool = False


def at_rest(items: Iterable[Item], capacity: int, moment: datetime) -> list[Item]:
    """What rests, the least needed first: as many as are over the capacity, and none that ``stays``. Pure."""
    everything = list(items)
    free = sorted((item for item in everything if not stays(item, moment)), key=_need)
    return free[: max(0, len(everything) - capacity)]


def stays(item: Item, moment: datetime) -> bool:
    """Whether it never rests, however much there is: it is kept, was used, or is recent."""
    return item.kept or item.used > 0 or item.when > moment - RECENT


def why(item: Item) -> str:
    """Why it rests, in a sentence."""
    sure = f", and with little certainty ({item.confidence:.0%})" if item.confidence < 1 else ""
    since = f"{item.when:%Y-%m-%d}"
    return f"{WHAT[item.sort]}{sure}; no reply has ever used it, and nobody touched it since {since}."


def resting(store: Store, capacity: int, moment: datetime | None = None) -> list[Item]:
    """What of a store rests now; quick as long as there is room for all."""
    moment = moment or now()
    if sum(store.indexed(kind) for kind in ("turn", "fact")) <= capacity:
        return []
    with store.read() as session:
        return at_rest([*_turns(session), *_facts(session, moment)], capacity, moment)


def by_kind(items: Iterable[Item]) -> dict[str, frozenset[int]]:
    """Their ids, as the index takes them."""
    ids: dict[str, set[int]] = {"turn": set(), "fact": set()}
    for item in items:
        ids[item.kind].add(item.id)
    return {kind: frozenset(those) for kind, those in ids.items()}


def _turns(session: Session) -> list[Item]:
    used = uses(session)["turn"]
    rows = session.execute(indexed_turns(TurnRow.id, TurnRow.created, TurnRow.speaker, TurnRow.name))
    return [
        Item("turn", turn, _sort(speaker, name), when, used=used.get(turn, 0))
        for turn, when, speaker, name in rows
    ]


def _sort(speaker: str, name: str) -> Sort:
    return Sort.MESSAGE if name or speaker == "user" else Sort.REPLY


def _facts(session: Session, moment: datetime) -> list[Item]:
    used, touched, standing = uses(session)["fact"], _touched(session, moment - RECENT), set(attributes())
    return [
        Item(
            "fact",
            row.id,
            Sort.HISTORY if row.state in OVER else Sort.FACT,
            touched.get(row.id, row.recorded),
            row.confidence,
            used.get(row.id, 0),
            kept=row.pinned or row.state == "planned" or _is_standing(row, standing),
        )
        for row in session.scalars(indexed_facts(FactRow))
    ]


def _is_standing(row: FactRow, attributes: Collection[str]) -> bool:
    return row.state == "current" and row.subject == "user" and row.attribute in attributes


def _touched(session: Session, since: datetime) -> dict[int, datetime]:
    """When the user last changed a fact, as far as that was since a moment."""
    rows = session.scalars(select(RevisionRow).where(RevisionRow.at > since, ~RevisionRow.undone))
    return {entry["id"]: row.at for row in rows for entry in row.images if entry["kind"] == "fact"}


def _need(item: Item) -> tuple[Sort, float, datetime, str, int]:
    return (item.sort, item.confidence, item.when, item.kind, item.id)
