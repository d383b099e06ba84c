"""Deletion that reaches text, search index, history, undo journal, training items and backups.

Deleting is not superseding: nothing stays. What lies outside the store (vectors, adapters, report
files) is named in the ``Forgotten`` that is returned, for its owners to act on.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, cast, delete, or_, select

from memory import journal
from memory.gists import drop_gists
from memory.phrases import find, whole
from memory.records import Forgotten, MemoryRefused
from memory.rows import among, notify_index
from memory.schema import ConversationRow, FactRow, NightFactRow, NightItemRow, NightRow, TurnRow
from memory.store import title_from
from memory.versions import let_go

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from sqlalchemy.orm import Session

    from memory.store import Store

BLANK = "(forgotten)"


def forget_facts(
    store: Store,
    fact_ids: Collection[int],
    with_turns: bool = False,
    before: Callable[[Forgotten], None] = lambda gone: None,
) -> Forgotten:
    """Remove facts with their whole history and all that was learned from them.

    The file keeps traces until ``Database.scrub``, which is to come last: it can fail, and the rest cannot
    be done again.

    Args:
        store: the store.
        fact_ids: which facts.
        with_turns: also the messages that said them and the replies that repeat them; elsewhere their
            values are blanked out, in replies only those that can mean nothing else, such as a name.
        before: told what will be gone, before the change is kept; an exception leaves all as it was.
    """
    with store.write() as session:
        lines = lineage(session, fact_ids)
        rows = session.scalars(select(FactRow).where(among(FactRow.id, lines))).all()
        if not rows:
            raise MemoryRefused("That memory is no longer there: it was forgotten.")
        done = _remove(
            session, rows, _with_quotes(session, _turns_of(session, rows)) if with_turns else set()
        )
        if with_turns:
            _blank_turns(session, done.words)
        before(done)
        return done


def would_forget(store: Store, fact_ids: Collection[int]) -> Forgotten:
    """What ``forget_facts`` would reach with the messages that told them; nothing is removed."""
    with store.read() as session:
        rows = session.scalars(select(FactRow).where(among(FactRow.id, lineage(session, fact_ids)))).all()
        facts = [row.id for row in rows]
        turns = _with_quotes(session, _turns_of(session, rows))
        return Forgotten(tuple(facts), tuple(sorted(turns)), nights=_nights_of(session, facts))


def forget_conversation(
    store: Store, conversation_id: int, before: Callable[[Forgotten], None] = lambda gone: None
) -> Forgotten:
    """Remove a conversation for good, with the facts that rest on nothing else; ``scrub`` comes after.

    ``before`` is called as by ``forget_facts``.
    """
    with store.write() as session:
        conversation = session.get(ConversationRow, conversation_id)
        if conversation is None:
            raise MemoryRefused("That chat is no longer there: it was deleted or forgotten.")
        turns = set(session.scalars(select(TurnRow.id).where(TurnRow.conversation_id == conversation_id)))
        said = session.scalars(select(FactRow.id).where(among(FactRow.turn_id, turns))).all()
        rows = session.scalars(select(FactRow).where(among(FactRow.id, lineage(session, said)))).all()
        done = replace(_remove(session, rows, _with_quotes(session, turns)), whole_chat=True)
        journal.drop_mentions(session, "conversation", [conversation_id])
        session.delete(conversation)
        before(done)
        return done


def is_there(store: Store, gone: Forgotten) -> bool:
    """Whether any of what was to be forgotten was not: the program ended before the change was kept."""
    said = dict(zip(gone.turns, gone.said, strict=True))
    turns = select(TurnRow.id, TurnRow.created).where(among(TurnRow.id, said))
    values = select(FactRow.value).where(among(FactRow.id, gone.facts))
    with store.read() as session:
        kept = any(said[turn] == created for turn, created in session.execute(turns))
        return kept or not set(gone.words).isdisjoint(session.scalars(values))


def forget_again(store: Store, gone: Forgotten) -> None:
    """Forget in a copy of the memory the facts and messages that were forgotten in the memory itself."""
    said = dict(zip(gone.turns, gone.said, strict=True))
    with store.write() as session:
        there = session.execute(select(TurnRow.id, TurnRow.created).where(among(TurnRow.id, said)))
        turns = {turn for turn, created in there if said[turn] == created}
        told = session.scalars(select(FactRow.id).where(among(FactRow.sentence, gone.words))).all()
        rows = session.scalars(select(FactRow).where(among(FactRow.id, lineage(session, told)))).all()
        done = _remove(session, rows, _with_quotes(session, turns | _turns_of(session, rows)))
        _blank_turns(session, {*gone.words, *done.words})


def lineage(session: Session, fact_ids: Iterable[int]) -> set[int]:
    """The facts together with all that they replaced or were replaced by."""
    found: set[int] = set()
    new = set(fact_ids)
    while new:
        found |= new
        linked = select(FactRow.id, FactRow.superseded_by).where(
            or_(among(FactRow.id, new), among(FactRow.superseded_by, new))
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
        for turn in _holding(session, row.value, "assistant"):
            source = session.get(TurnRow, row.turn_id) if row.turn_id is not None else None
            follows = source is not None and turn.conversation_id == source.conversation_id
            if follows or f"fact:{row.id}" in turn.notes:
                turns.add(turn.id)
    return turns


def _with_quotes(session: Session, turns: set[int]) -> set[int]:
    """These turns with the replies that rest on them, wherever they were given: they may quote them."""
    gone = {f"turn:{turn}" for turn in turns}
    given = select(TurnRow.id, TurnRow.notes).where(cast(TurnRow.notes, Text).contains('"turn:'))
    return turns | {reply for reply, notes in session.execute(given) if gone.intersection(notes)}


def _holding(session: Session, word: str, *speakers: str) -> list[TurnRow]:
    """The turns that hold a word whole; SQL alone would find “tea” in “steam”."""
    near = TurnRow.text.icontains(word, autoescape=True)
    rows = session.scalars(select(TurnRow).where(near, TurnRow.speaker.in_(speakers)))
    return [row for row in rows if find(word, row.text)]


def _remove(session: Session, rows: Iterable[FactRow], turns: Collection[int]) -> Forgotten:
    rows = list(rows)
    facts = [row.id for row in rows]
    drop_gists(session, {row.turn_id for row in rows if row.turn_id is not None}.union(turns))
    words = tuple(dict.fromkeys([row.value for row in rows] + [row.sentence for row in rows]))
    nights = _forget_training(session, facts, words)
    journal.drop_mentions(session, "fact", facts)
    journal.drop_words(session, words)
    _forget_notes(session, [f"fact:{fact}" for fact in facts] + [f"turn:{turn}" for turn in turns])
    said = session.scalars(select(TurnRow).where(among(TurnRow.id, turns)).order_by(TurnRow.id)).all()
    moments = {turn.id: turn.created for turn in said}
    _forget_titles_of(session, said)
    session.execute(delete(FactRow).where(among(FactRow.id, facts)))
    let_go(session, turns)
    session.execute(delete(TurnRow).where(among(TurnRow.id, turns)))
    notify_index(session, "fact", facts)
    notify_index(session, "turn", moments)
    _forget_titles(session, words)
    return Forgotten(tuple(sorted(facts)), tuple(moments), tuple(moments.values()), nights, words)


def _forget_training(session: Session, facts: list[int], words: Iterable[str]) -> tuple[int, ...]:
    """Drop training items and clean reports; returns the nights whose adapters know too much."""
    nights = _nights_of(session, facts)
    if pattern := wording(words):
        # every night: a report also tells what was refused, and quotes answers, which no row links to a fact
        for night in session.scalars(select(NightRow)):
            night.sentence = pattern.sub(BLANK, night.sentence)
            night.report = blank_json(night.report, pattern)
    session.execute(delete(NightItemRow).where(among(NightItemRow.fact_id, facts)))
    session.execute(delete(NightFactRow).where(among(NightFactRow.fact_id, facts)))
    return nights


def _nights_of(session: Session, facts: list[int]) -> tuple[int, ...]:
    learned = select(NightFactRow.night_id).where(among(NightFactRow.fact_id, facts))
    trained = select(NightItemRow.night_id).where(among(NightItemRow.fact_id, facts))
    return tuple(sorted({*session.scalars(learned), *session.scalars(trained)}))


def _forget_notes(session: Session, notes: Collection[str]) -> None:
    gone = set(notes)
    for turn in session.scalars(select(TurnRow).where(TurnRow.speaker == "assistant")):
        if gone.intersection(turn.notes):
            turn.notes = [note for note in turn.notes if note not in gone]


def _forget_titles(session: Session, words: Iterable[str]) -> None:
    """A chat is named after its first message: neither its name nor its folder's keeps what that said."""
    words = list(words)
    for row in session.scalars(select(ConversationRow)):
        if any(find(word, row.title) for word in words):
            row.title = ""
        if any(find(word, row.folder) for word in words):
            row.folder = ""


def _forget_titles_of(session: Session, turns: Iterable[TurnRow]) -> None:
    """A name that was cut off after a message's first words has the beginning of what may not stand whole."""
    named = {(turn.conversation_id, title_from(turn.text)) for turn in turns if turn.text.strip()}
    for row in session.scalars(select(ConversationRow).where(among(ConversationRow.id, dict(named)))):
        if (row.id, row.title) in named:
            row.title = ""
    journal.drop_titles(session, named)


def is_telling(word: str) -> bool:
    """Whether a value is a name, a number or a phrase, so that it can be blanked even in a reply."""
    return len(word) > 2 and (word != word.lower() or any(c.isdigit() for c in word) or " " in word)


def _blank_turns(session: Session, words: Iterable[str]) -> None:
    for word in sorted((word for word in words if len(word) > 1), key=len, reverse=True):
        # the user may have said it twice, and the second time was linked to nothing
        speakers = ("user", "assistant") if is_telling(word) else ("user",)
        for turn in _holding(session, word, *speakers):
            drop_gists(session, [turn.id])
            _forget_titles_of(session, [turn])
            turn.text = re.sub(whole(word), BLANK, turn.text, flags=re.IGNORECASE)
            _move_spans(session, turn)
            notify_index(session, "turn", [turn.id])


def _move_spans(session: Session, turn: TurnRow) -> None:
    """What else was noticed in a message stands in another place now."""
    for fact in session.scalars(select(FactRow).where(FactRow.turn_id == turn.id)):
        fact.span_start, fact.span_end = find(fact.value, turn.text) or (None, None)


def wording(words: Iterable[str]) -> re.Pattern[str] | None:
    """What finds the words wherever they stand whole, the longest first; single letters are no words."""
    wanted = sorted({word for word in words if len(word.strip()) > 1}, key=len, reverse=True)
    return re.compile("|".join(map(whole, wanted)), re.IGNORECASE) if wanted else None


def blank_json(text: str, pattern: re.Pattern[str], indent: int | None = None) -> str:
    """Only the values: a key may be the same word, and what JSON escapes is compared as it was."""
    try:
        content = json.loads(text)
    except ValueError:
        return pattern.sub(BLANK, text)
    blanked = _blank_values(content, pattern)
    return text if blanked == content else json.dumps(blanked, ensure_ascii=False, indent=indent)


def _blank_values(content: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(content, str):
        return pattern.sub(BLANK, content)
    if isinstance(content, list):
        return [_blank_values(each, pattern) for each in content]
    if isinstance(content, dict):
        return {key: _blank_values(each, pattern) for key, each in content.items()}
    return content
