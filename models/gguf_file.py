"""GGUF headers, read and checked before llama.cpp sees the file, so that a bad one gets a sentence.

Only the header is read: metadata, and where each tensor lies. The ``gguf`` package's own reader
takes seconds on a vocabulary and trusts the file.
"""

from __future__ import annotations

import mmap
import re
import struct
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, TypeAlias

from models.engine import ModelRefused

if TYPE_CHECKING:
    from pathlib import Path

Scalar: TypeAlias = int | float | bool | str
Value: TypeAlias = "Scalar | tuple[Scalar, ...] | Skipped"

_MAGIC = b"GGUF"
_KEPT_ARRAY = 256
_STRING, _ARRAY = 8, 9
_FORMATS = {
    0: "<B",
    1: "<b",
    2: "<H",
    3: "<h",
    4: "<I",
    5: "<i",
    6: "<f",
    7: "<?",
    10: "<Q",
    11: "<q",
    12: "<d",
}
_BLOCKS = {  # ggml type -> (elements in a block, bytes in a block)
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 9: (32, 40),
    10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 15: (256, 292),
    16: (256, 66), 17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18), 21: (256, 110), 22: (256, 82),
    23: (256, 136), 24: (1, 1), 25: (1, 2), 26: (1, 4), 27: (1, 8), 28: (1, 8), 29: (256, 56), 30: (1, 2),
    34: (256, 54), 35: (256, 66), 39: (32, 17), 40: (64, 36), 41: (128, 18),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Skipped:
    """A long array that was stepped over, such as the vocabulary."""

    length: int


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor's place: ``offset`` from the start of the file, ``size`` in bytes (None: unknown type)."""

    name: str
    shape: tuple[int, ...]
    kind: int
    offset: int
    size: int | None


@dataclass(frozen=True, slots=True)
class Header:
    """What a GGUF file says about itself."""

    path: Path
    size: int
    metadata: dict[str, Value]
    tensors: dict[str, Tensor]

    def text(self, key: str) -> str:
        """A string of the metadata, empty if it has none of that name."""
        value = self.metadata.get(key, "")
        return value if isinstance(value, str) else ""

    def number(self, key: str) -> int:
        """A whole number of the metadata, 0 if it has none of that name."""
        value = self.metadata.get(key, 0)
        return int(value) if isinstance(value, int | float) else 0

    @property
    def architecture(self) -> str:
        return self.text("general.architecture")


class _Cut(Exception):
    """The header says something that cannot be: the file ends too early or holds nonsense."""


class _Cursor:
    def __init__(self, data: mmap.mmap) -> None:
        self.data = data
        self.at = 0

    def take(self, size: int) -> bytes:
        if size < 0 or self.at + size > len(self.data):
            raise _Cut
        self.at += size
        return self.data[self.at - size : self.at]

    def number(self, form: str) -> int:
        value = struct.unpack(form, self.take(struct.calcsize(form)))[0]
        return int(value)

    def string(self) -> str:
        return self.take(self.number("<Q")).decode("utf-8", errors="replace")

    def scalar(self, kind: int) -> Scalar:
        if kind == _STRING:
            return self.string()
        if kind not in _FORMATS:
            raise _Cut
        form = _FORMATS[kind]
        value: Scalar = struct.unpack(form, self.take(struct.calcsize(form)))[0]
        return value

    def array(self) -> Value:
        kind, length = self.number("<I"), self.number("<Q")
        if length <= _KEPT_ARRAY:
            return tuple(self.scalar(kind) for _ in range(length))
        if kind == _STRING:
            self._skip_strings(length)
        elif kind in _FORMATS:
            self.take(0 if length > len(self.data) else length * struct.calcsize(_FORMATS[kind]))
        else:
            raise _Cut
        return Skipped(length)

    def _skip_strings(self, length: int) -> None:
        unpack, data, at, end = struct.Struct("<Q").unpack_from, self.data, self.at, len(self.data)
        for _ in range(length):
            if at + 8 > end:
                raise _Cut
            at += 8 + unpack(data, at)[0]
        if at > end:
            raise _Cut
        self.at = at

    def value(self) -> Value:
        kind = self.number("<I")
        return self.array() if kind == _ARRAY else self.scalar(kind)


def read(path: Path) -> Header:
    """A file's header, refused with a sentence unless all that it promises is there."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            if size < 24 or file.read(4) != _MAGIC:
                raise ModelRefused(_not_gguf(path, size))
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                return _parse(path, size, _Cursor(data))
    except OSError as problem:
        reason = problem.strerror or "the system gave no reason"
        raise ModelRefused(f"{path.name} could not be opened: {reason}.") from problem
    except (_Cut, struct.error, OverflowError, MemoryError) as problem:
        raise ModelRefused(_cut_short(path)) from problem


def _not_gguf(path: Path, size: int) -> str:
    if size == 0:
        return f"{path.name} is empty. Download it again."
    return f"{path.name} is not a GGUF file. Choose a model whose name ends in .gguf."


def _cut_short(path: Path) -> str:
    return f"{path.name} is damaged or was not downloaded completely. Download it again."


def _parse(path: Path, size: int, cursor: _Cursor) -> Header:
    cursor.take(4)
    version = cursor.number("<I")
    if version not in (2, 3):
        raise ModelRefused(f"{path.name} is of GGUF version {version}; Dormouse reads versions 2 and 3.")
    tensor_count, field_count = cursor.number("<Q"), cursor.number("<Q")
    if max(tensor_count, field_count) > size:
        raise _Cut
    metadata = {cursor.string(): cursor.value() for _ in range(field_count)}
    rows = [_tensor_row(cursor) for _ in range(tensor_count)]
    alignment = metadata.get("general.alignment", 32)
    if not isinstance(alignment, int) or alignment <= 0 or alignment & (alignment - 1):
        raise _Cut
    start = -(-cursor.at // alignment) * alignment
    tensors = [_placed(row, start, alignment, size) for row in rows]
    return Header(path, size, metadata, {tensor.name: tensor for tensor in tensors})


def _tensor_row(cursor: _Cursor) -> tuple[str, tuple[int, ...], int, int]:
    name, dimensions = cursor.string(), cursor.number("<I")
    if dimensions > 8:
        raise _Cut
    shape = tuple(cursor.number("<Q") for _ in range(dimensions))
    return name, shape, cursor.number("<I"), cursor.number("<Q")


def _placed(row: tuple[str, tuple[int, ...], int, int], start: int, alignment: int, end: int) -> Tensor:
    name, shape, kind, offset = row
    size = None
    if kind in _BLOCKS:
        elements, width = _BLOCKS[kind]
        if not shape or min(shape) <= 0 or shape[0] % elements:
            raise _Cut
        size = prod(shape) // elements * width
    if offset % alignment or start + offset + (size or 0) > end:
        raise _Cut
    return Tensor(name, shape, kind, start + offset, size)


def read_model(path: Path) -> Header:
    """The header of a file that holds a language model; the other parts of a split one are checked too."""
    header = read(path)
    kind = header.text("general.type") or "model"
    if kind != "model":
        raise ModelRefused(
            f"{path.name} holds an {kind}, not a language model. Choose the model that it belongs to."
        )
    if not header.architecture or not header.tensors:
        raise ModelRefused(
            f"{path.name} holds no language model: it names no architecture or has no weights."
        )
    if not header.text("tokenizer.ggml.model"):
        raise ModelRefused(f"{path.name} has no tokenizer in it. Choose a GGUF made for llama.cpp.")
    for part in _other_parts(header):
        read(part)
    return header


def _other_parts(header: Header) -> list[Path]:
    count = header.number("split.count")
    numbered = re.fullmatch(r"(.*)-(\d{5})-of-(\d{5})\.gguf", header.path.name)
    if count <= 1 or not numbered:
        return []
    if header.number("split.no"):
        raise ModelRefused(f"{header.path.name} is a later part of a model. Choose the part named 00001.")
    stem, total = numbered[1], numbered[3]
    return [header.path.with_name(f"{stem}-{i:05d}-of-{total}.gguf") for i in range(2, count + 1)]


def read_adapter(path: Path, base: Header) -> Header:
    """The header of a LoRA adapter that fits the base model."""
    header = read(path)
    if header.text("general.type") != "adapter" or header.text("adapter.type") != "lora":
        raise ModelRefused(f"{path.name} is not a LoRA adapter.")
    if header.architecture != base.architecture:
        raise ModelRefused(
            f"{path.name} was made for a {header.architecture or 'nameless'} model; "
            f"the model in use is {base.architecture}."
        )
    for name in sorted({tensor.rsplit(".lora_", 1)[0] for tensor in header.tensors}):
        _check_pair(header, base, name)
    if not header.tensors:
        raise ModelRefused(f"{path.name} is an adapter without weights.")
    return header


def _check_pair(header: Header, base: Header, name: str) -> None:
    a, b = header.tensors.get(f"{name}.lora_a"), header.tensors.get(f"{name}.lora_b")
    target = base.tensors.get(name)
    if a is None or b is None:
        raise ModelRefused(
            f"{header.path.name} is not a complete LoRA adapter: {name} has no pair of weights."
        )
    fits = target is not None and a.shape[0] == target.shape[0] and b.shape[1:2] == target.shape[1:2]
    if not fits or len(a.shape) != 2 or a.shape[1:2] != b.shape[:1]:
        raise ModelRefused(f"{header.path.name} was made for another model: {name} has another shape.")
