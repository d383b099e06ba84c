"""What is said between the app and its workers: one JSON object a line, one class a kind.

``encode`` and ``decode`` are each other's inverse. A line is ``{"kind": ..., "number": ..., ...}``;
the number is the request's, so that a late "stop" never stops the request after.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from models.attention import Attention
from models.engine import (
    Done,
    EngineDied,
    EngineError,
    Marked,
    Message,
    ModelInfo,
    ModelRefused,
    Reading,
    Request,
    Sampling,
    Span,
    Text,
    Weighed,
    Worn,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Open:
    """Open a model; answered by ``ModelInfo``. The embedder's worker ignores the fields."""

    model: Path
    context: int = 4096
    threads: int | None = None
    gpu_layers: int = 0
    states: Path | None = None
    attention: Attention = field(default_factory=Attention)


@dataclass(frozen=True, slots=True)
class Ping:
    """Are you there? Answered by ``Finished``."""


@dataclass(frozen=True, slots=True)
class Wear:
    """Replace the set of adapters; answered by ``Finished``."""

    adapters: tuple[Worn, ...]


@dataclass(frozen=True, slots=True)
class Chat:
    """Stream a reply: ``Reading`` and ``Text`` until ``Done``."""

    request: Request


@dataclass(frozen=True, slots=True)
class Score:
    """Answered by ``Scores``."""

    request: Request
    replies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scores:
    tokens: list[list[float]]


@dataclass(frozen=True, slots=True)
class Count:
    """Answered by ``Counted``."""

    text: str


@dataclass(frozen=True, slots=True)
class Counted:
    tokens: int


@dataclass(frozen=True, slots=True)
class Embed:
    """Answered by ``Vectors``."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vectors:
    """Little-endian float32 rows in base64."""

    rows: int
    data: str


@dataclass(frozen=True, slots=True)
class Weigh:
    """Answered by ``Weighed``."""

    question: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """Answered by ``Marked``."""

    text: str


@dataclass(frozen=True, slots=True)
class Stop:
    """End the request of this line's number at the next token."""


@dataclass(frozen=True, slots=True)
class Finished:
    """Done, with nothing to say."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The request could not be served; ``error`` names the class to raise."""

    error: str
    sentence: str

    def exception(self) -> EngineError:
        kinds = {kind.__name__: kind for kind in (EngineError, EngineDied, ModelRefused)}
        return kinds.get(self.error, EngineError)(self.sentence)


Word: TypeAlias = (
    Open | Ping | Wear | Chat | Score | Scores | Count | Counted | Embed | Vectors | Weigh | Mark | Stop
    | Finished | Failed | ModelInfo | Reading | Text | Done | Weighed | Marked
)  # fmt: skip

_Build: TypeAlias = Callable[[Any], Any]
_KINDS: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        Open, Ping, Wear, Chat, Score, Scores, Count, Counted, Embed, Vectors, Weigh, Mark, Stop,
        Finished, Failed, ModelInfo, Reading, Text, Done, Weighed, Marked,
    )
}  # fmt: skip


def encode(word: Word, number: int = 0) -> bytes:
    """One line, newline included."""
    plain = {"kind": type(word).__name__, "number": number, **asdict(word)}
    return json.dumps(plain, default=str).encode() + b"\n"


def decode(line: bytes) -> tuple[Word, int]:
    """The word and its request's number.

    Raises:
        ValueError: the line is not one that ``encode`` made.
    """
    try:
        plain = json.loads(line)
        kind, number = _KINDS[plain.pop("kind")], int(plain.pop("number"))
        known = {each.name for each in fields(kind)}
        values = {name: _BUILD.get(name, _same)(value) for name, value in plain.items() if name in known}
        word: Word = kind(**values)
    except (KeyError, TypeError, AttributeError) as problem:
        raise ValueError("a line from the other process makes no sense") from problem
    return word, number


def _same(value: Any) -> Any:
    return value


def _worn(values: Sequence[Mapping[str, Any]] | None) -> tuple[Worn, ...] | None:
    return None if values is None else tuple(Worn(Path(v["path"]), v["scale"]) for v in values)


def _messages(rows: Sequence[Mapping[str, Any]]) -> tuple[Message, ...]:
    return tuple(Message(**message) for message in rows)


def _request(plain: Mapping[str, Any]) -> Request:
    return Request(
        messages=_messages(plain["messages"]),
        sampling=Sampling(**plain["sampling"]),
        prefix=plain["prefix"],
        slot=plain["slot"],
        adapters=_worn(plain["adapters"]),
        without=_messages(plain["without"]),
        contrast=plain["contrast"],
    )


_BUILD: dict[str, _Build] = {
    "model": Path,
    "path": Path,
    "states": lambda path: None if path is None else Path(path),
    "attention": lambda plain: Attention(**plain),
    "adapters": _worn,
    "request": _request,
    "replies": tuple,
    "texts": tuple,
    "notes": tuple,
    "spans": lambda spans: tuple(Span(**span) for span in spans),
}


def pack(vectors: NDArray[np.float32]) -> Vectors:
    """Rows of numbers for the wire."""
    data = base64.b64encode(vectors.astype("<f4").tobytes()).decode("ascii")
    return Vectors(len(vectors), data)


def unpack(vectors: Vectors) -> NDArray[np.float32]:
    """The rows that ``pack`` packed."""
    import numpy as np

    flat = np.frombuffer(base64.b64decode(vectors.data), dtype="<f4").astype(np.float32)
    return flat.reshape(vectors.rows, -1)
