"""What the rest of Dormouse may ask of a language model and of an embedder.

Two protocols and the plain values they speak in. ``models.llama`` and ``models.embedder`` implement
them in this process, ``models.process`` speaks them to a child; tests implement them in a few lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

Role: TypeAlias = Literal["system", "user", "assistant"]
Why: TypeAlias = Literal["end", "length", "stopped"]


class EngineError(Exception):
    """The engine could not do what was asked. The text is a sentence for the user."""


class EngineDied(EngineError):
    """The engine's process ended in the middle of a request."""


class ModelRefused(EngineError):
    """The file is not a model (or adapter) that can be served; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Message:
    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the next tokens are chosen. Temperature 0 is greedy; ``grammar`` is GBNF.

    The tokens of the words in ``favoured`` gain ``favour`` nats before every choice.
    """

    max_tokens: int = 512
    temperature: float = 0.0
    top_p: float = 0.95
    top_k: int = 40
    repeat_penalty: float = 1.0
    seed: int = 0
    grammar: str | None = None
    favoured: str = ""
    favour: float = 0.0


@dataclass(frozen=True, slots=True)
class Worn:
    """An adapter file and the strength it is served at (multiplies its own alpha / r)."""

    path: Path
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Request:
    """One question to the model.

    Args:
        messages: laid out by the model's own chat template.
        prefix: the first words of the reply, put into the model's mouth; not repeated in the stream.
        slot: which of the two kept contexts to use: 0 is the conversation, 1 is side work such as
            noticing, so that side work never makes the conversation be read again.
        adapters: what to wear for this request alone; ``None`` is what ``wear`` set.
        without: the same messages without the notes, for a reply in the conversation's slot.
        contrast: how strongly what would be said to those is held against what is said; 0 is not at all.
            Where there is no room for both, the reply is a plain one.
    """

    messages: tuple[Message, ...]
    sampling: Sampling = Sampling()
    prefix: str = ""
    slot: int = 0
    adapters: tuple[Worn, ...] | None = None
    without: tuple[Message, ...] = ()
    contrast: float = 0.0


@dataclass(frozen=True, slots=True)
class Reading:
    """How much of the prompt has been read, 0 to 1."""

    share: float


@dataclass(frozen=True, slots=True)
class Text:
    """The next piece of the reply: never half a character."""

    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """The reply ended."""

    why: Why
    prompt_tokens: int
    reused_tokens: int
    reply_tokens: int


StreamEvent: TypeAlias = Reading | Text | Done


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What an open model says about itself. ``context`` is in tokens; ``size`` in bytes."""

    path: Path
    name: str
    architecture: str
    context: int
    parameters: int
    size: int


class Engine(Protocol):
    """A language model that is being served."""

    @property
    def info(self) -> ModelInfo: ...

    def wear(self, adapters: Sequence[Worn]) -> None:
        """Replace the whole set of adapters; raises ``ModelRefused`` and keeps the old set on failure."""

    def chat(self, request: Request, stop: Callable[[], bool] = lambda: False) -> Iterator[StreamEvent]:
        """Stream a reply; ``stop`` is asked before every token. The last event is always ``Done``."""

    def score(self, request: Request, replies: Sequence[str]) -> list[list[float]]:
        """Natural-log probability of each token of each reply (end-of-turn token included)."""

    def count(self, text: str) -> int:
        """Tokens in a text, without any template."""

    def close(self) -> None: ...


class Embedder(Protocol):
    """Texts to unit vectors."""

    @property
    def name(self) -> str:
        """Identifies the vectors: an index made under another name is rebuilt."""

    @property
    def dimensions(self) -> int: ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of shape (len(texts), dimensions)."""

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Weighed:
    """How a question stands to the notes beside it.

    Three natural-log probabilities: the notes answer it, it asks for something of the user's that they
    lack, it asks for something else altogether; and for each note the log odds that an answer rests on it.
    """

    told: float
    untold: float
    elsewhere: float
    notes: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """Characters of a text, how sure it is that they tell something (0 to 1), and what, if that is plain."""

    start: int
    end: int
    sure: float
    name: str = ""


@dataclass(frozen=True, slots=True)
class Marked:
    """Natural-log odds that a message tells something lasting about its writer, and the words that would."""

    odds: float
    spans: tuple[Span, ...] = ()


class Reader(Protocol):
    """Reads closely, and says nothing."""

    def weigh(self, question: str, notes: Sequence[str]) -> Weighed: ...

    def mark(self, message: str) -> Marked: ...


class EmbedderAndReader(Embedder, Reader, Protocol):
    """Both in one process, whose libraries take seconds to load."""


def words_of(events: Iterable[StreamEvent]) -> str:
    """The whole text of a stream."""
    return "".join(event.text for event in events if isinstance(event, Text))


def reply_text(engine: Engine, request: Request) -> str:
    """The whole reply to a request, prefix included."""
    return request.prefix + words_of(engine.chat(request))
