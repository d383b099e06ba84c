"""LoRA adapters as llama.cpp reads them: PEFT's weights to a GGUF adapter and back.

``general.type=adapter``, ``adapter.type=lora``, ``adapter.lora.alpha``; tensors
``blk.N.<name>.weight.lora_a`` of shape (r, in) and ``.lora_b`` of shape (out, r). llama.cpp applies
``scale * alpha / r * B A``. Where the architecture's q and k rows are stored interleaved (llama), the rows
of B are permuted in the same way; without that everything seems to work and is subtly wrong.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from gguf import GGMLQuantizationType
    from numpy.typing import NDArray

Pair: TypeAlias = "tuple[NDArray[np.float32], NDArray[np.float32]]"

BLOCK = 32  # weights of a row that Q8_0 stores together
PERMUTED = frozenset({"llama", "mistral"})
GGUF_NAME = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
PEFT_NAME = {short: long for long, short in GGUF_NAME.items()}
_PEFT_KEY = re.compile(r"model\.layers\.(\d+)\.(\w+\.\w+)\.lora_([AB])")
_GGUF_KEY = re.compile(r"blk\.(\d+)\.(\w+)\.weight\.lora_([ab])")


class AdapterRefused(Exception):
    """The file is not an adapter that can be worn; the text says why."""


def permute(rows: NDArray[np.float32], heads: int) -> NDArray[np.float32]:
    """Rows from transformers' order (two halves per head) to llama.cpp's (interleaved)."""
    half = rows.shape[0] // heads // 2
    return rows.reshape(heads, 2, half, *rows.shape[1:]).swapaxes(1, 2).reshape(rows.shape)


def unpermute(rows: NDArray[np.float32], heads: int) -> NDArray[np.float32]:
    """The inverse of ``permute``."""
    half = rows.shape[0] // heads // 2
    return rows.reshape(heads, half, 2, *rows.shape[1:]).swapaxes(1, 2).reshape(rows.shape)


@dataclass(frozen=True, slots=True)
class AdapterFile:
    """An adapter in llama.cpp's layout: ``tensors`` by (layer, short name), each (A, B)."""

    architecture: str
    heads: int
    kv_heads: int
    alpha: float
    rank: int
    base_sha256: str
    tensors: Mapping[tuple[int, str], Pair]
    about: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_peft(
        cls,
        state: Mapping[str, NDArray[np.float32]],
        *,
        architecture: str,
        heads: int,
        kv_heads: int,
        alpha: float,
        base_sha256: str = "",
        about: Mapping[str, str] | None = None,
        permuted: bool = True,
    ) -> AdapterFile:
        """From PEFT's ``...layers.N.<module>.lora_A/B.default.weight``; ``permuted=False`` is a mutant."""
        parts: dict[tuple[int, str], dict[str, NDArray[np.float32]]] = {}
        for key, value in state.items():
            found = _PEFT_KEY.search(key)
            if found is None:
                raise AdapterRefused(f"PEFT weight {key} is not of a linear layer that an adapter can hold.")
            layer, module, side = int(found[1]), GGUF_NAME[found[2]], found[3]
            if permuted and side == "B":
                value = _order(value, module, architecture, heads, kv_heads, permute)
            parts.setdefault((layer, module), {})[side] = np.asarray(value, np.float32)
        tensors = {place: (both["A"], both["B"]) for place, both in sorted(parts.items())}
        rank = next(iter(tensors.values()))[0].shape[0]
        return cls(architecture, heads, kv_heads, alpha, rank, base_sha256, tensors, about or {})

    def pairs(self) -> dict[str, Pair]:
        """(A, B) in transformers' order by transformers' module name."""
        return {
            f"model.layers.{layer}.{PEFT_NAME[name]}": (
                down,
                _order(up, name, self.architecture, self.heads, self.kv_heads, unpermute),
            )
            for (layer, name), (down, up) in self.tensors.items()
        }

    def write(self, path: Path, *, quantised: bool = False) -> str:
        """Write the file whole or not at all, readable by the owner only; returns its SHA-256.

        ``quantised`` stores Q8_0 where the rows allow it, else F16: for wearing, not for keeping.
        """
        from gguf import GGUFWriter

        beside = path.with_suffix(".writing")
        writer = GGUFWriter(str(beside), self.architecture)
        writer.add_type("adapter")
        writer.add_string("adapter.type", "lora")
        writer.add_float32("adapter.lora.alpha", self.alpha)
        writer.add_string("dormouse.base.sha256", self.base_sha256)
        writer.add_uint32("dormouse.heads", self.heads)
        writer.add_uint32("dormouse.kv_heads", self.kv_heads)
        for key, value in self.about.items():
            writer.add_string(f"dormouse.about.{key}", value)
        for (layer, name), pair in self.tensors.items():
            for side, weight in zip("ab", pair, strict=True):
                data, kind = _stored(weight, quantised)
                writer.add_tensor(f"blk.{layer}.{name}.weight.lora_{side}", data, raw_dtype=kind)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        beside.chmod(0o600)
        beside.replace(path)
        return sha256(path)

    @classmethod
    def read(cls, path: Path) -> AdapterFile:
        """Read an adapter that ``write`` made.

        Raises:
            AdapterRefused: the file is missing, damaged or something else.
        """
        from gguf import GGUFReader
        from gguf.quants import dequantize

        try:
            reader = GGUFReader(str(path))
            value = {name: part.contents() for name, part in reader.fields.items()}
            parts: dict[tuple[int, str], dict[str, NDArray[np.float32]]] = {}
            for tensor in reader.tensors:
                found = _GGUF_KEY.fullmatch(tensor.name)
                if found is None:
                    raise AdapterRefused(f"{path.name} holds {tensor.name}, which no LoRA adapter holds.")
                sides = parts.setdefault((int(found[1]), found[2]), {})
                sides[found[3]] = np.asarray(dequantize(tensor.data, tensor.tensor_type), np.float32)
            tensors = {place: (both["a"], both["b"]) for place, both in parts.items()}
            return cls(
                architecture=str(value["general.architecture"]),
                heads=int(value.get("dormouse.heads", 0)),
                kv_heads=int(value.get("dormouse.kv_heads", 0)),
                alpha=float(value["adapter.lora.alpha"]),
                rank=next(iter(tensors.values()))[0].shape[0],
                base_sha256=str(value.get("dormouse.base.sha256", "")),
                tensors=tensors,
                about={k.removeprefix("dormouse.about."): str(v) for k, v in value.items() if ".about." in k},
            )
        except (OSError, ValueError, KeyError, IndexError, StopIteration) as error:
            raise AdapterRefused(f"{path.name} is not a whole Dormouse adapter ({error}).") from error


def stack(worn: Sequence[tuple[AdapterFile, float]]) -> AdapterFile:
    """One adapter that does what several do together, each at its scale: their ranks side by side.

    ``scale * alpha / r`` is folded into B, and alpha is 0, which llama.cpp reads as "as it stands". The
    ranks are filled up with zeros to whole blocks of 32, which its quantised kernels ask for.
    """
    tensors: dict[tuple[int, str], Pair] = {}
    for place in sorted({place for part, _ in worn for place in part.tensors}):
        downs, ups = [], []
        for part, scale in worn:
            if place in part.tensors:
                down, up = part.tensors[place]
                strength = scale * part.alpha / down.shape[0] if part.alpha else scale
                downs.append(down)
                ups.append(strength * up)
        spare = -sum(len(down) for down in downs) % BLOCK
        down = np.pad(np.concatenate(downs), ((0, spare), (0, 0)))
        tensors[place] = down, np.pad(np.concatenate(ups, axis=1), ((0, 0), (0, spare)))
    first = worn[0][0]
    rank = max(len(down) for down, _ in tensors.values())
    return AdapterFile(first.architecture, first.heads, first.kv_heads, 0.0, rank, first.base_sha256, tensors)


def _stored(weight: NDArray[np.float32], quantised: bool) -> tuple[NDArray[Any], GGMLQuantizationType | None]:
    from gguf import GGMLQuantizationType
    from gguf.quants import quantize

    if not quantised or weight.shape[1] % BLOCK:
        return weight.astype(np.float16), None
    kind = GGMLQuantizationType.Q8_0
    return quantize(np.ascontiguousarray(weight, np.float32), kind), kind


def _order(
    rows: NDArray[np.float32], name: str, architecture: str, heads: int, kv_heads: int, how: _Reorder
) -> NDArray[np.float32]:
    if architecture not in PERMUTED or name not in {"attn_q", "attn_k"}:
        return rows
    return how(rows, heads if name == "attn_q" else kv_heads)


if TYPE_CHECKING:
    from collections.abc import Callable

    _Reorder: TypeAlias = Callable[[NDArray[np.float32], int], NDArray[np.float32]]


def sha256(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
