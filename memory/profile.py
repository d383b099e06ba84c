"""The standing block: what Dormouse always has in mind, within a budget of tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from memory.recall import rough_tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from memory.records import Fact

# in this order; whatever is pinned comes before all of them
SLOTS = (
    "name",
    "preferred name",
    "pronouns",
    "home",
    "job",
    "workplace",
    "birthday",
    "age",
    "allergy",
    "health condition",
    "diet",
    "partner's name",
    "wife's name",
    "husband's name",
    "children",
    "language",
    "preference",
)
BUDGET = 160


def profile(
    facts: Iterable[Fact], budget: int = BUDGET, count: Callable[[str], int] = rough_tokens
) -> list[Fact]:
    """The facts of the standing block: those that are pinned, then the slots, as many as fit.

    The order depends on nothing that changes from turn to turn, so that the prompt's beginning stays.
    """
    chosen: list[Fact] = []
    left = budget
    for fact in sorted((fact for fact in facts if _belongs(fact)), key=_place):
        cost = count(fact.sentence) + 2
        if cost <= left and fact.sentence not in {each.sentence for each in chosen}:
            chosen.append(fact)
            left -= cost
    return chosen


def _belongs(fact: Fact) -> bool:
    return fact.state == "current" and (fact.pinned or (fact.subject == "user" and fact.attribute in SLOTS))


def _place(fact: Fact) -> tuple[bool, int, int]:
    slot = SLOTS.index(fact.attribute) if fact.attribute in SLOTS else len(SLOTS)
    return (not fact.pinned, slot, fact.id)
