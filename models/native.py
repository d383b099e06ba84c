"""llama.cpp's low-level calls as two small objects; it and ``models.sampler`` alone import llama_cpp.

Everything that can go wrong inside llama.cpp comes out of here as an ``EngineError`` with a sentence.
"""

from __future__ import annotations

import ctypes
import logging
import os
import time
from collections import deque
from typing import TYPE_CHECKING, Any, TypeAlias

import llama_cpp as ll
import numpy as np

from models.attention import Attention
from models.engine import EngineError, ModelRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Stop: TypeAlias = Callable[[], bool]
    Logits: TypeAlias = NDArray[np.float32]

log = logging.getLogger(__name__)

BATCH = 256  # tokens read at once
OUTPUTS = 64  # positions of one batch that logits can be asked of
_ASK_EVERY = 0.02  # seconds between two questions whether to stop, while a prompt is read
_LEVELS = {2: logging.INFO, 3: logging.INFO, 4: logging.WARNING}  # ggml's: 2 info, 3 warning, 4 error
_FLASH = {
    "auto": ll.LLAMA_FLASH_ATTN_TYPE_AUTO,
    "on": ll.LLAMA_FLASH_ATTN_TYPE_ENABLED,
    "off": ll.LLAMA_FLASH_ATTN_TYPE_DISABLED,
}
_KINDS = {"f16": ll.GGML_TYPE_F16, "q8_0": ll.GGML_TYPE_Q8_0, "q4_0": ll.GGML_TYPE_Q4_0}
_STUCK = "The model could not go on. Try again, or begin a new conversation."
_complaints: deque[str] = deque(maxlen=8)


class Aborted(Exception):
    """The user stopped the reading of a prompt."""


@ll.llama_log_callback  # type: ignore[untyped-decorator]
def _to_log(level: int, text: bytes, _: Any) -> None:
    line = text.decode("utf-8", errors="replace").strip()
    if level == 4:
        _complaints.append(line)
    log.log(_LEVELS.get(level, logging.DEBUG), "%s", line)


def _reason() -> str:
    known = [line.split(": ", 1)[-1] for line in _complaints]
    return f"{known[0]}." if known else "llama.cpp gave no reason."


class Model:
    """Weights and vocabulary."""

    def __init__(self, path: Path, gpu_layers: int) -> None:
        ll.llama_log_set(_to_log, ctypes.c_void_p(0))
        ll.llama_backend_init()
        _complaints.clear()
        params = ll.llama_model_default_params()
        params.n_gpu_layers = gpu_layers
        self.pointer: Any = ll.llama_model_load_from_file(os.fsencode(path), params)
        if not self.pointer:
            raise ModelRefused(f"{path.name} cannot be used: {_reason()}")
        if not ll.llama_model_has_decoder(self.pointer) or ll.llama_model_has_encoder(self.pointer):
            self.close()
            raise ModelRefused(f"{path.name} is not a model that writes text. Choose a chat model.")
        self.vocab: Any = ll.llama_model_get_vocab(self.pointer)
        self.vocab_size = int(ll.llama_vocab_n_tokens(self.vocab))
        self.parameters = int(ll.llama_model_n_params(self.pointer))
        self.trained_context = int(ll.llama_model_n_ctx_train(self.pointer))
        self.bos = self.text_of(ll.llama_vocab_bos(self.vocab))
        self.eos = self.text_of(ll.llama_vocab_eos(self.vocab))
        self.adds_bos = bool(ll.llama_vocab_get_add_bos(self.vocab))
        self._ends = int(ll.llama_vocab_eot(self.vocab)), int(ll.llama_vocab_eos(self.vocab))
        stateful = ll.llama_model_is_recurrent(self.pointer) or ll.llama_model_is_hybrid(self.pointer)
        self.can_cut = not stateful  # whether what was read can be dropped from a position on
        self._buffer = ctypes.create_string_buffer(512)

    def turn_end(self, template: str) -> int:
        """The token that ends a turn: some files name another one than their template uses."""
        turn, text = self._ends
        return turn if turn >= 0 and (text < 0 or self.text_of(turn) in template) else text

    def text_of(self, token: int) -> str:
        """A token as the vocabulary spells it; empty for none."""
        raw = ll.llama_vocab_get_text(self.vocab, token) if token >= 0 else None
        return bytes(raw or b"").decode("utf-8", errors="replace")

    def control_texts(self) -> Iterator[str]:
        """The marks that a chat template uses and that no one may type."""
        special = ll.LLAMA_TOKEN_ATTR_CONTROL | ll.LLAMA_TOKEN_ATTR_UNKNOWN
        for token in range(self.vocab_size):
            if ll.llama_vocab_get_attr(self.vocab, token) & special:
                yield self.text_of(token)

    def tokens(self, text: str) -> list[int]:
        raw = text.encode("utf-8", errors="replace")
        buffer = (ctypes.c_int32 * (len(raw) + 8))()
        count = ll.llama_tokenize(self.vocab, raw, len(raw), buffer, len(buffer), False, True)
        if count < 0:
            raise EngineError("The text could not be cut into tokens.")
        return list(buffer[:count])

    def piece(self, token: int) -> bytes:
        """What a token adds to the text; may be part of a character."""
        size = ll.llama_token_to_piece(self.vocab, token, self._buffer, len(self._buffer), 0, False)
        return self._buffer.raw[: max(0, size)]

    def ends(self, token: int) -> bool:
        """Whether this token ends a reply."""
        return bool(ll.llama_vocab_is_eog(self.vocab, token))

    def load_adapter(self, path: Path) -> Any:
        _complaints.clear()
        handle = ll.llama_adapter_lora_init(self.pointer, os.fsencode(path))
        if not handle:
            raise ModelRefused(f"{path.name} cannot be worn: {_reason()}")
        return handle

    @staticmethod
    def free_adapter(handle: Any) -> None:
        ll.llama_adapter_lora_free(handle)

    def close(self) -> None:
        if self.pointer:
            ll.llama_model_free(self.pointer)
        self.pointer = None


class Context:
    """What the model has read: several sequences, each with a room of its own.

    They share no room (``kv_unified``), because then a long one makes the other slower, and what
    one holds changes the rounding, and so the replies, of the other.
    """

    def __init__(self, model: Model, room: int, sequences: int, attention: Attention | None = None) -> None:
        attention = attention or Attention()
        params = ll.llama_context_default_params()
        params.n_ctx = room * sequences
        params.n_batch = params.n_ubatch = BATCH
        params.n_seq_max = sequences
        params.n_outputs_max = OUTPUTS
        params.kv_unified = False
        params.flash_attn_type = _FLASH[attention.flash]
        params.type_k, params.type_v = _KINDS[attention.keys], _KINDS[attention.values]
        _complaints.clear()
        self._pointer: Any = ll.llama_init_from_model(model.pointer, params)
        if not self._pointer:
            if attention != Attention():
                raise EngineError(f"This model cannot be opened with these attention settings: {_reason()}")
            raise EngineError(f"There is not enough memory to open this model: {_reason()}")
        self._memory = ll.llama_get_memory(self._pointer)
        self._vocab_size = model.vocab_size
        kinds = f"{params.type_k} {params.type_v} {params.flash_attn_type}"
        self.shape = f"llama-cpp-python {ll.__version__}, {room} x {sequences}, {kinds}"
        self._batch = ll.llama_batch_init(BATCH, 0, 1)
        self._threads = 0

    def use_threads(self, threads: int) -> None:
        if threads != self._threads:
            self._threads = threads
            ll.llama_set_n_threads(self._pointer, threads, threads)

    def wear(self, adapters: Sequence[tuple[Any, float]]) -> None:
        """Replace the set of adapters. What was read under another set stays read under that."""
        handles = (ll.llama_adapter_lora_p_ctypes * len(adapters))(*(handle for handle, _ in adapters))
        scales = (ctypes.c_float * len(adapters))(*(scale for _, scale in adapters))
        if ll.llama_set_adapters_lora(self._pointer, handles, len(adapters), scales):
            raise EngineError("The adapters could not be put on.")

    def forget(self, sequence: int, keep: int) -> bool:
        """Drop a sequence from a position on; False where the model can only drop the whole."""
        return bool(ll.llama_memory_seq_rm(self._memory, sequence, keep, -1))

    def read(
        self, sequence: int, start: int, tokens: Sequence[int], outputs: int, stop: Stop | None = None
    ) -> None:
        """Let the model read tokens at a position; logits are kept for the last ``outputs`` of them.

        Raises:
            Aborted: ``stop`` said so. As after any failure, the sequence may hold a part of these tokens.
        """
        first = len(tokens) - outputs
        self._batch.n_tokens = len(tokens)
        for i, token in enumerate(tokens):
            self._place(i, token, start + i, sequence, i >= first)
        result = self._decode() if stop is None else self._decode_stoppable(stop)
        if result == 2:
            raise Aborted
        if result:
            raise EngineError(_STUCK)

    def read_beside(self, token: int, ends: Sequence[tuple[int, int]]) -> None:
        """Let the model read one token at the end of several sequences, given as (sequence, position).

        It goes through the weights once for all of them; row i of the logits is that of the i-th.
        After a failure any of them may hold the token.
        """
        self._batch.n_tokens = len(ends)
        for i, (sequence, position) in enumerate(ends):
            self._place(i, token, position, sequence, True)
        if self._decode():
            raise EngineError(_STUCK)

    def _place(self, row: int, token: int, position: int, sequence: int, wanted: bool) -> None:
        batch = self._batch
        batch.token[row], batch.pos[row], batch.n_seq_id[row] = token, position, 1
        batch.seq_id[row][0], batch.logits[row] = sequence, wanted

    def copy(self, source: int, target: int) -> None:
        """Make a sequence equal to another: the whole of it, as each has a room of its own."""
        ll.llama_memory_seq_cp(self._memory, source, target, -1, -1)

    def _decode(self) -> int:
        return int(ll.llama_decode(self._pointer, self._batch))

    def _decode_stoppable(self, stop: Stop) -> int:
        # Asked between the operations of a batch, which takes seconds on a large model. Too slow
        # to leave on while single tokens are written.
        asked, stopped = time.monotonic(), False

        def ask(_: Any) -> bool:
            nonlocal asked, stopped
            if not stopped and time.monotonic() - asked > _ASK_EVERY:
                asked, stopped = time.monotonic(), stop()
            return stopped

        callback = ll.ggml_abort_callback(ask)
        ll.llama_set_abort_callback(self._pointer, callback, None)
        try:
            return self._decode()
        finally:
            ll.llama_set_abort_callback(self._pointer, ll.ggml_abort_callback(), None)

    def state(self, sequence: int, most: int) -> bytes:
        """All that the model has made of what it read in a sequence; empty if that is more than ``most``."""
        size = ll.llama_state_seq_get_size(self._pointer, sequence)
        if size > most:
            return b""
        buffer = (ctypes.c_uint8 * size)()
        written = ll.llama_state_seq_get_data(self._pointer, buffer, size, sequence)
        return ctypes.string_at(buffer, written)

    def restore(self, sequence: int, state: bytes) -> bool:
        """Put a state in a sequence's place; where it does not fit the sequence is empty afterwards."""
        self.forget(sequence, 0)
        source = ctypes.cast(ctypes.c_char_p(state), ctypes.POINTER(ctypes.c_uint8))
        if ll.llama_state_seq_set_data(self._pointer, source, len(state), sequence):
            return True
        self.forget(sequence, 0)
        return False

    def logits(self, row: int) -> Logits:
        """A view of the last reading's logits: valid until the next one."""
        pointer = ll.llama_get_logits_ith(self._pointer, row)
        address = ctypes.addressof(pointer.contents)
        values = (ctypes.c_float * self._vocab_size).from_address(address)
        return np.frombuffer(memoryview(values), dtype=np.float32)

    def close(self) -> None:
        if self._pointer:
            ll.llama_batch_free(self._batch)
            ll.llama_free(self._pointer)
        self._pointer = None
