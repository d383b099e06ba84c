"""What a newly noticed fact does to the known ones: a rule that can say why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sqlalchemy import select

from memory import phrases
from memory.rows import as_facts
from memory.schema import FactRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from memory.records import Fact


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with a candidate, about which known fact, and why, in words."""

    action: Literal["add", "supersede", "same"]
    old: Fact | None
    reason: str


def decide(session: Session, attribute: str, value: str, message: str) -> Decision:
    """Add beside what is known, take the place of a known fact, or change nothing."""
    name = phrases.canonical(attribute)
    query = select(FactRow).where(
        FactRow.attribute == name, FactRow.subject == "user", FactRow.state == "current"
    )
    known = as_facts(session, session.scalars(query.order_by(FactRow.id.desc())).all())
    for fact in known:
        if phrases.same_value(fact.value, value):
            return Decision("same", fact, f"{fact.sentence} is known already.")
    if not known:
        return Decision("add", None, f"Nothing was known about the {name}.")
    if phrases.is_many(name):
        named = [fact for fact in known if message and fact.value.casefold() in message.casefold()]
        if not named or not phrases.says_correction(message, named[0].value):
            return Decision("add", None, f"There can be more than one {name}.")
        return Decision("supersede", named[0], f"The message sets right: {named[0].sentence}")
    if phrases.is_often_one(name) and message and not phrases.says_correction(message, known[0].value):
        return Decision("add", None, f"There can be more than one {name}, and nothing was corrected.")
    return Decision("supersede", known[0], f"There is one {name} at a time; until now: {known[0].value}.")
