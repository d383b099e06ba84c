"""The child's side of ``models.process``: words come in on stdin, answers go out on stdout.

A thread reads, so that "stop" is heard while the model works and the end of stdin, which is the
end of the parent, ends this process whatever it is doing.
"""

from __future__ import annotations

import logging
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, TypeAlias

from models import wire
from models.engine import EngineError, ModelInfo

if TYPE_CHECKING:
    from typing import BinaryIO

    from models.embedder import MiniLM
    from models.llama import LlamaEngine
    from models.reader import MiniLMReader

Hurry: TypeAlias = Callable[[], bool]
log = logging.getLogger(__name__)


class Service(Protocol):
    """What a worker does with one word."""

    def answer(self, word: wire.Word, stop: Hurry) -> Iterator[wire.Word]: ...


class EngineService:
    """A language model's worker."""

    def __init__(self) -> None:
        self._engine: LlamaEngine | None = None

    def answer(self, word: wire.Word, stop: Hurry) -> Iterator[wire.Word]:
        if isinstance(word, wire.Open):
            yield self._open(word)
            return
        engine = self._engine
        if engine is None:
            raise EngineError("No model is open.")
        match word:
            case wire.Chat(request):
                yield from engine.chat(request, stop)
            case wire.Score(request, replies):
                yield wire.Scores(engine.score(request, replies))
            case wire.Wear(adapters):
                engine.wear(adapters)
                yield wire.Finished()
            case wire.Count(text):
                yield wire.Counted(engine.count(text))
            case _:
                raise EngineError("This worker serves a language model only.")

    def _open(self, word: wire.Open) -> ModelInfo:
        from models.llama import LlamaEngine

        if self._engine is not None:
            self._engine.close()
        self._engine = LlamaEngine(
            word.model,
            context=word.context,
            threads=word.threads,
            gpu_layers=word.gpu_layers,
            states=word.states,
            attention=word.attention,
        )
        return self._engine.info


class EmbedderService:
    """The embedder's and the reader's worker: they share libraries, and each is loaded when needed."""

    def answer(self, word: wire.Word, stop: Hurry) -> Iterator[wire.Word]:
        match word:
            case wire.Embed(texts):
                yield wire.pack(self._embedder.embed(texts))
            case wire.Weigh(question, texts):
                yield self._reader.weigh(question, texts)
            case wire.Mark(text):
                yield self._reader.mark(text)
            case _:
                raise EngineError("This worker embeds and reads only.")

    @cached_property
    def _embedder(self) -> MiniLM:
        from models.embedder import MiniLM

        return MiniLM()

    @cached_property
    def _reader(self) -> MiniLMReader:
        from models.reader import MiniLMReader

        return MiniLMReader()


class _Inbox:
    """Requests in order; which of them were told to stop."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._requests: queue.SimpleQueue[tuple[wire.Word, int]] = queue.SimpleQueue()
        self._stopped = -1
        threading.Thread(target=self._listen, name="inbox", daemon=True).start()

    def _listen(self) -> None:
        for line in self._source:
            try:
                word, number = wire.decode(line)
            except ValueError:
                log.exception("not understood")
                continue
            if isinstance(word, wire.Stop):
                self._stopped = max(self._stopped, number)
            else:
                self._requests.put((word, number))
        # The parent is gone or done with us; llama.cpp may be deep in a batch, so no farewell.
        os._exit(0)

    def next(self) -> tuple[wire.Word, int]:
        return self._requests.get()

    def stopped(self, number: int) -> bool:
        return number <= self._stopped


def serve(service: Service) -> None:
    """Answer requests until stdin ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is for the parent to judge
    out = _private_stdout()
    inbox = _Inbox(sys.stdin.buffer)
    while True:
        word, number = inbox.next()
        for answer in _answers(service, word, number, inbox):
            out.write(wire.encode(answer, number))
            out.flush()


def _answers(service: Service, word: wire.Word, number: int, inbox: _Inbox) -> Iterator[wire.Word]:
    if isinstance(word, wire.Ping):
        yield wire.Finished()
        return
    try:
        yield from service.answer(word, lambda: inbox.stopped(number))
    except EngineError as problem:
        yield wire.Failed(type(problem).__name__, str(problem))
    except Exception as problem:  # the process's edge: whatever it was, the app hears a sentence
        log.exception("a request failed")
        yield wire.Failed("EngineError", f"The model could not do this ({type(problem).__name__}).")


def _private_stdout() -> BinaryIO:
    """The pipe to the parent, out of reach of libraries that print."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return out
