"""What happened, in plain Python. Anybody may listen; Qt meets these in one bridge only."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from consolidation.progress import Progress

if TYPE_CHECKING:
    from memory.records import Fact, Note, Turn

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EngineState:
    """``waking``, ``awake`` or ``down``, with a sentence for the user."""

    state: str
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class TurnLogged:
    """The user's words are on disk."""

    turn: Turn


@dataclass(frozen=True, slots=True)
class Recalled:
    """What this reply is given."""

    conversation_id: int
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class PromptRead:
    """How much of the prompt has been read, 0 to 1."""

    conversation_id: int
    share: float


@dataclass(frozen=True, slots=True)
class ReplyText:
    """The next piece of a reply."""

    conversation_id: int
    text: str


@dataclass(frozen=True, slots=True)
class ReplyDone:
    """The reply is on disk. ``sentence`` explains an interruption, else it is empty."""

    turn: Turn
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Noticed:
    """Facts that were just proposed or added from what the user typed."""

    conversation_id: int
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """Something was written: views refresh the named kinds ("facts", "conversations", ...)."""

    kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class IndexProgress:
    """How much of what waited is to be found by meaning, 0 to 1; ``again`` after the index was lost."""

    share: float
    again: bool = False


NightProgress = Progress  # the night's own word, heard by the app


@dataclass(frozen=True, slots=True)
class NightEnded:
    """The night is over; the register holds how it went."""

    night_id: int
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class DownloadProgress:
    """How many bytes of a model are here, of how many; bytes a second, and seconds left if that is known."""

    name: str
    done: int
    total: int
    rate: float = 0.0
    seconds_left: float | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class DownloadEnded:
    """A download ended: ``here`` with the checked sum, ``paused`` or ``refused`` with a sentence."""

    name: str
    state: str
    sentence: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """Something could not be done: a title, what happened, what to do."""

    title: str
    sentence: str


Event: TypeAlias = (
    EngineState
    | TurnLogged
    | Recalled
    | PromptRead
    | ReplyText
    | ReplyDone
    | Noticed
    | Changed
    | IndexProgress
    | NightProgress
    | NightEnded
    | DownloadProgress
    | DownloadEnded
    | Failed
)
Listener: TypeAlias = Callable[[Event], None]


class Bus:
    """Calls every listener in the thread that tells; a listener that fails harms nobody else."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._lock = threading.Lock()

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Add a listener; the returned call takes it off again."""
        with self._lock:
            self._listeners.append(listener)
        return lambda: self._drop(listener)

    def tell(self, event: Event) -> None:
        with self._lock:
            listeners = tuple(self._listeners)
        for listener in listeners:
            try:
                listener(event)
            except Exception:
                log.exception("a listener failed on %s", type(event).__name__)

    def _drop(self, listener: Listener) -> None:
        with self._lock:
            if listener in self._listeners:
                self._listeners.remove(listener)
