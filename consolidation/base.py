"""A served GGUF as a model that can be trained, and its examples as token ids."""

from __future__ import annotations

import contextlib
import functools
import os
from typing import TYPE_CHECKING, Any

import torch

from consolidation.items import Encoded
from models.adapters import AdapterFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from consolidation.items import Example


class Base:
    """A served GGUF as a trainable model, with its tokenizer.

    Args:
        path: the GGUF that llama.cpp serves.
        beneath: adapters (file, scale) that are worn under the one to be trained; they are merged.
    """

    def __init__(self, path: Path, beneath: Sequence[tuple[Path, float]] = ()) -> None:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig, logging

        logging.set_verbosity_error()  # type: ignore[no-untyped-call]
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        self.path = path
        with _read_once():
            self.tokenizer = AutoTokenizer.from_pretrained(str(path.parent), gguf_file=path.name)
            model: Any = AutoModelForCausalLM.from_pretrained(
                str(path.parent),
                gguf_file=path.name,
                dtype=torch.float32,
                quantization_config=GgufConfig(dequantize=True),
            )
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.model = model.to(self.device).eval().requires_grad_(False)
        for adapter, scale in beneath:
            self._merge(AdapterFile.read(adapter), scale)

    def _merge(self, adapter: AdapterFile, scale: float) -> None:
        for name, (down, up) in adapter.pairs().items():
            weight = self.model.get_submodule(name).weight
            delta = torch.from_numpy(up) @ torch.from_numpy(down)
            weight.data += (scale * adapter.alpha / adapter.rank) * delta.to(weight)

    def encode(self, example: Example) -> Encoded:
        """Lay an example out by the model's own chat template."""
        messages = [{"role": m.role, "content": m.content} for m in example.messages]
        prompt = self.tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        head = self.tokenizer.encode(prompt, add_special_tokens=False)
        tail = self.tokenizer.encode(example.reply, add_special_tokens=False)
        if example.whole:
            tail.append(self.tokenizer.eos_token_id)
        return Encoded(head + tail, len(head), example.weight)


@contextlib.contextmanager
def _read_once() -> Iterator[None]:
    """transformers takes the GGUF apart for tokenizer, configuration and weights, 4 s each time."""
    import gguf

    reader = gguf.GGUFReader
    gguf.GGUFReader = functools.cache(reader)  # type: ignore[assignment, misc]
    try:
        yield
    finally:
        gguf.GGUFReader = reader  # type: ignore[misc]
