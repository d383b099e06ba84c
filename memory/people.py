"""Who speaks in imported chats, and how they would put a question about themselves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import text

from memory.lexical import WORD

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

# each name is found in the index from the one before it: to read every turn's takes long in a large home
NAMES = """
    WITH RECURSIVE each(name) AS (
        SELECT min(name) FROM turn WHERE name > ''
        UNION ALL
        SELECT (SELECT min(name) FROM turn WHERE name > each.name) FROM each WHERE each.name IS NOT NULL
    ) SELECT name FROM each WHERE name IS NOT NULL
"""
_PERSON = re.compile(r"[^\W\d_][\w'’-]*( [^\W\d_][\w'’-]*){0,2}")  # not a file's name


def people(session: Session) -> set[str]:
    """The names of those who speak in imported chats, in words."""
    names = session.scalars(text(NAMES))
    return {word for name in names if _PERSON.fullmatch(name) for word in WORD.findall(name)}


def in_their_mouth(question: str, names: Iterable[str]) -> str:
    """A question about somebody as they would put it: what they told, they told with "I" and "my".

    Names are taken as they are spelt: "will" is not Will.
    """
    words = "|".join(re.escape(name) for name in names)
    if not words:
        return question
    return re.sub(rf"\b(?:{words})\b(['’]s)?", lambda match: "my" if match[1] else "I", question)
