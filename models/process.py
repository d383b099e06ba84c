"""``Engine``, ``Embedder`` and ``Reader`` as child processes, so that a crash takes no window along.

A child that dies fails the request in hand with ``EngineDied``; the next request starts a new one,
opens the model again and puts the adapters on again.
"""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

from models import wire
from models.attention import Attention
from models.child import Child, Client, answer_to
from models.engine import (
    Done,
    EngineError,
    Marked,
    ModelInfo,
    Reading,
    Request,
    StreamEvent,
    Text,
    Weighed,
    Worn,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

_ASK_EVERY = 0.02  # seconds between two looks at the caller's stop while nothing arrives
_TEXTS_AT_ONCE = 256  # a question to recall waits for at most this many texts of somebody else's


def default_command(kind: str) -> list[str]:
    """How to start a worker, unless the app is frozen and starts itself in another way."""
    return [sys.executable, "-m", "models.process", kind]


class EngineProcess:
    """``Engine`` in a child process.

    Args:
        command: how to start the worker; None for this interpreter.
        model: the GGUF file.
        states: a folder for what was made of prompts' beginnings; None keeps nothing.
        attention: how it attends, and how what it has read is kept.
        log: a file for what the worker writes on stderr.
    """

    def __init__(
        self,
        command: Sequence[str] | None,
        model: Path,
        *,
        context: int = 4096,
        threads: int | None = None,
        gpu_layers: int = 0,
        states: Path | None = None,
        attention: Attention | None = None,
        log: Path | None = None,
    ) -> None:
        self._open = wire.Open(model, context, threads, gpu_layers, states, attention or Attention())
        self._wears: tuple[Worn, ...] = ()
        self._client = Client(command or default_command("engine"), log, self._greet)
        self._info: ModelInfo
        with self._client.turn():
            pass  # opens the model now, so that a bad file is refused here

    def _greet(self, child: Child) -> None:
        child.send(self._open, 0)
        info = answer_to(child, 0)
        assert isinstance(info, ModelInfo)
        self._info = info
        if self._wears:
            child.send(wire.Wear(self._wears), 0)
            answer_to(child, 0)

    @property
    def info(self) -> ModelInfo:
        return self._info

    @property
    def pid(self) -> int | None:
        """The worker's process id, for those who look after processes."""
        return self._client.pid

    def wear(self, adapters: Sequence[Worn]) -> None:
        """Replace the whole set of adapters; the old set stays on when one is refused."""
        # Set before asking: should a new child be needed for this, it must not want the old set first.
        before, self._wears = self._wears, tuple(adapters)
        try:
            self._client.ask(wire.Wear(self._wears))
        except EngineError:
            self._wears = before
            raise

    def chat(self, request: Request, stop: Callable[[], bool] = lambda: False) -> Iterator[StreamEvent]:
        """Stream a reply; a reader that goes away stops it."""
        with self._client.turn() as (child, number):
            child.send(wire.Chat(request), number)
            finished = False
            try:
                for event in _stream(child, number, stop):
                    finished = isinstance(event, Done)
                    yield event
            except EngineError:
                finished = True
                raise
            finally:
                if not finished:
                    child.send_quietly(wire.Stop(), number)

    def score(self, request: Request, replies: Sequence[str]) -> list[list[float]]:
        """Natural-log probability of each token of each reply (end-of-turn token included)."""
        answer = self._client.ask(wire.Score(request, tuple(replies)))
        assert isinstance(answer, wire.Scores)
        return answer.tokens

    def count(self, text: str) -> int:
        answer = self._client.ask(wire.Count(text))
        assert isinstance(answer, wire.Counted)
        return answer.tokens

    def interrupt(self) -> None:
        """Stop the reply in hand, from any thread."""
        self._client.interrupt()

    def close(self) -> None:
        self._client.close()


def _stream(child: Child, number: int, stop: Callable[[], bool]) -> Iterator[StreamEvent]:
    stopped = False
    while True:
        if not stopped and stop():
            stopped = True
            child.send(wire.Stop(), number)
        arrived = child.receive(_ASK_EVERY)
        if arrived is None or arrived[1] != number:
            continue
        word = arrived[0]
        if isinstance(word, wire.Failed):
            raise word.exception()
        if isinstance(word, Done) or (isinstance(word, Reading | Text) and not stopped):
            yield word
        if isinstance(word, Done):
            return


class EmbedderProcess:
    """``Embedder`` and ``Reader`` in one child process, started at the first text."""

    def __init__(self, command: Sequence[str] | None = None, *, log: Path | None = None) -> None:
        self._client = Client(command or default_command("embedder"), log, lambda _: None)

    @property
    def name(self) -> str:
        from models.embedder import NAME

        return NAME

    @property
    def dimensions(self) -> int:
        from models.embedder import DIMENSIONS

        return DIMENSIONS

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, one row a text."""
        import numpy as np

        parts = [np.zeros((0, self.dimensions), dtype=np.float32)]
        for at in range(0, len(texts), _TEXTS_AT_ONCE):
            answer = self._client.ask(wire.Embed(tuple(texts[at : at + _TEXTS_AT_ONCE])))
            assert isinstance(answer, wire.Vectors)
            parts.append(wire.unpack(answer))
        return np.concatenate(parts)

    def weigh(self, question: str, notes: Sequence[str]) -> Weighed:
        """How a question stands to its notes."""
        answer = self._client.ask(wire.Weigh(question, tuple(notes)))
        assert isinstance(answer, Weighed)
        return answer

    def mark(self, message: str) -> Marked:
        """The words of a message that tell something lasting about who wrote it."""
        answer = self._client.ask(wire.Mark(message))
        assert isinstance(answer, Marked)
        return answer

    def close(self) -> None:
        self._client.close()


def main(arguments: Sequence[str]) -> int:
    """Be a worker: ``engine`` or ``embedder``."""
    from models import worker

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    services: dict[str, Callable[[], worker.Service]] = {
        "engine": worker.EngineService,
        "embedder": worker.EmbedderService,
    }
    if len(arguments) != 1 or arguments[0] not in services:
        sys.stderr.write("usage: python -m models.process engine|embedder\n")
        return 2
    worker.serve(services[arguments[0]]())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
