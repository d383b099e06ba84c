"""A question in, ranked notes out: facts and past turns, by meaning and by words, within a budget."""

from __future__ import annotations

import gc
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import func, select

from memory.lexical import scored_facts, scored_turns, words_of
from memory.links import linked
from memory.notes import fact_note, only_asks, turn_note
from memory.outbox import RECALLED_STATES
from memory.people import in_their_mouth, people
from memory.rows import among, as_facts, is_open, is_shown
from memory.schema import ConversationRow, FactRow, TurnRow
from memory.scoring import Place, asks_dormouse, content_words, coverage, fuse
from memory.store import turns_by_id
from memory.timely import event_of, in_time, states_asked, within
from memory.times import period_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    import numpy as np
    from numpy.typing import NDArray
    from sqlalchemy.orm import Session

    from memory.moments import Period
    from memory.ports import Embedder, Vectors
    from memory.records import Fact, Note, Turn
    from memory.store import Store

POOL = 200  # candidates by meaning, and as many again by words
AROUND = 4  # turns either way among which a candidate's neighbours are looked for
STILL_OPEN, SHOWN = 20, 4000  # the latest turns, and characters, surely are in their conversation's prompt
# Relevance is similarity plus a share for words in common; under the floor nothing is offered. What is just
# above it is for the reader to judge: a situation shares few words with the note that settles it.
WORDS_COUNT = 0.25
FACT_FLOOR, TURN_FLOOR = 0.25, 0.35
LONGER = 0.05  # taken off a quoted turn: a fact says the same in fewer words
SAME_EVENT = 0.4  # similarity from which a known fact is the event that a question names
TIMELY = 0.15  # more for what was said in the time that a question is about
_AFTER = re.compile(
    r"\b(what (?:came|happened|did \w+ \w+) (?:next|after)|and then|afterwards|what next)\b", re.IGNORECASE
)


def keep_loaded() -> None:
    """Take what is loaded by now as there for good: looking through it for garbage takes a question 60 ms."""
    if not gc.get_freeze_count():
        gc.collect()
        gc.freeze()


def rough_tokens(text: str) -> int:
    """About how many tokens a text has, where no model is at hand to count them."""
    return len(text) // 4 + 1


Candidates: TypeAlias = tuple[dict[int, float], dict[int, float], list[Place]]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question, read once; ``mine`` is how the person whom it names would have said it."""

    text: str
    content: list[str]
    vector: NDArray[np.float32]
    mine: NDArray[np.float32]
    mine_content: list[str]


class Recall:
    """Finds what was said and what is known. Safe to call from any one thread at a time."""

    def __init__(
        self, store: Store, index: Vectors, embedder: Embedder, count: Callable[[str], int] = rough_tokens
    ) -> None:
        self._store = store
        self._index = index
        self._embedder = embedder
        self._count = count

    def recall(
        self,
        question: str,
        *,
        k: int = 6,
        token_budget: int = 320,
        now: datetime | None = None,
        conversation_id: int | None = None,
    ) -> list[Note]:
        """The notes for a question, best first; none when nothing known is relevant.

        Args:
            question: the user's words.
            k: at most this many notes.
            token_budget: at most about this many tokens in all.
            now: the moment of asking, for how dates are written.
            conversation_id: where it is asked; what was said there just now is not brought up again.
        """
        asked = self._read(question)
        if not asked.content:
            return []
        moment = now or datetime.now(UTC)
        facts, told = self._fact_notes(asked, k, moment)
        turns = self._turn_notes(asked, k, moment, conversation_id)
        notes = [*facts, *(note for note in turns if note.id not in told)]
        best = sorted(notes, key=lambda note: -note.score)
        return self._within(best, k, token_budget)

    def rank_turns(self, question: str, k: int) -> list[int]:
        """The ids of the turns that bear on a question most, best first, relevant or not."""
        return [turn for turn, _ in self._ranked(self._read(question))[:k]]

    def _read(self, question: str) -> _Asked:
        with self._store.read() as session:
            names = people(session)
        mine = in_their_mouth(question, names)
        content = content_words(question)
        spoken = {name.casefold() for name in names}
        theirs = [word for word in content if word not in spoken] or content
        if mine == question:
            vector = self._embedder.embed([question])[0]
            return _Asked(question, content, vector, vector, theirs)
        vector, own = self._embedder.embed([question, mine])
        return _Asked(question, content, vector, own, theirs)

    def _ranked(self, asked: _Asked) -> list[tuple[int, float]]:
        from memory.ranking import rank  # numpy takes its time, and a window that opens has none

        return rank(asked.text, *self._candidates(asked))

    def candidates(self, question: str) -> Candidates:
        """What is ranked for a question: similarities, bm25, and all the turns in order."""
        return self._candidates(self._read(question))

    def _candidates(self, asked: _Asked) -> Candidates:
        with self._store.read() as session:
            words = scored_turns(session, asked.mine_content, POOL)
            meaning = self._index.search("turn", asked.mine, POOL)
            meaning |= self._index.similarities("turn", asked.mine, words.keys() - meaning.keys())
            return meaning, words, _places(session, meaning.keys() | words.keys())

    def _fact_notes(self, asked: _Asked, k: int, moment: datetime) -> tuple[list[Note], set[str]]:
        """Notes of facts, and the ids that notes of the turns which told them would have."""
        with self._store.read() as session:
            period = self._period(session, asked, moment)
            words = scored_facts(session, asked.content, POOL)
            meaning = self._index.search("fact", asked.vector, POOL)
            meaning |= self._index.similarities("fact", asked.vector, words.keys() - meaning.keys())
            states = states_asked(asked.text, period)
            found = within(_facts(session, meaning.keys() | words.keys(), states), period)
            order = fuse(meaning, words)
            best = sorted(found, key=lambda fact: -order[fact.id])[: 3 * k]
            scored = [(fact, _relevance(asked, fact.sentence, meaning.get(fact.id, 0.0))) for fact in best]
            scored = [(fact, score) for fact, score in scored if score >= FACT_FLOOR][:k]
            scored += linked(session, scored)
        notes = [fact_note(fact, score, moment) for fact, score in scored]
        return notes, {f"turn:{fact.turn_id}" for fact, _ in scored}

    def _period(self, session: Session, asked: _Asked, moment: datetime) -> Period | None:
        """The time that a question is about: one that is named, or that of an event that is known."""
        named = period_of(asked.text, moment.astimezone())
        event = event_of(asked.text)
        if named or event is None:
            return named
        near = self._index.search("fact", self._embedder.embed([event.what])[0], 1)
        known = [fact for fact, score in near.items() if score >= SAME_EVENT]
        facts = _facts(session, known, RECALLED_STATES)
        return event.period(facts[0], moment) if facts else None

    def _turn_notes(self, asked: _Asked, k: int, moment: datetime, conversation_id: int | None) -> list[Note]:
        ranked = [turn for turn, _ in self._ranked(asked)[: 4 * k]]
        of_dormouse, period = asks_dormouse(asked.text), period_of(asked.text, moment.astimezone())
        with self._store.read() as session:
            shown = _open_turns(session, conversation_id)
            turns = turns_by_id(session, [turn for turn in ranked if turn not in shown])
            turns = [turn for turn in turns if _is_evidence(turn, of_dormouse)]
            after = _following(session, turns[0]) if turns and _AFTER.search(asked.text) else []
        near = self._index.similarities("turn", asked.vector, [turn.id for turn in turns])
        notes = []
        for turn in turns:
            score = _relevance(asked, turn.text, near.get(turn.id, 0.0)) - LONGER
            score += TIMELY * (period is not None and in_time(turn, period))
            notes.append(turn_note(turn, asked.content, score, moment))
        notes = [note for note in notes if note.score >= TURN_FLOOR]
        if notes:  # what came next shares no words with what it followed
            notes[1:1] = [turn_note(turn, asked.content, notes[0].score, moment) for turn in after]
        return notes[:k]

    def _within(self, notes: Iterable[Note], k: int, token_budget: int) -> list[Note]:
        chosen: list[Note] = []
        said: set[str] = set()
        for note in notes:
            cost = self._count(note.text) + 2
            key = " ".join(words_of(note.text))
            if cost <= token_budget and key not in said and len(chosen) < k:
                chosen.append(note)
                said.add(key)
                token_budget -= cost
        return chosen


def _relevance(asked: _Asked, text: str, near: float) -> float:
    return near + WORDS_COUNT * coverage(asked.content, text)


def _places(session: Session, turn_ids: Collection[int]) -> list[Place]:
    """These turns and those around them in their conversations, in order.

    Ids grow as turns are said, so the turns around one have ids close by, however long the conversation is.
    """
    near = {there for turn in turn_ids for there in range(turn - AROUND, turn + AROUND + 1)}
    ends_with = func.substr(func.rtrim(TurnRow.text), -1)
    query = (
        select(TurnRow.id, TurnRow.conversation_id, TurnRow.speaker, TurnRow.name, ends_with == "?")
        .join(ConversationRow)
        .where(among(TurnRow.id, near), is_open(), is_shown())
    )
    rows = session.execute(query).all()
    touched = {row[1] for row in rows if row[0] in turn_ids}
    places = [Place(*row) for row in rows if row[1] in touched]
    return sorted(places, key=lambda place: (place.conversation_id, place.id))


def _facts(session: Session, ids: Iterable[int], states: Collection[str]) -> list[Fact]:
    query = select(FactRow).where(among(FactRow.id, ids), FactRow.state.in_(states))
    return as_facts(session, session.scalars(query).all())


def _following(session: Session, turn: Turn) -> list[Turn]:
    """What the same speaker said next in the conversation."""
    query = (
        select(TurnRow.id)
        .where(TurnRow.conversation_id == turn.conversation_id, TurnRow.id > turn.id)
        .where(TurnRow.speaker == turn.speaker, is_shown())
        .order_by(TurnRow.id)
        .limit(2)
    )
    return turns_by_id(session, session.scalars(query).all())


def _open_turns(session: Session, conversation_id: int | None) -> set[int]:
    """The latest turns of the conversation, which its prompt surely has; older ones may have left it."""
    if conversation_id is None:
        return set()
    said = (TurnRow.conversation_id == conversation_id, is_shown())
    sized = select(TurnRow.id, func.length(TurnRow.text)).where(*said)
    open_turns: set[int] = set()
    room = SHOWN
    for turn, length in session.execute(sized.order_by(TurnRow.id.desc()).limit(STILL_OPEN)):
        room -= length
        if room < 0 and open_turns:
            break
        open_turns.add(turn)
    return open_turns


def _is_evidence(turn: Turn, of_dormouse: bool) -> bool:
    """What the user said; what Dormouse said only when that is asked for. A bare question tells nothing."""
    if turn.name:
        return True
    if of_dormouse:
        return turn.speaker == "assistant"
    return turn.speaker == "user" and not only_asks(turn.text)
