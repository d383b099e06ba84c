from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models import wire
from models.attention import Attention
from models.engine import (
    Done,
    EngineError,
    Marked,
    Message,
    ModelInfo,
    ModelRefused,
    Reading,
    Request,
    Sampling,
    Span,
    Text,
    Weighed,
    Worn,
)

REQUEST = Request(
    (Message("user", "naïve “words”\nin two lines \U0001f42d"),),
    Sampling(max_tokens=3, grammar='root ::= "a"'),
    prefix="{",
    slot=1,
    adapters=(Worn(Path("a.gguf"), 0.5),),
    without=(Message("user", "in one line"),),
    contrast=0.5,
)
WORDS = [
    wire.Open(Path("m.gguf"), 2048, None, 0),
    wire.Open(Path("m.gguf"), 2048, 2, 0, Path("states"), Attention("on", "q8_0", "q4_0")),
    wire.Wear((Worn(Path("a.gguf"), 1.0),)),
    wire.Chat(REQUEST),
    wire.Chat(Request((Message("user", "x"),))),
    wire.Score(REQUEST, ("a", "b")),
    wire.Scores([[-1.5, -0.25]]),
    wire.Ping(),
    wire.Count("x"),
    wire.Counted(1),
    wire.Embed(("a", "b")),
    wire.Weigh("a?", ("b", "c")),
    wire.Mark("my dog is Pim"),
    Weighed(-0.1, -2.5, -3.0, (1.5, -20.0)),
    Marked(-0.5, (Span(10, 13, 0.75, "dog's name"), Span(0, 2, 0.5))),
    wire.Stop(),
    wire.Finished(),
    wire.Failed("ModelRefused", "No."),
    ModelInfo(Path("m.gguf"), "m", "llama", 4096, 10, 20),
    Reading(0.5),
    Text("\u2028 half"),
    Text("\ud83d, half a pair that somebody pasted"),
    Done("end", 1, 2, 3),
]


@pytest.mark.parametrize("word", WORDS, ids=lambda word: type(word).__name__)
def test_what_is_said_arrives(word):
    line = wire.encode(word, 7)
    assert line.count(b"\n") == 1
    assert wire.decode(line) == (word, 7)


def test_vectors_arrive_bit_by_bit():
    vectors = np.random.default_rng(0).normal(size=(3, 5)).astype(np.float32)
    word, _ = wire.decode(wire.encode(wire.pack(vectors)))
    np.testing.assert_array_equal(wire.unpack(word), vectors)


@pytest.mark.parametrize(
    "line", [b"", b"{}", b"[]", b'{"kind": "Nonsense", "number": 1}', b"Segmentation fault"]
)
def test_nonsense_is_refused(line):
    with pytest.raises(ValueError):
        wire.decode(line)


def test_a_failure_becomes_the_same_kind_of_error():
    failed = wire.Failed("ModelRefused", "No.").exception()
    assert isinstance(failed, ModelRefused)
    assert type(wire.Failed("SomethingElse", "No.").exception()) is EngineError
