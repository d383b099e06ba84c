from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import gguf_file
from models.engine import ModelRefused
from tests.gguf_parts import random_adapter, write_gguf


@pytest.fixture
def model(tmp_path):
    return write_gguf(tmp_path / "tiny.gguf")


def test_a_whole_file_is_read(model):
    header = gguf_file.read_model(model)
    assert header.architecture == "llama"
    assert header.text("general.name") == "Tiny"
    assert header.metadata["tokenizer.ggml.tokens"] == gguf_file.Skipped(300)
    tensor = header.tensors["blk.0.ffn_up.weight"]
    assert (tensor.shape, tensor.size) == ((32, 4), 512)
    assert tensor.offset + tensor.size <= header.size


def test_a_file_cut_anywhere_is_refused(model, tmp_path):
    whole, cut = model.read_bytes(), tmp_path / "cut.gguf"
    tensor = gguf_file.read(model).tensors["blk.0.ffn_up.weight"]
    end = tensor.offset + tensor.size  # what follows is padding
    for length in [*range(0, end, 7), end - 1]:
        cut.write_bytes(whole[:length])
        with pytest.raises(ModelRefused, match=r"cut\.gguf is"):
            gguf_file.read_model(cut)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(4, 600), value=st.binary(min_size=1, max_size=8))
def test_scribbled_headers_are_read_or_refused_but_never_crash(model, tmp_path, at, value):
    bad = bytearray(model.read_bytes())
    bad[at : at + len(value)] = value
    scribbled = tmp_path / "scribbled.gguf"
    scribbled.write_bytes(bytes(bad))
    try:
        gguf_file.read_model(scribbled)
    except ModelRefused as refusal:
        assert str(refusal).endswith(".")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"hello, this is a letter and not a model", "not a GGUF file"),
        (b"GGUF" + struct.pack("<IQQ", 99, 1, 1), "version 99"),
        (b"GGUF" + struct.pack("<IQQ", 3, 2**60, 2**60), "damaged"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 0), "no language model"),
    ],
)
def test_what_is_no_model_gets_a_sentence(tmp_path, content, sentence):
    path = tmp_path / "odd.gguf"
    path.write_bytes(content)
    with pytest.raises(ModelRefused, match=sentence):
        gguf_file.read_model(path)


def test_a_missing_file_and_a_folder_get_a_sentence(tmp_path):
    for path in (tmp_path / "nowhere.gguf", tmp_path):
        with pytest.raises(ModelRefused, match="could not be opened"):
            gguf_file.read(path)


def test_files_of_other_kinds_are_refused(tmp_path):
    with pytest.raises(ModelRefused, match="mmproj"):
        gguf_file.read_model(write_gguf(tmp_path / "a.gguf", kind="mmproj"))
    with pytest.raises(ModelRefused, match="no tokenizer"):
        gguf_file.read_model(write_gguf(tmp_path / "b.gguf", tokenizer=""))


def test_a_later_part_of_a_split_model_is_refused_where_another_is_missing(tmp_path, model):
    header = gguf_file.read(model)
    header.metadata["split.count"] = 3
    first = gguf_file.Header(tmp_path / "m-00001-of-00003.gguf", 1, header.metadata, header.tensors)
    parts = [path.name for path in gguf_file._other_parts(first)]
    assert parts == ["m-00002-of-00003.gguf", "m-00003-of-00003.gguf"]


def base(tmp_path, shape=(576, 1536), architecture="llama"):
    weights = {f"blk.{i}.ffn_down.weight": np.zeros(shape, np.float32) for i in (20, 29)}
    return gguf_file.read(write_gguf(tmp_path / "base.gguf", tensors=weights, architecture=architecture))


def test_an_adapter_that_fits_is_read(tmp_path):
    adapter = random_adapter(tmp_path / "adapter.gguf")
    assert len(gguf_file.read_adapter(adapter, base(tmp_path)).tensors) == 4


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"shape": (576, 1024)}, "another shape"),
        ({"shape": (512, 1536)}, "another shape"),
        ({"architecture": "qwen2"}, "was made for a llama model"),
    ],
)
def test_an_adapter_of_another_model_is_refused(tmp_path, options, sentence):
    adapter = random_adapter(tmp_path / "adapter.gguf")
    with pytest.raises(ModelRefused, match=sentence):
        gguf_file.read_adapter(adapter, base(tmp_path, **options))


def test_half_an_adapter_is_refused(tmp_path):
    half = {"blk.20.ffn_down.weight.lora_a": np.zeros((4, 1536), np.float32)}
    path = write_gguf(tmp_path / "half.gguf", kind="adapter", tensors=half)
    with pytest.raises(ModelRefused, match="no pair"):
        gguf_file.read_adapter(path, base(tmp_path))
    with pytest.raises(ModelRefused, match="not a LoRA adapter"):
        gguf_file.read_adapter(write_gguf(tmp_path / "model.gguf"), base(tmp_path))
