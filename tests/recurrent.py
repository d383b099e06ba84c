"""A recurrent model for tests: two random Mamba layers over bytes, always the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from gguf import GGUFWriter

if TYPE_CHECKING:
    from pathlib import Path

WIDTH, INNER, STATE, RANK, KERNEL, LAYERS = 64, 128, 16, 4, 4, 2


def write_mamba(path: Path) -> Path:
    """A file that llama.cpp serves, and whose cache it cannot cut."""
    tokens = [*_bytes(), "<|im_start|>", "<|im_end|>"]
    writer = GGUFWriter(str(path), "mamba")
    writer.add_type("model")
    writer.add_name("Tiny Mamba")
    writer.add_context_length(2048)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(0)
    writer.add_head_count(0)
    writer.add_block_count(LAYERS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_ssm_conv_kernel(KERNEL)
    writer.add_ssm_inner_size(INNER)
    writer.add_ssm_state_size(STATE)
    writer.add_ssm_time_step_rank(RANK)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types([1] * 256 + [3, 3])
    writer.add_token_merges(["a b"])
    writer.add_eos_token_id(257)
    for name, value in _tensors(len(tokens)).items():
        writer.add_tensor(name, value.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _tensors(words: int) -> dict[str, np.ndarray]:
    chance = np.random.default_rng(0)

    def noise(*shape: int, size: float = 0.2) -> np.ndarray:
        return chance.normal(0, size, shape)

    tensors = {"token_embd.weight": noise(words, WIDTH, size=1.0), "output_norm.weight": np.ones(WIDTH)}
    for layer in range(LAYERS):
        parts = {
            "attn_norm.weight": np.ones(WIDTH),
            "ssm_in.weight": noise(2 * INNER, WIDTH),
            "ssm_conv1d.weight": noise(INNER, KERNEL, size=0.5),
            "ssm_conv1d.bias": noise(INNER),
            "ssm_x.weight": noise(RANK + 2 * STATE, INNER, size=1.0),
            "ssm_dt.weight": noise(INNER, RANK),
            "ssm_dt.bias": np.full(INNER, -1.0),
            "ssm_a": np.full((INNER, STATE), -0.01),  # forgets slowly
            "ssm_d": np.full(INNER, 0.1),
            "ssm_out.weight": noise(WIDTH, INNER),
        }
        tensors |= {f"blk.{layer}.{name}": value for name, value in parts.items()}
    return tensors


def _bytes() -> list[str]:
    """GPT-2's letters for the 256 bytes."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    rest = (byte for byte in range(256) if byte not in plain)
    letters = {byte: chr(byte) for byte in plain} | {byte: chr(256 + i) for i, byte in enumerate(rest)}
    return [letters[byte] for byte in range(256)]
