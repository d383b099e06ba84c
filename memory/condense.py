"""Which of the user's own sentences stand for a stretch of talk. Nothing is written anew.

The Compressive Transformer (Rae et al. 2020) keeps its oldest memories in a shorter form. Here that form is a
choice among what was said, so that it can hold nothing that was not, and every line leads to its message. The
choice weighs what a sentence tells against what was chosen before it says already (maximal marginal
relevance, Carbonell and Goldstein 1998).
"""

from __future__ import annotations

import math
import re
from datetime import timedelta
from typing import TYPE_CHECKING

from memory.extract import looks_like_code, pieces, readable
from memory.records import GistLine
from memory.scoring import content_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from memory.ports import Marked, Reader
    from memory.records import Turn

PAUSE = timedelta(hours=4)  # what is said after such a pause is another session
MOST_TURNS = 400  # of a session: what follows is another one
SHARE = 0.1  # characters of a session's gist for each that was said; of a month's, its square
SHORTEST_SESSION, SHORTEST_MONTH = 120, 240  # characters that a gist may always have
LONGEST_LINE = 200  # characters: of a longer sentence, what is around the words that tell
WORTH = 0.25  # the least that a line adds
NOTICED = 1.0  # more for a sentence in which a fact was noticed: what is known comes first
REPEATS = 2.0  # taken off for saying the same, times the square of the share of words in common

_SENTENCE = re.compile(r"\S[^.!?\n]*(?:[.!?]+(?!\s|\Z)[^.!?\n]*)*[.!?]*")


def stretches(turns: Sequence[Turn], length: int, moment: datetime) -> Iterator[list[Turn]]:
    """The stretches of a conversation that are over, in order.

    One ends with a pause, or before a message of the user's once it has this many characters, so that a long
    chat is cut into parts of which several fit a prompt. What may still go on is left out.
    """
    stretch: list[Turn] = []
    size = 0
    for turn in turns:
        is_long = size >= length or len(stretch) >= MOST_TURNS
        if stretch and ((is_long and turn.speaker == "user") or turn.created - stretch[-1].created >= PAUSE):
            yield stretch
            stretch, size = [], 0
        stretch.append(turn)
        size += len(turn.text)
    if stretch and moment - stretch[-1].created >= PAUSE:
        yield stretch


def lines_of(turn: Turn, reader: Reader, facts: Sequence[tuple[int, int]] = ()) -> Iterator[GistLine]:
    """The sentences of one message of the user's that tell something, weighed.

    Args:
        turn: the message.
        reader: says how likely it tells something lasting, and in which words.
        facts: where the values of the facts stand that were noticed in it.
    """
    words = readable(turn.text)
    if looks_like_code(words):
        return
    for begin, piece in pieces(words):
        marked = reader.mark(piece)
        for sentence in _SENTENCE.finditer(piece):
            span, weight = _weigh(marked, sentence.start(), sentence.end())
            known = [fact for fact in facts if sentence.start() <= fact[0] - begin < sentence.end()]
            if known:
                weight += NOTICED
                span = span or (known[0][0] - begin, known[0][1] - begin)
            if span and weight >= WORTH:
                start, end = _cut(piece, sentence.span(), span)
                text = " ".join(piece[start:end].split())
                yield GistLine(turn.id, begin + start, begin + end, weight, text, turn.created)


def _weigh(marked: Marked, start: int, end: int) -> tuple[tuple[int, int] | None, float]:
    """The surest words of a sentence, and the probability that they tell something lasting."""
    inside = [span for span in marked.spans if start <= span.start < end]
    if not inside:
        return None, 0.0
    best = max(inside, key=lambda span: span.sure)
    lasting = 1 / (1 + math.exp(-max(-30.0, min(30.0, marked.odds))))
    return (best.start, best.end), lasting * best.sure


def _cut(piece: str, sentence: tuple[int, int], span: tuple[int, int]) -> tuple[int, int]:
    """A sentence, or of a long one the words around a span, cut at spaces."""
    start, end = sentence
    if end - start <= LONGEST_LINE:
        return start, end
    around = max(0, LONGEST_LINE - (span[1] - span[0])) // 2
    left, right = max(start, span[0] - around), min(end, span[1] + around)
    if left > start:
        left = piece.find(" ", left, span[0]) + 1 or span[0]
    if right < end:
        right = max(piece.rfind(" ", span[1], right), span[1])
    return left, right


def choose(lines: Iterable[GistLine], budget: float) -> list[GistLine]:
    """The lines that tell most and repeat least within so many characters, in the order they were said."""
    waiting = [(line, frozenset(content_words(line.text))) for line in lines]
    worth = [line.weight for line, _ in waiting]
    chosen: list[GistLine] = []
    while waiting:
        at = max(range(len(waiting)), key=lambda each: worth[each])
        value, (line, words) = worth.pop(at), waiting.pop(at)
        if value < WORTH:
            break
        if len(line.text) > budget:
            continue
        chosen.append(line)
        budget -= len(line.text)
        for each, (other, others) in enumerate(waiting):
            again = other.weight - REPEATS * _alike(words, others) ** 2
            worth[each] = min(worth[each], again)
    return sorted(chosen, key=lambda line: (line.turn_id, line.start))


def _alike(some: frozenset[str], others: frozenset[str]) -> float:
    """The share of the words of both that they have in common."""
    return len(some & others) / len(some | others) if some or others else 1.0
