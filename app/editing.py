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
    from collections.abc import Iterable, Iterator

    from memory.manner import Manner

BRIEF = 3  # sentences
LONGEST = 240  # characters that are held back where no sentence ends
FENCE = "```"
END = re.compile(r"[.!?…]+[\"”')\]*_]*(?=\s)|[。！？]+[」』”]?|\n")
UNENDED = re.compile(
    r"(?:^|[\s(\"“])(?:(?:dr|mr|mrs|ms|prof|st|e\.g|i\.e|etc|vs|no|approx|jr|sr|[a-z])\.|\d+[.)])$",
    re.IGNORECASE,
)
TIME = re.compile(r"\d ?[ap]\.m\.$", re.IGNORECASE)
MARKER = re.compile(r"^(?P<lead>\s*)(?:[-*•+]|\d+[.)])\s+")
MARKS = {"bullets": "- ", "numbers": "{}. "}


class Editor:
    """Takes a reply in as it is written and gives out what may be shown.

    ``done`` when nothing more will be: the writing may stop.

    Args:
        manner: what the reply is held to.
        making: whether a text of some length was asked for, which "short answers" does not mean.
    """

    def __init__(self, manner: Manner, making: bool = False) -> None:
        self._manner = manner
        self._most = manner.sentences or (BRIEF if manner.brief and not making else 0)
        self._raw, self._looked = "", 0
        self._so_far = _SoFar()
        self._breaks, self._gap = 0, ""  # what stood between the last piece and the next
        self._fenced = False
        self._dropped = ""  # the first words that were edited away: better than nothing
        self._held = ""  # a question, which is shown only if something follows
        self.done = False

    def feed(self, text: str) -> str:
        """More of the reply; returns what is now whole."""
        self._raw += text
        return "".join(map(self._piece, self._whole()))

    def finish(self, complete: bool = True) -> str:
        """The rest, and what every reply ends with if it is ``complete``."""
        rest = "" if self.done else self._piece(self._raw)
        if not self._so_far.pieces:
            rest = self._cased(self._dropped or self._held)
        self._raw, self.done = "", True
        closing = self._manner.closing if complete and self._so_far.pieces else ""
        return rest + (f" {self._cased(closing)}" if closing else "")

    def _whole(self) -> Iterator[str]:
        """The sentences and lines that have ended; they are taken off what is held back."""
        while not self.done:
            end = self._end()
            if not end:
                return
            piece, self._raw, self._looked = self._raw[:end], self._raw[end:], 0
            yield piece

    def _end(self) -> int:
        for match in END.finditer(self._raw, self._looked):
            if match.group() == "\n" and self._raw[: match.start()].strip():
                return match.start()  # the break belongs to what follows
            if match.group() == "\n":
                return match.end()
            ended = self._ended(match.end())
            if ended is None:
                return 0
            if ended:
                return match.end()
        self._looked = self._raw.rfind(" ") + 1  # of a run of full stops and quotes the end may be to come
        if len(self._raw) > LONGEST and not self._fenced:
            return self._raw.rfind(" ") + 1
        return 0

    def _ended(self, end: int) -> bool | None:
        """Whether a sentence ends here; None where only what comes next can tell."""
        if UNENDED.search(self._raw[:end]):
            return False
        if not TIME.search(self._raw[:end]):
            return True
        after = self._raw[end:].lstrip(" ")
        return not after[0].islower() if after else None

    def _piece(self, raw: str) -> str:
        """One sentence or line as it is shown; nothing where it is not. A program stays as it is."""
        if FENCE in raw or self._fenced or raw.lstrip().startswith("|"):
            return self._untouched(raw)
        if not raw.strip():
            self._breaks, self._gap = self._breaks + raw.count("\n"), raw.rpartition("\n")[2] or self._gap
            return ""
        lead = raw[: len(raw) - len(raw.lstrip())]
        piece = _Piece(self._rewritten(raw.strip()), self._breaks + lead.count("\n"), self._gap or lead)
        if not piece.text.strip(" .,!?;:-*#"):
            self._dropped = self._dropped or raw.strip()
            return ""
        if "question" in self._manner.without and piece.asks and self._so_far.pieces:
            self._held += self._between(piece) + self._cased(self._as_item(piece.text))
            self._breaks, self._gap = 0, ""
            return ""
        return self._shown(piece)

    def _shown(self, piece: _Piece) -> str:
        if self._too_much(piece):
            self.done = True
            if self._so_far.pieces:
                return ""
            piece.text = self._cut(piece.text)
        before, self._held = self._held, ""
        shown = before + self._between(piece) + self._cased(self._begun(self._as_item(piece.text)))
        self._so_far.add(piece)
        self._breaks, self._gap = 0, ""
        return shown

    def _untouched(self, raw: str) -> str:
        if raw.count(FENCE) % 2:
            self._fenced = not self._fenced
        between = "\n" * self._breaks if self._so_far.pieces else ""
        self._breaks, self._gap = 0, ""
        self._so_far.pieces += 1
        self._so_far.untouched = True
        return between + raw

    def _rewritten(self, text: str) -> str:
        """The substitutions, whatever its place."""
        manner = self._manner
        text = wording.around_programs(text, self._reworded)
        if "apology" in manner.without:
            text = wording.without_apology(text)
        short = self._most or manner.words
        if not self._so_far.pieces and (
            manner.no_opening or "pleasantry" in manner.without or manner.yes_no or short
        ):
            text = wording.without_opening(text, manner.no_opening)
        return wording.without_words(text, manner.banned)

    def _reworded(self, text: str) -> str:
        manner = self._manner
        if manner.clock:
            text = figures.clock(text, manner.clock)
        if manner.units:
            text = figures.measures(text, manner.units)
        for name, change in wording.PLAIN:
            if name in manner.without:
                text = change(text)
        return wording.spelt(text, manner.spelling) if manner.spelling else text

    def _too_much(self, piece: _Piece) -> bool:
        """Whether this piece is more than was asked for."""
        manner, so_far = self._manner, self._so_far
        return bool(
            (self._most and so_far.sentences + piece.sentences > self._most)
            or (manner.words and so_far.words + piece.words > manner.words)
            or (manner.items and so_far.items + piece.is_item > manner.items)
            or (manner.paragraphs and so_far.paragraphs + (piece.breaks > 1) > manner.paragraphs)
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
        so_far = self._so_far
        if not so_far.pieces:
            return ""
        if so_far.untouched:
            return "\n" * max(1, piece.breaks)
        if self._flows:
            return "\n\n" if piece.breaks > 1 and not (self._manner.lines or so_far.heading) else " "
        if self._manner.listing in MARKS:
            return "\n"
        return "\n" * piece.breaks + piece.gap.rpartition("\n")[2]

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
        change = {"upper": str.upper, "lower": str.lower}.get(self._manner.case)
        return wording.around_programs(text, change) if change else text


@dataclass(slots=True)
class _Piece:
    """A sentence or a line, and what stood before it."""

    text: str
    breaks: int
    gap: str

    @property
    def words(self) -> int:
        return len(self.text.split())

    @property
    def is_item(self) -> bool:
        return MARKER.match(self.text) is not None

    @property
    def asks(self) -> bool:
        return self.text.rstrip("\"”')").endswith("?")

    @property
    def sentences(self) -> int:
        """A heading belongs to the sentence after it."""
        return 0 if self.text.endswith(":") else 1


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
    untouched: bool = False

    def add(self, piece: _Piece) -> None:
        self.pieces += 1
        self.sentences += piece.sentences
        self.words += piece.words
        self.items += piece.is_item
        self.paragraphs += piece.breaks > 1
        self.heading = piece.text.endswith(":")
        self.listed += not self.heading
        self.untouched = False


def wish(manner: Manner) -> str:
    """What the model is asked for in so many words; empty where nothing is."""
    parts = list(_wishes(manner))
    return f"({' '.join(parts)})" if parts else ""


def _wishes(manner: Manner) -> Iterable[str]:
    if manner.lines:
        yield "Answer in one line."
    if manner.sentences or manner.brief:
        most = manner.sentences or BRIEF
        yield "Answer in one sentence." if most == 1 else f"Answer in at most {most} sentences."
    if manner.words:
        yield f"Use at most {manner.words} words."
    if manner.listing:
        yield {
            "bullets": "Answer in short points.",
            "numbers": "Answer in numbered steps.",
            "none": "Answer in plain sentences, without a list.",
        }[manner.listing]
    if manner.items:
        yield f"Give {manner.items}."
    if manner.clock == 24:
        yield "Give times on the 24-hour clock, such as 14:30."
    if manner.units:
        yield {
            "grams": "Give amounts in grams, such as 150 g.",
            "metric": "Use metric units.",
            "imperial": "Use miles, pounds and Fahrenheit.",
        }[manner.units]
    if manner.yes_no:
        yield "Begin with yes or no, then say why."
