"""What an export holds and what is here already: the same thing is not taken in twice.

A conversation is the same when it began at the same moment with the same message. Where the file goes on
after the last message that is here, the rest is added; where the two part, it stays as it is here. A fact
is the same when its words and the moment it was recorded are; a night, when it began at the same moment.
What is here wins, but for a fact that the file has since replaced by one that was not here yet.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import func, select, update

from memory.imports.marks import salted, secrets_of
from memory.lines import BY_NAME
from memory.outlines import LeftOut, matches, utc
from memory.rows import among, from_image
from memory.schema import ConversationRow, FactRow, NightRow, SecretRow, SourceRow, TurnRow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.orm import Session

    from memory.lines import Line
    from memory.outlines import Outline

OVER = ("kept", "cancelled", "failed", "undone")  # the states of nights that nothing more happens to
STANDING = ("current", "planned", "proposed")  # the states of facts that another may still take the place of
POINTERS = {
    "conversation_id": "conversation",
    "turn_id": "turn",
    "fact_id": "fact",
    "night_id": "night",
}
BATCH = 500  # rows
NOTE = re.compile(r"(fact|turn):([0-9]{1,18})")

Values: TypeAlias = "dict[str, Any]"


class Merging:
    """One file on its way into the database, within one transaction.

    Args:
        session: the transaction.
        there: the file's conversations.
    """

    def __init__(self, session: Session, there: dict[int, Outline]) -> None:
        self._session, self._matches = session, matches(session, there)
        self._ids: dict[str, dict[int, int]] = defaultdict(dict)
        self._newest = {name: _newest(session, name) for name in ("conversation", "fact", "night")}
        self._waiting: dict[int, Any] = {}  # rows of one table that have no id yet, by their numbers
        self._table = ""
        self._replaced: list[tuple[int, Values]] = []
        self._noted: list[int] = []  # replies that were given notes
        self._versions: list[Line] = []  # turns that have a place among versions
        self._is_salted = False  # whether the file brings the secret of its sources
        self._pairs: set[tuple[Any, ...]] = set()  # keys of rows without an id
        self._finders: dict[str, Callable[[Values], int | None]] = {
            "conversation": self._conversation,
            "turn": self._turn,
            "secret": self._secret,
            "source": self._source,
            "fact": self._fact,
            "night": self._night,
            "night_fact": self._night_fact,
            "night_item": self._night_item,
        }
        self.new: dict[str, list[int]] = defaultdict(list)
        self.ended: list[int] = []
        self.known = 0
        self.grown: set[int] = set()

    def take(self, line: Line) -> None:
        """Add one row, unless it is here already."""
        if line.table != self._table or len(self._waiting) >= BATCH:
            self._settle()
            self._table = line.table
        number, ids = line.values.get("id"), self._ids[line.table]
        if number in ids or number in self._waiting:
            raise line.refused("has a number that stood before")
        try:
            here = self._finders[line.table](line.values)
        except LeftOut:
            return
        if here is not None:
            ids[line.values["id"]] = here
        else:
            self._add(line)
        if line.values.get("place") is not None or line.values.get("away") is not None:
            self._versions.append(line)
        if line.values.get("superseded_by") is not None:
            self._replaced.append((line.values["id"], line.values))

    def _settle(self) -> None:
        """Write what is waiting, so that it has ids: many rows at once, which is much quicker."""
        self._session.flush()
        for number, row in self._waiting.items():
            self._ids[self._table][number] = row.id
            self.new[self._table].append(row.id)
        self._waiting.clear()

    def finish(self) -> None:
        """What points forward, once all is there."""
        self._settle()
        for number, values in self._replaced:
            row = self._session.get_one(FactRow, self._ids["fact"][number])
            self._replace(row, values, self._ids["fact"].get(values["superseded_by"]))
        for number in self._noted:
            turn = self._session.get_one(TurnRow, self._ids["turn"][number])
            turn.notes = self._renamed(turn.notes)
        self._show_as_there()

    def _show_as_there(self) -> None:
        """In what is new or has grown, the versions stand as in the file."""
        as_here = (
            update(TurnRow).where(among(TurnRow.conversation_id, self.grown)).values(place=None, away=None)
        )
        self._session.execute(as_here, execution_options={"synchronize_session": False})
        self._session.expire_all()
        for line in self._versions:
            row = self._session.get_one(TurnRow, self._ids["turn"][line.values["id"]])
            if row.conversation_id in self.grown or self._is_new("conversation", row.conversation_id):
                row.place, row.away = (self._version(line, row, key) for key in ("place", "away"))

    def _version(self, line: Line, row: TurnRow, key: str) -> int | None:
        if line.values.get(key) is None:
            return None
        other = self._session.get(TurnRow, self._ids["turn"].get(line.values[key], 0))
        if other is None or other.conversation_id != row.conversation_id or other.id > row.id:
            raise line.refused("points at something that is not in it")
        return other.id

    def _replace(self, row: FactRow, values: Values, successor: int | None) -> None:
        if self._is_new("fact", row.id):
            row.superseded_by = successor
        elif self._is_new("fact", successor) and row.state in STANDING and row.superseded_by is None:
            ended = from_image(FactRow, {"valid_to": values.get("valid_to")})
            row.state, row.valid_to, row.superseded_by = values["state"], ended["valid_to"], successor
            self.ended.append(row.id)

    def _renamed(self, notes: Sequence[str]) -> list[str]:
        """What a reply was given is named by id: name it by the new ones."""
        named = [match.groups() for match in map(NOTE.fullmatch, notes) if match]
        pairs = [(kind, self._ids[kind].get(int(item))) for kind, item in named]
        return [f"{kind}:{item}" for kind, item in pairs if item is not None]

    def _add(self, line: Line) -> None:
        table, values = BY_NAME[line.table], dict(line.values)
        values.pop("id", None)
        for later in ("superseded_by", "place", "away"):  # they may point at what is not here yet
            values.pop(later, None)
        self._point(line, values)
        if line.table == "night":
            _make_history(values)
        if line.table == "turn":
            values["imported"] = True
            self._count_grown(values["conversation_id"])
            self._noted += [line.values["id"]] if values["notes"] else []
        row = table(**from_image(table, values))
        self._session.add(row)
        if "id" in line.values:
            self._waiting[line.values["id"]] = row

    def _point(self, line: Line, values: Values) -> None:
        columns = BY_NAME[line.table].__table__.columns
        for column in POINTERS.keys() & values.keys():
            if values[column] is not None:
                values[column] = self._ids[POINTERS[column]].get(values[column])
            if values[column] is None and not columns[column].nullable:
                raise line.refused("points at something that is not in it")

    def _count_grown(self, conversation_id: int) -> None:
        if not self._is_new("conversation", conversation_id):
            self.grown.add(conversation_id)

    def _is_new(self, table: str, row_id: int | None) -> bool:
        return row_id is not None and row_id > self._newest[table]

    # What of the file is here: its id, or None when it is to be added.

    def _conversation(self, values: Values) -> int | None:
        match = self._matches.get(values["id"])
        self.known += match is not None
        return match.conversation_id if match else None

    def _turn(self, values: Values) -> int | None:
        match = self._matches.get(values["conversation_id"])
        return match.next_turn() if match else None

    def _secret(self, values: Values) -> int | None:
        self._is_salted = True
        return self._session.scalar(select(SecretRow.id).where(SecretRow.value == values["value"]))

    def _source(self, values: Values) -> None:
        if not self._is_salted:  # of a version that had no secret
            secret = secrets_of(self._session)[0]
            values["key"] = salted(secret, values["key"])
            values["turns"] = [salted(secret, mark) for mark in values["turns"]]
        self._only_once("source", values["kind"], values["key"])
        row = self._session.get(SourceRow, (values["kind"], values["key"]))
        if row is None:
            return
        if row.conversation_id == self._ids["conversation"].get(values["conversation_id"]):
            row.turns = list(dict.fromkeys([*row.turns, *values["turns"]]))
        raise LeftOut

    def _fact(self, values: Values) -> int | None:
        query = select(FactRow.id).where(
            FactRow.attribute == values["attribute"],
            FactRow.subject == values["subject"],
            FactRow.value == values["value"],
            FactRow.recorded == utc(values["recorded"]),
            FactRow.id <= self._newest["fact"],
        )
        return self._session.scalar(query.order_by(FactRow.id).limit(1))

    def _night(self, values: Values) -> int | None:
        query = select(NightRow.id).where(
            NightRow.started == utc(values["started"]),
            NightRow.base_sha256 == values["base_sha256"],
            NightRow.id <= self._newest["night"],
        )
        return self._session.scalar(query.order_by(NightRow.id).limit(1))

    def _night_fact(self, values: Values) -> None:
        self._night_item(values)
        self._only_once("night_fact", values["night_id"], values["fact_id"])

    def _night_item(self, values: Values) -> None:
        """What belongs to a night that is here, is here."""
        night = self._ids["night"].get(values["night_id"])
        if night is not None and not self._is_new("night", night):
            raise LeftOut

    def _only_once(self, *key: Any) -> None:
        if key in self._pairs:
            raise LeftOut
        self._pairs.add(key)


def _newest(session: Session, table: str) -> int:
    """Ids are never used again, so what has a higher one came in."""
    columns = {"conversation": ConversationRow.id, "fact": FactRow.id, "night": NightRow.id}
    return session.scalar(select(func.max(columns[table]))) or 0


def _make_history(night: Values) -> None:
    """Its adapter's name may be that of another night's file here, and nobody goes on with it."""
    night["adapter"] = ""
    if night["state"] not in OVER:
        night["state"] = "undone"
