"""Chooses tokens: what llama.cpp's samplers do, and what is done before them in numpy."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any, TypeAlias

import llama_cpp as ll
import numpy as np

from models.contrast import contrasted
from models.engine import EngineError, Sampling

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from models.contrast import Against
    from models.native import Model

    Logits: TypeAlias = NDArray[np.float32]

_PENALISED = 64  # tokens back
_CANDIDATE = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)])


class Sampler:
    """Chooses tokens: greedy in numpy where it can, llama.cpp's sampler chain where it must.

    A grammar is asked about the likeliest token first and applied to the whole vocabulary only
    when it refuses that one; the other order is many times slower.
    """

    def __init__(self, model: Model, sampling: Sampling) -> None:
        self._grammar = self._chain = None
        self._rows = np.zeros(model.vocab_size, dtype=_CANDIDATE)
        self._ids = np.arange(model.vocab_size, dtype=np.int32)
        self._bias = _favour(model, sampling)
        if sampling.grammar is not None:
            self._grammar = ll.llama_sampler_init_grammar(model.vocab, sampling.grammar.encode(), b"root")
            if not self._grammar:
                raise EngineError("The grammar for this reply cannot be read.")
        if sampling.temperature > 0 or sampling.repeat_penalty != 1.0:
            self._chain = self._new_chain(model.vocab_size, sampling)

    @staticmethod
    def _new_chain(size: int, sampling: Sampling) -> Any:
        chain = ll.llama_sampler_chain_init(ll.llama_sampler_chain_default_params())
        links = []
        if sampling.repeat_penalty != 1.0:
            links.append(ll.llama_sampler_init_penalties(size, _PENALISED, sampling.repeat_penalty, 0.0, 0.0))
        if sampling.temperature > 0:
            links += [
                ll.llama_sampler_init_top_k(sampling.top_k),
                ll.llama_sampler_init_top_p(sampling.top_p, 1),
                ll.llama_sampler_init_temp(sampling.temperature),
                ll.llama_sampler_init_dist(sampling.seed & 0xFFFFFFFF),
            ]
        else:
            links.append(ll.llama_sampler_init_greedy())
        for link in links:
            ll.llama_sampler_chain_add(chain, link)
        return chain

    def pick(self, logits: Logits, against: Against | None = None) -> int | None:
        """The next token; None when the grammar allows none."""
        if against is not None:
            logits = contrasted(logits, against, self._bias)
        elif self._bias is not None:
            logits = logits + self._bias
        token: int | None = self._choose(logits, ruled=False)
        if self._grammar and token is not None and not self._allows(token):
            token = self._choose(logits, ruled=True)
        for sampler in (self._grammar, self._chain):
            if sampler and token is not None:
                ll.llama_sampler_accept(sampler, token)
        return token

    def begin_with(self, tokens: Sequence[int]) -> None:
        """Lead the grammar through words that stand already; it describes the whole reply."""
        for token in tokens if self._grammar else ():
            if not self._allows(token):
                raise EngineError("The first words of this reply do not fit its grammar.")
            ll.llama_sampler_accept(self._grammar, token)

    def _choose(self, logits: Logits, *, ruled: bool) -> int | None:
        if self._chain is None and not ruled:
            return int(logits.argmax())
        rows = self._rows
        rows["id"], rows["logit"], rows["p"] = self._ids, logits, 0
        if ruled:
            self._apply(self._grammar, rows)
            rows = rows[np.isfinite(rows["logit"])]
            if not len(rows):
                return None
        if self._chain is None:
            return int(rows["id"][rows["logit"].argmax()])
        return self._apply(self._chain, rows)

    def _allows(self, token: int) -> bool:
        row = np.zeros(1, dtype=_CANDIDATE)
        row["id"] = token
        self._apply(self._grammar, row)
        return bool(np.isfinite(row["logit"][0]))

    @staticmethod
    def _apply(sampler: Any, rows: NDArray[Any]) -> int:
        data = ctypes.cast(rows.ctypes.data, ll.llama_token_data_p)
        array = ll.llama_token_data_array(data, len(rows), -1, False)
        ll.llama_sampler_apply(sampler, ctypes.byref(array))
        return int(array.data[array.selected].id) if array.selected >= 0 else -1

    def close(self) -> None:
        for sampler in (self._grammar, self._chain):
            if sampler:
                ll.llama_sampler_free(sampler)
        self._grammar = self._chain = None


def _favour(model: Model, sampling: Sampling) -> Logits | None:
    """What every token gains: those of the favoured words, at the start of a line and after a space."""
    if not sampling.favoured or not sampling.favour:
        return None
    bias = np.zeros(model.vocab_size, dtype=np.float32)
    for word in sampling.favoured.split():
        bias[[*model.tokens(word), *model.tokens(f" {word}")]] = sampling.favour
    return bias
