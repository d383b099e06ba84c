"""Full-text search: SQLite FTS5 with bm25. What a person types is never read as query syntax."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

WORD = re.compile(r"\w+")

MOST = 20_000  # rows that are weighed for one question; some 50 a millisecond

# rows that no conversation shows are left out by number: to look up each row that matches would take longer
TURNS = """
    SELECT rowid, -rank FROM turn_fts WHERE turn_fts MATCH :query AND rowid NOT IN (
        SELECT id FROM turn WHERE conversation_id IN (
            SELECT id FROM conversation WHERE deleted IS NOT NULL OR remembered < :remembered)
        UNION ALL SELECT id FROM turn WHERE away IS NOT NULL)
    ORDER BY rank, rowid DESC LIMIT :limit
"""
FACTS = """
    SELECT rowid, -rank FROM fact_fts
    WHERE fact_fts MATCH :query ORDER BY rank, rowid DESC LIMIT :limit
"""
HELD = "SELECT count(*) FROM turn_fts WHERE turn_fts MATCH :query"


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
    """Remembered turns that hold any of the words, with bm25 (higher is better), best first.

    Where they stand in very many turns, the commonest, which bm25 counts least, are not looked for.
    """
    return _run(session, TURNS, any_of(_rarest(session, words)), limit, remembered=1)


def scored_facts(session: Session, words: list[str], limit: int) -> dict[int, float]:
    """Facts that hold any of the words, with bm25 (higher is better), best first."""
    return _run(session, FACTS, any_of(words), limit)


def _rarest(session: Session, words: list[str]) -> list[str]:
    """The rarest of the words that ``MOST`` turns hold between them, and one that any turn holds."""
    if not words or _held(session, words) <= MOST:
        return words
    kept, rows = [], 0
    for many, word in sorted((_held(session, [word]), word) for word in words):
        if rows and rows + many > MOST:
            break
        kept.append(word)
        rows += many
    return kept


def _held(session: Session, words: list[str]) -> int:
    """How many turns hold any of the words."""
    return session.scalar(text(HELD), {"query": any_of(words)}) or 0


def _run(session: Session, statement: str, query: str, limit: int, **values: int) -> dict[int, float]:
    if not query:
        return {}
    rows = session.execute(text(statement), {"query": query, "limit": limit} | values)
    return dict(rows.all())
