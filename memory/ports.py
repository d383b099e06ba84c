"""What memory asks of the models' room; it does not know that room, only these protocols."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray


class Embedder(Protocol):
    """Texts to unit vectors; ``models.engine.Embedder`` fits."""

    @property
    def name(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of shape (len(texts), dimensions)."""


class Completer(Protocol):
    """A language model reduced to what noticing needs; ``app`` wraps the engine in one."""

    def complete(
        self,
        system: str,
        user: str,
        *,
        prefix: str = "",
        grammar: str | None = None,
        max_tokens: int = 256,
    ) -> str:
        """The reply, greedy, ``prefix`` included."""


class Span(Protocol):
    """Characters of a message, and how sure it is that they tell something (0 to 1)."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...

    @property
    def sure(self) -> float: ...

    @property
    def name(self) -> str:
        """What these words are ("sister's name"), where that is plain; else empty."""


class Marked(Protocol):
    """Natural-log odds that a message tells something lasting, and the words that would."""

    @property
    def odds(self) -> float: ...

    @property
    def spans(self) -> Sequence[Span]: ...


class Reader(Protocol):
    """Marks what a message tells about who wrote it; ``models.engine.Reader`` fits."""

    def mark(self, message: str) -> Marked: ...


class Vectors(Protocol):
    """Where recall looks for what is near in meaning; ``memory.index.Index`` fits."""

    def search(self, kind: str, vector: NDArray[np.float32], k: int) -> dict[int, float]:
        """The nearest turns or facts with their cosine similarity, best first."""

    def similarities(self, kind: str, vector: NDArray[np.float32], ids: Iterable[int]) -> dict[int, float]:
        """The cosine similarity of these items, as far as they are known."""
