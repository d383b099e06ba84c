"""What a reply rests on, decided before its first word.

Word by word, a small model drifts into "You haven't told me", or takes the value of the note beside the
right one. So a reader first weighs how the question stands to all that is known. What the user asks to know
is then said as it was remembered; what is to be made of it is written from the notes that bear on it; where
the answer is lacking the reply begins by saying so; and beside another matter no note is in the way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from app.choosing import chosen
from app.prompt import without_notes
from app.restating import asks_to_know, is_personal, restated
from memory.notes import only_asks
from models.engine import Reading, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from memory.records import Note, Turn
    from models.engine import Engine, Request, StreamEvent, Weighed

Stand: TypeAlias = Literal["told", "untold", "elsewhere"]

ABSTAINING = "You haven't told me"
OPENING = "You haven"  # what an answer may not begin with, whichever its apostrophe
STILL_KNOWN = 8  # the user's latest messages in a chat, which may hold the answer too
BEARS = -1.0  # natural-log odds from which a note is laid out
MOST_KEPT = 4
FAVOUR = 1.0  # nats that the words of the notes laid out gain: rare names are hard to copy
_CLOSED = re.compile(
    r"\W*(?:(?:so|and|but|ok|okay|hey|hi|well|now)\W+)?(?:is|are|am|was|were|do|does|did|can|could|should|shall|will|"
    r"would|has|have|had|may|might|must|isn['’]?t|aren['’]?t|can['’]?t|don['’]?t|won['’]?t)\b",
    re.IGNORECASE,
)
_CHOICE = re.compile(r"\bor\b(?! not\b)|^\W*(?:can|could|would|will) you\b", re.IGNORECASE)
_FRAME = re.compile(r"(?i:the|user|user['’]s|is|was|has|a|an|of|in|at|on|to|and|for|with)")


@dataclass(frozen=True, slots=True)
class Settled:
    """How a question stands to what is known.

    ``kept`` are the places of the texts to lay out; ``said`` is the reply where nothing need be written.
    """

    stands: Stand
    kept: tuple[int, ...] = ()
    said: str = ""


def known(
    recalled: Sequence[Note], profile: Sequence[Note], before: Sequence[Turn]
) -> list[tuple[str, Note | None]]:
    """All that a question may rest on: facts, what the user said just now, and last the quotes.

    The reader stops where its room ends, and quotes are long. A reply that rests on the profile says so.
    """
    facts = [note for note in recalled if note.id.startswith("fact:")]
    there = {note.id for note in facts}
    facts += [note for note in profile if note.id not in there]
    own = [turn.text for turn in before if turn.speaker == "user" and not turn.name][-STILL_KNOWN:]
    telling = [text for text in reversed(own) if not only_asks(text) and asks_to_know(text)]
    quotes = [note for note in recalled if not note.id.startswith("fact:")]
    return [
        *((note.text, note) for note in facts),
        *((f'The user said: "{text}"', None) for text in telling),
        *((note.text, note) for note in quotes),
    ]


def rest_on(
    question: str,
    recalled: Sequence[Note],
    profile: Sequence[Note],
    before: Sequence[Turn],
    weigh: Callable[[str, Sequence[str]], Weighed | None],
    most: int,
) -> tuple[Settled | None, tuple[Note, ...]]:
    """How a question stands to all that is known, and the notes, at most so many, that a reply rests on.

    Where nobody can weigh it yet, those recalled first.
    """
    found = known(recalled, profile, before)
    texts = [text for text, _ in found]
    weighed = weigh(question, texts)
    if weighed is None:
        return None, tuple(recalled[:most])
    settled = settle(question, texts, weighed)
    kept = [note for note in (found[at][1] for at in settled.kept) if note is not None]
    return settled, tuple(kept[:most])


def settle(question: str, texts: Sequence[str], weighed: Weighed) -> Settled:
    """What follows from a reader's judgement of a question and these texts."""
    odds: dict[Stand, float] = {
        "told": weighed.told,
        "untold": weighed.untold,
        "elsewhere": weighed.elsewhere,
    }
    if not is_personal(question, texts):
        del odds["untold"]  # "How tall is Kilimanjaro?" is never declined
    stands = max(odds, key=lambda each: odds[each])
    if stands == "elsewhere":
        return Settled(stands)
    order = sorted(range(len(weighed.notes)), key=lambda at: -weighed.notes[at])
    kept = [at for at in order if weighed.notes[at] >= BEARS][:MOST_KEPT]
    if stands == "untold" or not order:
        return Settled(stands, tuple(sorted(kept)))
    kept = kept or order[:1]
    best = chosen(question, texts, weighed.notes, kept)
    said = " ".join(restated(texts[at]) for at in best) if asks_to_know(question) else ""
    return Settled(stands, tuple(sorted({*kept, *best})), said)


def is_closed(question: str) -> bool:
    """Whether a question can be answered with yes or no."""
    asked = [sentence for sentence in re.split(r"(?<=[.!?])\s+", question) if sentence.rstrip().endswith("?")]
    return any(_CLOSED.match(each) and not _CHOICE.search(each) for each in asked)


def yes_or_no(engine: Engine, request: Request) -> str:
    """The likelier of the two as the beginning of a reply."""
    yes, no = (sum(scores[:-1]) for scores in engine.score(request, ["Yes", "No"]))
    return "Yes" if yes >= no else "No"


def answer(
    engine: Engine,
    request: Request,
    settled: Settled,
    notes: Sequence[str],
    stop: Callable[[], bool] = lambda: False,
    contrast: float = 0.0,
) -> Iterator[StreamEvent]:
    """Stream a reply to a request that holds these notes, as ``Engine.chat`` does.

    What is written from notes is held against what would be said without them, as strongly as ``contrast``.
    """
    if settled.said:
        only_read = replace(request, sampling=replace(request.sampling, max_tokens=0))
        yield from _beginning(engine, only_read, settled.said, stop)
    elif settled.stands == "told":
        yield from engine.chat(from_notes(request, notes, contrast), stop)
    elif settled.stands == "untold":
        yield from _beginning(engine, request, ABSTAINING, stop)
    else:
        yield from engine.chat(request, stop)


def _beginning(
    engine: Engine, request: Request, words: str, stop: Callable[[], bool]
) -> Iterator[StreamEvent]:
    """A reply that begins so; a stop or a refusal comes before any word."""
    for event in engine.chat(replace(request, prefix=words), stop):
        yield event
        if isinstance(event, Reading) and event.share >= 1:
            yield Text(words)


def from_notes(request: Request, notes: Sequence[str], contrast: float = 0.0) -> Request:
    """The request held back from abstaining, with the words that only these notes have easier to say."""
    words = (word.strip(".,;:()") for note in notes for word in note.split())
    favoured = " ".join(word for word in words if not _FRAME.fullmatch(word))
    sampling = replace(
        request.sampling, grammar=anything_but(OPENING), favoured=favoured, favour=FAVOUR if favoured else 0.0
    )
    written = replace(request, sampling=sampling)
    if not contrast or not notes:
        return written
    return replace(written, without=without_notes(request.messages, notes), contrast=contrast)


def anything_but(opening: str) -> str:
    """A GBNF grammar of every text that does not begin with this one, two or more letters and spaces."""
    first, last = opening[0], len(opening) - 1
    rules = [f"root ::= [^{first}] rest | [{first}] after1"]
    for number, letter in enumerate(opening[1:], 1):
        more = f" | [{letter}] after{number + 1}" if number < last else ""
        rules.append(f'after{number} ::= "" | [^{letter}] rest{more}')
    return "\n".join([*rules, "rest ::= .*"])
