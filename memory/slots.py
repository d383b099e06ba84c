"""What a fact is about, whatever it is called: attributes that stand for the same, and how many there can be.

The tables are in ``slots.toml``. Pure.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

FRESH = ("new", "current", "present", "own", "main", "latest")
_FRESH = re.compile(rf"^(?:(?:{'|'.join(FRESH)}) )+")


def known_as(name: str) -> str:
    """The name under which an attribute is kept."""
    return _names("renamed").get(name, name)


@cache
def slot_of(attribute: str) -> str:
    """What an attribute is compared under: "sister's new occupation" and "sister's job" are one slot."""
    name = (
        attribute.casefold()
        .replace("’", "'")
        .replace("favorite", "favourite")
        .replace("neighbor", "neighbour")
    )
    bare = _general(_FRESH.sub("", name).removesuffix("'s name"))
    owner, has_owner, what = bare.rpartition("'s ")
    return f"{_general(owner)}'s {_general(_FRESH.sub('', what))}" if has_owner else bare


@cache
def names_for(slot: str) -> tuple[str, ...]:
    """The names under which what belongs to a slot may be kept, as far as a list can hold them."""
    plain = [slot, *_tables()["renamed"].get(slot, ()), *_tables()["compared"].get(slot, ())]
    named = [name + end for name in plain for end in ("", "'s name")]
    return tuple(f"{fresh} {name}".strip() for fresh in ("", *FRESH) for name in named)


def what_of(slot: str) -> str:
    """A slot without whose it is: what counts for how many there can be."""
    return slot.rpartition("'s ")[2]


def is_kind(slot: str, kind: str) -> bool:
    """Whether a slot is of one of the ``[kinds]``; somebody else's is like the user's own."""
    return what_of(slot) in _tables()["kinds"][kind]


def is_one(slot: str) -> bool:
    """Whether there surely is one at a time, rather than probably."""
    return is_kind(slot, "one") or what_of(slot).startswith("favourite ")


def are_related(one: str, other: str) -> bool:
    """Whether the same thing may be told under either."""
    return one in related_to(other)


@cache
def related_to(slot: str) -> frozenset[str]:
    """The slots under which the same thing may be told, this one among them; none for most slots."""
    groups = _tables()["related"].values()
    return frozenset(one for group in groups if slot in group for one in group)


def _general(name: str) -> str:
    name = _names("renamed").get(name, name).removesuffix("'s name")
    return _names("compared").get(name, name)


@cache
def _names(table: str) -> dict[str, str]:
    return {other: name for name, others in _tables()[table].items() for other in others}


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    tables: dict[str, dict[str, list[str]]] = tomllib.loads(
        Path(__file__).with_suffix(".toml").read_text("utf-8")
    )
    return tables
