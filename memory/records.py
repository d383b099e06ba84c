"""The plain values that leave the store: frozen, without SQLAlchemy, safe in any thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from datetime import datetime

Origin: TypeAlias = Literal["said", "typed", "imported"]
FactState: TypeAlias = Literal["proposed", "planned", "current", "superseded", "retracted", "expired"]
TurnState: TypeAlias = Literal["complete", "writing", "stopped", "interrupted"]
Speaker: TypeAlias = Literal["user", "assistant"]
NightState: TypeAlias = Literal[
    "selecting",
    "dreaming",
    "training",
    "examining",
    "worn",
    "replaced",
    "kept",
    "cancelled",
    "failed",
    "undone",
]


class MemoryRefused(Exception):
    """Something the user asked of memory cannot be done; the text is a sentence that says why."""


@dataclass(frozen=True, slots=True)
class Conversation:
    id: int
    title: str
    created: datetime
    updated: datetime
    remembered: bool
    turns: int
    folder: str = ""
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """One message. ``notes`` are the ids of what the reply was given; ``worn`` names the adapters.

    ``name`` is who spoke in an imported chat between people, or the file that is quoted; empty for the
    user and Dormouse. What was ``imported`` is recalled like the rest, but facts are not noticed in it.
    ``versions`` are the ids of all its versions, its own among them, where it has several.
    """

    id: int
    conversation_id: int
    speaker: Speaker
    text: str
    created: datetime
    state: TurnState = "complete"
    notes: tuple[str, ...] = ()
    worn: tuple[str, ...] = ()
    thumb: int = 0
    name: str = ""
    imported: bool = False
    versions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some messages of a chat in their order, and whether there are others before and after them."""

    turns: tuple[Turn, ...] = ()
    earlier: bool = False
    later: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A structured statement about the user's world, with where it came from and when it held.

    ``turn_id`` and ``span`` (start, end in characters of that turn) are the quote; both are empty
    for a fact that the user typed into the table. All times are UTC.
    """

    id: int
    subject: str
    attribute: str
    value: str
    sentence: str
    state: FactState
    origin: Origin
    topic: str
    confidence: float
    pinned: bool
    recorded: datetime
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    retracted: datetime | None = None
    superseded_by: int | None = None
    turn_id: int | None = None
    conversation_id: int | None = None
    span: tuple[int, int] | None = None
    quote: str = ""
    nights: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """A fact or a past turn as it is put into a prompt.

    ``id`` is ``"fact:12"`` or ``"turn:40"``; ``source`` is a short human line ("3 May, Pesto").
    """

    id: str
    text: str
    score: float
    when: datetime
    source: str = ""
    conversation_id: int | None = None


@dataclass(frozen=True, slots=True)
class GistLine:
    """One of the user's own sentences and where it stands; ``weight`` is how much it tells."""

    turn_id: int
    start: int
    end: int
    weight: float
    text: str
    when: datetime


@dataclass(frozen=True, slots=True)
class Gist:
    """What stands for a stretch of a conversation, or for a month ("2026-05") of such stretches.

    ``turns`` are the first and the last of the stretch, ``characters`` is how much was said in it, by both.
    """

    id: int
    kind: Literal["session", "month"]
    month: str
    began: datetime
    ended: datetime
    characters: int
    conversation_id: int | None = None
    turns: tuple[int, int] = (0, 0)
    lines: tuple[GistLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Night:
    """One row of the register of nights."""

    id: int
    started: datetime
    ended: datetime | None
    state: NightState
    base_sha256: str
    adapter: str
    adapter_sha256: str
    scale: float
    examined_scale: float
    facts: tuple[int, ...] = ()
    sentence: str = ""
    report: str = ""


@dataclass(frozen=True, slots=True)
class NightItem:
    """One training item of a night; ``fact_id`` is empty for negatives and general anchors."""

    id: int
    night_id: int
    fact_id: int | None
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fact lies on the map of memories, from -1 to 1 both ways."""

    fact_id: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Step:
    """One step of undo: what it did, in a sentence, and which facts (of a merge, first what they became)."""

    id: int
    sentence: str
    facts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What a forgetting reached, for those who keep more than the store does.

    The adapters of ``nights`` were trained on it and must be taken off; ``words`` must not be found
    in any file of the home afterwards. ``said`` is when each of the turns was, in their order.
    ``whole_chat`` is whether a chat was forgotten, whatever it said.
    """

    facts: tuple[int, ...] = ()
    turns: tuple[int, ...] = ()
    said: tuple[datetime, ...] = ()
    nights: tuple[int, ...] = ()
    words: tuple[str, ...] = ()
    whole_chat: bool = False


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """What an import came to. ``new``, ``grown``, ``known`` and ``unread`` count conversations."""

    origin: str
    new: int = 0
    grown: int = 0
    known: int = 0
    unread: int = 0
    turns: int = 0
    facts: int = 0

    @property
    def sentence(self) -> str:
        """What happened, to be read by a person."""
        came = [_count(self.new, "new conversation"), _count(self.turns, "message")]
        said = [f"{self.origin}: {' with '.join(came)} came in"]
        said += [f"{_count(self.facts, 'fact')} too"] * bool(self.facts)
        said += [f"{self.grown} had grown"] * bool(self.grown)
        said += [f"{self.known} were here already"] * bool(self.known)
        said += [f"{self.unread} could not be read and were left out"] * bool(self.unread)
        return "; ".join(said) + "."


def _count(number: int, word: str) -> str:
    return f"{number} {word}" + "s" * (number != 1)
