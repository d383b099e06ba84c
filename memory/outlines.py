"""Which conversations of an export are here already, and how far: compared by digests, never by number."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from memory.schema import ConversationRow, TurnRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from memory.lines import Line


class LeftOut(Exception):
    """A row of the file that is not to be added, and that nothing points at."""


@dataclass(slots=True)
class Outline:
    """A conversation as it is compared: when it began, and a digest of each message."""

    created: datetime
    digests: list[bytes] = field(default_factory=list)
    turns: list[int] = field(default_factory=list)  # ids of the messages, where they are here

    def begins_like(self, other: Outline) -> bool:
        return not self.digests or not other.digests or self.digests[0] == other.digests[0]

    def shared(self, other: Outline) -> int:
        """How many messages both have, from the first on."""
        pairs = list(zip(self.digests, other.digests, strict=False))
        return next((at for at, (one, two) in enumerate(pairs) if one != two), len(pairs))


@dataclass(slots=True)
class Match:
    """A conversation of the file that is here: ``both`` are the messages here that the file has too."""

    conversation_id: int
    both: list[int]
    goes_on: bool  # the file's other messages follow the last one that is here
    seen: int = 0

    def next_turn(self) -> int | None:
        """Which message here is the next one of the file; None when it is to be added."""
        self.seen += 1
        if self.seen <= len(self.both):
            return self.both[self.seen - 1]
        if not self.goes_on:
            raise LeftOut
        return None


def outlines(lines: Iterable[Line]) -> dict[int, Outline]:
    """The conversations of a file by their numbers in it."""
    found: dict[int, Outline] = {}
    for line in lines:
        values = line.values
        if line.table == "conversation":
            found[values["id"]] = Outline(utc(values["created"]))
        elif line.table == "turn":
            if values["conversation_id"] not in found:
                raise line.refused("belongs to no chat that stands before it")
            what = values["speaker"], values["name"], values["text"]
            found[values["conversation_id"]].digests.append(_digest(utc(values["created"]), *what))
    return found


def matches(session: Session, there: dict[int, Outline]) -> dict[int, Match]:
    """The file's conversations that are here, each with another one."""
    moments = {outline.created for outline in there.values()}
    rows = session.execute(select(ConversationRow.id, ConversationRow.created)).all()
    here = {row.id: _outline(session, row.id, row.created) for row in rows if row.created in moments}
    found = {}
    for number, outline in there.items():
        same = (
            row for row, each in here.items() if each.created == outline.created and each.begins_like(outline)
        )
        row = next(same, None)
        if row is not None:
            found[number] = _match(row, here.pop(row), outline)
    return found


def _outline(session: Session, conversation_id: int, created: datetime) -> Outline:
    outline = Outline(created)
    what = select(TurnRow.id, TurnRow.created, TurnRow.speaker, TurnRow.name, TurnRow.text)
    turns = what.where(TurnRow.conversation_id == conversation_id).order_by(TurnRow.id)
    for turn in session.execute(turns):
        outline.digests.append(_digest(turn.created, turn.speaker, turn.name, turn.text))
        outline.turns.append(turn.id)
    return outline


def _match(row: int, here: Outline, there: Outline) -> Match:
    shared = here.shared(there)
    return Match(row, here.turns[:shared], goes_on=shared == len(here.digests))


def _digest(created: datetime, *said: str) -> bytes:
    return hashlib.sha256(json.dumps([created.isoformat(), *said]).encode()).digest()


def utc(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
