"""What a message tells about the user: marked by a reader, and where need be named by the model.

The reader says whether there is anything lasting in it, in which words, and what these are where that is
plain ("sister's name"). For the others the model says what it would note of its own accord, and where its
value is one of those its name is taken; what is left is kept in the user's own words. Only what the user
typed is ever read here: the assistant's words and recalled notes are no evidence.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from memory import phrases
from memory.lexical import words_of
from memory.manner import MANNER, stated

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from memory.ports import Completer, Reader, Span

EXTRACT_SYSTEM = "Extract lasting facts about the user as JSON."
THRESHOLD = 0.0  # natural-log odds that there is something lasting, from which it is proposed
MAX_TOKENS = 240
LONGEST_READ = 4000  # characters: a longer message is a paste, and only its beginning is read
PIECE = 900  # characters that are read at once: what stands around a sentence tells fiction from fact
LONGEST_VALUE = 120
MOST = 8  # facts of one piece
NEAR = 120  # characters either way of a value, of a sentence that is kept in the user's own words
CODE_SHARE = 0.08  # of the characters; people's sentences stay well below

_PAIR = re.compile(r'("(?:[^"\\]|\\.)+")\s*:\s*("(?:[^"\\]|\\.)+")')
_FENCED = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_QUOTED_LINE = re.compile(r"^>.*$", re.MULTILINE)
_CODE = re.compile(r"[{}()\[\]<>=;_\\|#*&^%$@~`]")
ANY = r"""root ::= "{" pair (", " pair){0,7} "}"
pair ::= string ": " string
string ::= "\"" [^"\\\x00-\x1f]+ "\""
"""
_SENTENCE = re.compile(r"[^.!?\n]*(?:[.!?\n]+|\Z)")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A proposed fact; ``start`` and ``end`` are where its value stands in the message.

    ``sentence`` is what was said, word for word, where no name for it is sure: a wrong one would be a false
    memory.
    """

    attribute: str
    value: str
    start: int
    end: int
    confidence: float
    sentence: str = ""


def notice(
    message: str, reader: Reader, completer: Completer, threshold: float = THRESHOLD
) -> list[Candidate]:
    """The lasting facts about the user in one message that the user typed."""
    words = readable(message)
    if not words.strip() or looks_like_code(words):
        return []
    found = {(fact.attribute, fact.value.casefold()): fact for fact in manners(words)}
    wishes = [range(fact.start, fact.end) for fact in found.values()]
    for start, piece in pieces(words):
        marked = reader.mark(piece)
        spans = [span for span in marked.spans if _is_value(piece, span)]
        spans = [span for span in spans if not _is_of_a_wish(span, start, wishes)][:MOST]
        if marked.odds >= threshold and spans:
            sure = 1 / (1 + math.exp(-max(-30.0, min(30.0, marked.odds))))
            for fact in _named(piece, start, spans, sure, completer):
                found.setdefault((fact.attribute, fact.value.casefold()), fact)
    return list(found.values())


def manners(words: str) -> Iterator[Candidate]:
    """How the user wants to be answered, in their own words."""
    for start, end in stated(words):
        value = " ".join(words[start:end].split())
        if len(value) <= LONGEST_VALUE:
            yield Candidate(MANNER, value, start, end, 1.0, f'The user said: "{value}"')


def pieces(words: str, length: int = PIECE) -> Iterator[tuple[int, str]]:
    """A text in pieces of whole sentences with where they begin; a short text is one piece."""
    begin = end = 0
    for sentence in _SENTENCE.finditer(words):
        if end > begin and sentence.end() - begin > length:
            yield begin, words[begin:end]
            begin = end
        end = sentence.end()
    if words[begin:].strip():
        yield begin, words[begin:]


def _is_of_a_wish(span: Span, start: int, wishes: Sequence[range]) -> bool:
    """Whether a span says again how to answer; another thing in the same sentence has a name of its own."""
    inside = any(start + span.start in wish for wish in wishes)
    return inside and (not span.name or span.name.endswith("preference"))


def _is_value(piece: str, span: Span) -> bool:
    value = piece[span.start : span.end]
    return 0 < len(value) <= LONGEST_VALUE and any(letter.isalnum() for letter in value)


def _named(
    piece: str, start: int, spans: Sequence[Span], sure: float, completer: Completer
) -> Iterator[Candidate]:
    values = [" ".join(piece[span.start : span.end].split()) for span in spans]
    names = [span.name for span in spans]
    if not all(names):  # what the model would say of its own accord it names best
        freely = parse(_asked(completer, piece, ANY))
        names = [name or _called(value, freely) for name, value in zip(names, values, strict=True)]
    for span, value, attribute in zip(spans, values, names, strict=True):
        name = phrases.canonical(attribute)
        said = "" if name else f'The user said: "{_around(piece, span)}"'
        place = (start + span.start, start + span.end)
        yield Candidate(name or phrases.NOTE, value, *place, sure * span.sure, said)


def _asked(completer: Completer, piece: str, grammar: str) -> str:
    return completer.complete(
        EXTRACT_SYSTEM, piece.strip(), prefix='{"', grammar=grammar, max_tokens=MAX_TOKENS
    )


def _around(piece: str, span: Span) -> str:
    """The sentence that a value stands in, or of a long one what is near."""
    sentences = [match.span() for match in _SENTENCE.finditer(piece) if match.start() <= span.start]
    begin, end = sentences[-1][0], max(sentences[-1][1], span.end)
    begin, end = max(begin, span.start - NEAR), min(end, span.end + NEAR)
    return " ".join(piece[begin:end].split())


def _called(value: str, pairs: Sequence[tuple[str, str]]) -> str:
    """The name of the first pair whose value has at least half of its words in common with this one."""
    wanted = set(words_of(value))
    for name, other in pairs:
        words = set(words_of(other))
        if wanted and len(wanted & words) * 2 >= len(wanted | words):
            return name
    return ""


def reply_for(facts: list[tuple[str, str]]) -> str:
    """The reply that stands for these facts; the memory skill is trained to give exactly this."""
    pairs = [f"{_quoted(attribute)}: {_quoted(value)}" for attribute, value in facts]
    return "{" + ", ".join(pairs) + "}"


def parse(reply: str) -> list[tuple[str, str]]:
    """The pairs of a reply, also of one that was cut off; an attribute may occur more than once."""
    pairs = []
    for attribute, value in _PAIR.findall(reply):
        try:
            pairs.append((json.loads(attribute), json.loads(value)))
        except json.JSONDecodeError:
            continue  # a broken escape: this pair cannot be trusted, the others can
    return pairs


def readable(message: str) -> str:
    """The user's own words: fenced code and quoted lines blanked out, so that positions stay."""
    for pattern in (_FENCED, _QUOTED_LINE):
        message = pattern.sub(lambda match: " " * len(match.group()), message)
    return message[:LONGEST_READ]


def looks_like_code(words: str) -> bool:
    """Whether the words are mostly a program, a log or a table."""
    solid = "".join(words.split())
    return len(solid) > 20 and len(_CODE.findall(solid)) > CODE_SHARE * len(solid)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
