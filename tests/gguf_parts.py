"""Small GGUF files for tests: real headers, few weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from gguf import GGUFWriter

from models.adapters import AdapterFile

if TYPE_CHECKING:
    from pathlib import Path


def write_gguf(path: Path, *, architecture="llama", kind="model", tokenizer="gpt2", tensors=None) -> Path:
    """A file that passes the header's check, though no model could run on it."""
    writer = GGUFWriter(str(path), architecture)
    writer.add_type(kind)
    writer.add_string("general.name", "Tiny")
    if tokenizer:
        writer.add_tokenizer_model(tokenizer)
        writer.add_token_list([f"word{i}" for i in range(300)])
        writer.add_token_types([1] * 300)
    if kind == "adapter":
        writer.add_string("adapter.type", "lora")
    for name, value in (tensors or {"blk.0.ffn_up.weight": np.ones((4, 32), np.float32)}).items():
        writer.add_tensor(name, value)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def random_adapter(
    path: Path, *, strength=0.05, seed=0, width=576, hidden=1536, architecture="llama"
) -> Path:
    """An adapter for the built-in model's last MLP that says nothing sensible."""
    chance = np.random.default_rng(seed)
    tensors = {}
    for layer in (20, 29):
        down = chance.normal(0, strength, (4, hidden)).astype(np.float32)
        up = chance.normal(0, strength, (width, 4)).astype(np.float32)
        tensors[layer, "ffn_down"] = (down, up)
    AdapterFile(architecture, 9, 3, 8.0, 4, "", tensors).write(path)
    return path
