"""What the words around a value tell: that it is past, over, supposed, corrected, one more, somebody else's.

The words are in ``cues.toml``. Pure.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from memory import phrases
from memory.moments import plain
from memory.values import telling_words

ENOUGH = 2  # of ``Around.mends``
LONGEST_OPENING = 4  # words
NEAR = r"(?:\s+\S+){0,4}\s*$"
_SENTENCE_ENDS = re.compile(r"[.!?;\n]+(?=\s|$)|\n")
_CLAUSE_ENDS = re.compile(
    r"[,:()–—]\s|\b(?:but|so|aber|sondern|mais|maar|dus|pero|sino)\s"
    r"|\b(?:and|und|et|en|y)\s(?=(?:now|i'm|i've|i|we|he|he's|she|she's|they|it's|won't|nun|jetzt|ich|je|maintenant|nu|ik|ahora)\b)",
    re.IGNORECASE,
)
_SELF = re.compile(
    r"\b(?:i|i'm|i've|we|we're|ich|wir|je|j'\w+|nous|ik|wij|yo|estoy|soy|me|my|us|mir|mich|moi|mij)\b"
)


@dataclass(frozen=True)
class Around:
    """A value in the message that told it."""

    message: str
    value: str

    @cached_property
    def sentence(self) -> str:
        """The sentence in which the value stands; all of the message when the value is not in it."""
        start, end = self._place
        begins = max((cut.end() for cut in _SENTENCE_ENDS.finditer(self.message, 0, start)), default=0)
        cut = _SENTENCE_ENDS.search(self.message, end)
        return self.message[begins : cut.start() if cut else len(self.message)]

    @cached_property
    def clause(self) -> str:
        """The value's clause, with what opens the sentence: "Until Friday, I'm in Porto"."""
        at = self.sentence.find(self.message[slice(*self._place)])
        ends = list(_CLAUSE_ENDS.finditer(self.sentence))
        start = max((cut.end() for cut in ends if cut.end() <= at), default=0)
        stop = min((cut.start() for cut in ends if cut.start() >= at + len(self.value)), default=None)
        opening = self.sentence[:start].strip(" ,")
        clause = self.sentence[start:stop]
        return f"{opening} {clause}" if len(opening.split()) <= LONGEST_OPENING else clause

    @cached_property
    def before(self) -> str:
        """What comes before the value in its clause."""
        words = plain(self.message[: self._place[0]]) + " "
        words = _SENTENCE_ENDS.split(words)[-1]
        return _CLAUSE_ENDS.split(words)[-1].strip()

    @cached_property
    def after(self) -> str:
        return plain(self.message[self._place[1] :])

    @cached_property
    def _place(self) -> tuple[int, int]:
        return phrases.find(self.value, self.message) or (0, len(self.message))

    def is_past(self) -> bool:
        return _says("past", self.before)

    def is_over(self) -> bool:
        """Whether the value is named as something that has ended."""
        if _says("never", self.before):
            return False
        over = rf"(?<!\w)(?:{_every('over')})(?!\w){NEAR}|\b(?:{_every('left')})\s*$"
        return (
            re.search(over, self.before) is not None
            or re.match(rf"(?:{_every('over_after')})\b", self.after) is not None
        )

    def is_supposed(self) -> bool:
        return _says("supposed", self.before)

    def is_another(self) -> bool:
        return _says("another", plain(self.sentence))

    def is_changed(self) -> bool:
        return _says("changed", plain(self.sentence))

    def is_coming(self) -> bool:
        return _says("coming", plain(self.sentence))

    def mends(self, old: str) -> int:
        """How much speaks for a correction of an old value: ``ENOUGH``, or less, which leaves it open."""
        words = plain(self.message)
        return (
            ENOUGH if self.denies(old) else ENOUGH * _says("mended", words) + _says("perhaps_mended", words)
        )

    def denies(self, old: str) -> bool:
        """Whether the message says of an old value that it is not so: "not Pilates any more"."""
        was = "|".join(map(re.escape, telling_words(old) - telling_words(self.value)))
        denied = rf"(?<!\w)(?:{_every('denied')})\s(?:\w+\s)?(?:{was})"
        return bool(was) and re.search(denied, plain(self.message)) is not None

    def names(self, old: str) -> bool:
        return phrases.find(old, self.message) is not None

    def whose(self) -> str | None:
        """Who it is, other than the user, that the clause tells of: "mother" in "my mum lives in Tralee"."""
        for person, names in _tables()["people"].items():
            told = (
                rf"\b{_every('my')}\s(?:{names})(?:\s+(?:just|also))?(?:\s+|(?='s))(?:{_every('does')})(?!\w)"
            )
            if (match := re.search(told, self.before)) and not _SELF.search(self.before[match.end() :]):
                return person
        return None


def _says(table: str, words: str) -> bool:
    return re.search(rf"(?<!\w)(?:{_every(table)})(?!\w)", words) is not None


@cache
def _every(table: str) -> str:
    return "|".join(_tables()[table].values())


@cache
def _tables() -> dict[str, dict[str, str]]:
    tables: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    return tables
