"""Full-text search: SQLite FTS5 with bm25. What a person types is never read as query syntax."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

WORD = re.compile(r"\w+")

TURNS = """
    SELECT turn.id, -bm25(turn_fts) FROM turn_fts
    JOIN turn ON turn.id = turn_fts.rowid
    JOIN conversation ON conversation.id = turn.conversation_id
    WHERE turn_fts MATCH :query AND conversation.deleted IS NULL AND turn.away IS NULL AND conversation.remembered >= :remembered
    ORDER BY bm25(turn_fts), turn.id DESC LIMIT :limit
"""
FACTS = """
    SELECT rowid, -bm25(fact_fts) FROM fact_fts
    WHERE fact_fts MATCH :query ORDER BY bm25(fact_fts), rowid DESC LIMIT :limit
"""


def words_of(typed: str) -> list[str]:
    """The words of what was typed, once each, in order."""
    return list(dict.fromkeys(WORD.findall(typed.casefold())))


def any_of(words: Iterable[str]) -> str:
    """An FTS5 query for rows that hold at least one of the words."""
    return " OR ".join(f'"{word}"' for word in words)


def all_of(words: list[str]) -> str:
    """An FTS5 query for rows that hold every word, the last one possibly unfinished."""
    return " AND ".join(f'"{word}"' for word in words) + "*" if words else ""


def matching_turns(session: Session, typed: str, limit: int) -> list[int]:
    """Ids of the turns that hold everything that was typed, best first."""
    return list(_run(session, TURNS, all_of(words_of(typed)), limit, remembered=0))


def matching_facts(session: Session, typed: str, limit: int) -> list[int]:
    """Ids of the facts that hold everything that was typed, best first, whatever their state."""
    return list(_run(session, FACTS, all_of(words_of(typed)), limit))


def scored_turns(session: Session, words: list[str], limit: int) -> dict[int, float]:
    """Remembered turns that hold any of the words, with bm25 (higher is better), best first."""
    return _run(session, TURNS, any_of(words), limit, remembered=1)


def scored_facts(session: Session, words: list[str], limit: int) -> dict[int, float]:
    """Facts that hold any of the words, with bm25 (higher is better), best first."""
    return _run(session, FACTS, any_of(words), limit)


def _run(session: Session, statement: str, query: str, limit: int, **values: int) -> dict[int, float]:
    if not query:
        return {}
    rows = session.execute(text(statement), {"query": query, "limit": limit} | values)
    return dict(rows.all())
