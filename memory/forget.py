"""Deletion that reaches text, search index, history, undo journal, training items and backups.

Deleting is not superseding: nothing stays. What lies outside the store (vectors, adapters, report
files) is named in the ``Forgotten`` that is returned, for its owners to act on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import delete, or_, select

from memory import journal
from memory.extract import find
from memory.records import Forgotten, MemoryRefused, Turn
from memory.rows import as_turn, notify_index
from memory.schema import ConversationRow, FactRow, NightFactRow, NightItemRow, NightRow, TurnRow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy.orm import Session

    from memory.store import Store

BLANK = "(forgotten)"


def forget_facts(
    store: Store, fact_ids: Collection[int], with_turns: bool = False, turn_ids: Collection[int] = ()
) -> Forgotten:
    """Remove facts with their whole history and all that was learned from them.

    Args:
        store: the store.
        fact_ids: which facts.
        with_turns: also the messages that said them and the replies that repeat them; elsewhere a
            value that can mean nothing else, such as a name, is blanked out.
        turn_ids: further messages to remove, such as ``mentions`` found.
    """
    with store.write() as session:
        lines = lineage(session, fact_ids)
        rows = session.scalars(select(FactRow).where(FactRow.id.in_(lines))).all()
        if not rows:
            raise MemoryRefused("That memory is no longer there: it was forgotten.")
        turns = set(turn_ids) | (_turns_of(session, rows) if with_turns else set())
        done = _remove(session, rows, turns)
        if with_turns:
            _blank_turns(session, [word for word in done.words if is_telling(word)])
    store.scrub()
    return done


def forget_conversation(store: Store, conversation_id: int) -> Forgotten:
    """Remove a conversation for good, with the facts that rest on nothing else."""
    with store.write() as session:
        conversation = session.get(ConversationRow, conversation_id)
        if conversation is None:
            raise MemoryRefused("That chat is no longer there: it was deleted or forgotten.")
        turns = set(session.scalars(select(TurnRow.id).where(TurnRow.conversation_id == conversation_id)))
        said = session.scalars(select(FactRow.id).where(FactRow.turn_id.in_(turns))).all()
        rows = session.scalars(select(FactRow).where(FactRow.id.in_(lineage(session, said)))).all()
        done = _remove(session, rows, turns)
        journal.drop_mentions(session, "conversation", [conversation_id])
        session.delete(conversation)
    store.scrub()
    return done


def mentions(store: Store, fact_id: int) -> list[Turn]:
    """Messages anywhere that hold the fact's value or one it replaced: what forgetting would leave."""
    with store.read() as session:
        rows = session.scalars(select(FactRow).where(FactRow.id.in_(lineage(session, [fact_id])))).all()
        holds = or_(*(TurnRow.text.icontains(row.value, autoescape=True) for row in rows))
        return [as_turn(row) for row in session.scalars(select(TurnRow).where(holds).order_by(TurnRow.id))]


def lineage(session: Session, fact_ids: Iterable[int]) -> set[int]:
    """The facts together with all that they replaced or were replaced by."""
    found: set[int] = set()
    new = set(fact_ids)
    while new:
        found |= new
        linked = select(FactRow.id, FactRow.superseded_by).where(
            or_(FactRow.id.in_(new), FactRow.superseded_by.in_(new))
        )
        pairs = session.execute(linked)
        new = {fact for pair in pairs for fact in pair if fact is not None} - found
    return found


def _turns_of(session: Session, rows: Iterable[FactRow]) -> set[int]:
    """The messages that said these facts, and the replies that repeat their values."""
    turns: set[int] = set()
    for row in rows:
        if row.turn_id is not None:
            turns.add(row.turn_id)
        said = TurnRow.text.icontains(row.value, autoescape=True)
        for turn in session.scalars(select(TurnRow).where(TurnRow.speaker == "assistant", said)):
            source = session.get(TurnRow, row.turn_id) if row.turn_id is not None else None
            follows = source is not None and turn.conversation_id == source.conversation_id
            if follows or f"fact:{row.id}" in turn.notes:
                turns.add(turn.id)
    return turns


def _remove(session: Session, rows: Iterable[FactRow], turns: Collection[int]) -> Forgotten:
    rows = list(rows)
    facts = [row.id for row in rows]
    words = tuple(dict.fromkeys([row.value for row in rows] + [row.sentence for row in rows]))
    nights = _forget_training(session, facts, words)
    journal.drop_mentions(session, "fact", facts)
    journal.drop_words(session, words)
    _forget_notes(session, [f"fact:{fact}" for fact in facts] + [f"turn:{turn}" for turn in turns])
    session.execute(delete(FactRow).where(FactRow.id.in_(facts)))
    session.execute(delete(TurnRow).where(TurnRow.id.in_(turns)))
    notify_index(session, "fact", facts)
    notify_index(session, "turn", sorted(turns))
    _forget_titles(session, words)
    return Forgotten(tuple(sorted(facts)), tuple(sorted(turns)), nights, words)


def _forget_training(session: Session, facts: list[int], words: Iterable[str]) -> tuple[int, ...]:
    """Drop training items and clean reports; returns the nights whose adapters know too much."""
    learned = select(NightFactRow.night_id).where(NightFactRow.fact_id.in_(facts))
    trained = select(NightItemRow.night_id).where(NightItemRow.fact_id.in_(facts))
    nights = set(session.scalars(learned)) | set(session.scalars(trained))
    for night in session.scalars(select(NightRow).where(NightRow.id.in_(nights))):
        night.sentence, night.report = _blank(night.sentence, words), _blank(night.report, words)
    session.execute(delete(NightItemRow).where(NightItemRow.fact_id.in_(facts)))
    session.execute(delete(NightFactRow).where(NightFactRow.fact_id.in_(facts)))
    return tuple(sorted(nights))


def _forget_notes(session: Session, notes: Collection[str]) -> None:
    gone = set(notes)
    for turn in session.scalars(select(TurnRow).where(TurnRow.speaker == "assistant")):
        if gone.intersection(turn.notes):
            turn.notes = [note for note in turn.notes if note not in gone]


def _forget_titles(session: Session, words: Iterable[str]) -> None:
    """A chat is named after its first message: the name must not keep what the message said."""
    words = list(words)
    for row in session.scalars(select(ConversationRow)):
        if any(word.casefold() in row.title.casefold() for word in words):
            row.title = ""


def is_telling(word: str) -> bool:
    """Whether a value is a name, a number or a phrase, so that it can be blanked wherever it stands."""
    return len(word) > 2 and (word != word.lower() or any(c.isdigit() for c in word) or " " in word)


def _blank_turns(session: Session, words: Iterable[str]) -> None:
    for word in sorted(words, key=len, reverse=True):
        whole = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)
        for turn in session.scalars(select(TurnRow).where(TurnRow.text.icontains(word, autoescape=True))):
            turn.text = whole.sub(BLANK, turn.text)
            _move_spans(session, turn)
            notify_index(session, "turn", [turn.id])


def _move_spans(session: Session, turn: TurnRow) -> None:
    """What else was noticed in a message stands in another place now."""
    for fact in session.scalars(select(FactRow).where(FactRow.turn_id == turn.id)):
        fact.span_start, fact.span_end = find(fact.value, turn.text) or (None, None)


def _blank(text: str, words: Iterable[str]) -> str:
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, BLANK)
    return text
