"""A reply held to the manner that the user asked for, while it is written.

What a small model promises it does not keep, so its words are edited sentence by sentence before they are
shown: limits end the reply, figures are rewritten, what is not wanted is left out. ``wish`` also asks the
model for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app import figures, wording

if TYPE_CHECKING:
    from collections.abc import Iterable

    from memory.manner import Manner

BRIEF = 3  # sentences
FENCE = "```"
PIECE = re.compile(r"[^\n]*?[.!?…]+[\"”')\]*_]*(?=\s)|\n+|[^\n.!?…]+(?=\n)")
MARKS = {"bullets": "- ", "numbers": "{}. "}
NUMBERED = re.compile(r"^\s*\d+[.)]$")
MARKER = re.compile(r"^(?P<lead>\s*)(?:[-*•+]|\d+[.)])\s+")


class Editor:
    """Takes a reply in as it is written and gives out what may be shown.

    ``done`` when nothing more will be: the writing may stop.
    """

    def __init__(self, manner: Manner) -> None:
        self._manner = manner
        self._raw = ""
        self._so_far = _SoFar()
        self._fenced = False
        self._breaks, self._gap = 0, False  # what stood between the last piece and the next
        self._dropped = ""  # the first words that were edited away: better than nothing
        self.done = False

    def feed(self, text: str) -> str:
        """More of the reply; returns what is now whole."""
        self._raw += text
        out, end = [], 0
        for match in PIECE.finditer(self._raw):
            if match.end() == len(self._raw) or self.done:
                break
            if not NUMBERED.match(self._raw[end : match.end()]):  # "2." begins an item
                out.append(self._piece(self._raw[end : match.end()]))
                end = match.end()
        self._raw = self._raw[end:]
        return "".join(out)

    def finish(self) -> str:
        """The rest, and what every reply ends with."""
        rest = "" if self.done else self._piece(self._raw)
        if not self._so_far.pieces:
            rest = self._cased(self._dropped)
        self._raw, self.done = "", True
        closing = self._manner.closing
        return rest + (f" {self._cased(closing)}" if closing and self._so_far.pieces else "")

    def _piece(self, raw: str) -> str:
        """One sentence or line as it is shown; nothing where it is not. A program stays as it is."""
        if self._fenced or raw.lstrip().startswith(FENCE):
            return self._program(raw)
        if not raw.strip():
            self._breaks, self._gap = max(self._breaks, raw.count("\n")), self._gap or bool(raw)
            return ""
        breaks = self._breaks + raw[: len(raw) - len(raw.lstrip())].count("\n")
        gap = self._gap or raw[:1].isspace()
        text = self._rewritten(raw.strip())
        if not text.strip(" .,!?;:-*#"):
            self._dropped = self._dropped or raw.strip()
            return ""
        piece = _Piece(text, breaks, gap)
        if self._too_much(piece):
            self.done = True
            text = "" if self._so_far.pieces else self._cut(text)
            self._so_far.pieces += bool(text)
            return self._cased(text)
        shown = self._between(piece) + self._cased(self._begun(self._as_item(text)))
        self._so_far.add(piece)
        self._breaks, self._gap = 0, False
        return shown

    def _program(self, raw: str) -> str:
        if raw.count(FENCE) % 2:
            self._fenced = not self._fenced
        between = "\n" * self._breaks if self._so_far.pieces else ""
        self._breaks, self._gap = 0, False
        self._so_far.pieces += 1
        return between + raw

    def _rewritten(self, text: str) -> str:
        """The substitutions, whatever its place."""
        manner, without, first = self._manner, self._manner.without, not self._so_far.pieces
        if manner.clock:
            text = figures.clock(text, manner.clock)
        if manner.units:
            text = figures.measures(text, manner.units)
        for name, change in wording.PLAIN:
            if name in without:
                text = change(text)
        if manner.spelling:
            text = wording.spelt(text, manner.spelling)
        short = manner.sentences or manner.words or manner.brief
        if first and (manner.no_opening or "pleasantry" in without or manner.yes_no or short):
            text = wording.without_opening(text, manner.no_opening)
        return wording.without_words(text, manner.banned)

    def _too_much(self, piece: _Piece) -> bool:
        """Whether this piece is more than was asked for."""
        manner, so_far = self._manner, self._so_far
        limit = manner.sentences or (BRIEF if manner.brief else 0)
        if "question" in manner.without and so_far.pieces and piece.text.rstrip("\"”')").endswith("?"):
            return True
        return bool(
            (limit and so_far.sentences + piece.sentences > limit)
            or (manner.words and so_far.words + piece.words > manner.words)
            or (manner.items and so_far.items + piece.is_item > manner.items)
            or (manner.paragraphs and so_far.paragraphs + (piece.breaks >= 2) > manner.paragraphs)
        )

    def _cut(self, text: str) -> str:
        """A first piece that is too long, cut where it may end: something must be said."""
        words = text.split()[: self._manner.words or None]
        return " ".join(words).rstrip(",;:") + ("" if words[-1][-1:] in ".!?" else ".")

    def _as_item(self, text: str) -> str:
        manner = self._manner
        if self._flows:
            return MARKER.sub("", text)
        if manner.listing not in MARKS or text.endswith(":"):
            return text
        return MARKS[manner.listing].format(self._so_far.listed + 1) + MARKER.sub("", text)

    @property
    def _flows(self) -> bool:
        """Whether everything goes into running text."""
        return bool(self._manner.lines or self._manner.sentences or self._manner.listing == "none")

    def _between(self, piece: _Piece) -> str:
        if not self._so_far.pieces:
            return ""
        if self._flows:
            return "\n\n" if piece.breaks > 1 and not (self._manner.lines or self._so_far.heading) else " "
        if self._manner.listing in MARKS:
            return "\n"
        return "\n" * piece.breaks or (" " if piece.gap else "")

    def _begun(self, text: str) -> str:
        """The first piece with the name and the words that every reply begins with."""
        manner = self._manner
        if self._so_far.pieces:
            return text
        if manner.address and manner.address.casefold() not in text.casefold():
            text = wording.addressed(text, manner.address)
        if manner.opening and not text.casefold().startswith(manner.opening.casefold()):
            text = f"{manner.opening} {text}"
        return text

    def _cased(self, text: str) -> str:
        return {"upper": text.upper(), "lower": text.lower()}.get(self._manner.case, text)


@dataclass(slots=True)
class _Piece:
    """A sentence or a line, and what stood before it."""

    text: str
    breaks: int
    gap: bool

    @property
    def words(self) -> int:
        return len(self.text.split())

    @property
    def is_item(self) -> bool:
        return MARKER.match(self.text) is not None

    @property
    def sentences(self) -> int:
        """A heading belongs to the sentence after it."""
        return 0 if self.text.endswith(":") else max(1, len(re.findall(r"[.!?…]+(?=\s|$)", self.text)))


@dataclass(slots=True)
class _SoFar:
    """What was shown of a reply."""

    pieces: int = 0
    sentences: int = 0
    words: int = 0
    items: int = 0
    listed: int = 0
    paragraphs: int = 1
    heading: bool = False

    def add(self, piece: _Piece) -> None:
        self.pieces += 1
        self.sentences += piece.sentences
        self.words += piece.words
        self.items += piece.is_item
        self.paragraphs += piece.breaks > 1
        self.heading = piece.text.endswith(":")
        self.listed += not self.heading


def wish(manner: Manner) -> str:
    """What the model is asked for in so many words; empty where nothing is."""
    parts = list(_wishes(manner))
    return f"({' '.join(parts)})" if parts else ""


def _wishes(manner: Manner) -> Iterable[str]:
    if manner.lines:
        yield "Answer in one line."
    if manner.sentences or manner.brief:
        yield (
            f"Answer in at most {manner.sentences or BRIEF} sentences."
            if manner.sentences != 1
            else "Answer in one sentence."
        )
    if manner.words:
        yield f"Use at most {manner.words} words."
    if manner.listing == "bullets":
        yield "Answer in short points."
    if manner.listing == "numbers":
        yield "Answer in numbered steps."
    if manner.listing == "none":
        yield "Answer in plain sentences, without a list."
    if manner.items:
        yield f"Give {manner.items}."
    if manner.clock == 24:
        yield "Give times on the 24-hour clock, such as 14:30."
    if manner.units == "grams":
        yield "Give amounts in grams, such as 150 g."
    if manner.units == "metric":
        yield "Use metric units."
    if manner.units == "imperial":
        yield "Use miles, pounds and Fahrenheit."
    if manner.yes_no:
        yield "Begin with yes or no, then say why."
