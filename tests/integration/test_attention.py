"""Attention and how its cache is kept: the same answers, in less memory."""

from __future__ import annotations

import numpy as np
import pytest

from models.attention import Attention
from models.catalogue import built_in
from models.engine import EngineError, Message, Request, Sampling, reply_text
from models.llama import LlamaEngine
from models.states import States

pytestmark = pytest.mark.model

ASKED = Request((Message("user", "Complete: the capital of France is"),), Sampling(24))
REPLY = ["The capital of France is Paris."]


@pytest.fixture(scope="module")
def plain():
    return measured(Attention("off"))


def measured(attention):
    """A reply, its log-probability token by token, and the bytes that its prompt takes."""
    engine = LlamaEngine(built_in().path, context=1024, attention=attention)
    said, scores = reply_text(engine, ASKED), engine.score(ASKED, REPLY)[0]
    size = len(engine._context.state(0, 2**30)) / len(engine._slots.take(0, engine._prompt(ASKED), ()).tokens)
    engine.close()
    return said, np.array(scores), size


@pytest.mark.parametrize(
    ("attention", "tolerance"),
    [
        (Attention(), 0.1),
        (Attention("on"), 0.1),
        (Attention("on", "q8_0", "q8_0"), 0.2),
        (Attention("off", "q8_0"), 0.2),
    ],
)
def test_answers_are_the_same_within_rounding(plain, attention, tolerance):
    said, scores, size = measured(attention)
    assert "Paris" in said and "Paris" in plain[0]
    assert np.abs(scores - plain[1]).mean() < tolerance
    small = (attention.keys == "q8_0") + (attention.values == "q8_0")
    assert size / plain[2] == pytest.approx(1 - small * 0.23, abs=0.05)


def test_bad_pairs_are_refused_before_anything_is_loaded(tmp_path):
    with pytest.raises(EngineError, match="flash attention"):
        LlamaEngine(tmp_path / "missing.gguf", attention=Attention("off", values="q8_0"))


def test_states_are_not_shared_between_ways_of_keeping(tmp_path):
    shapes = set()
    for attention in (
        Attention("off"),
        Attention("on"),
        Attention("on", "q8_0"),
        Attention("on", "f16", "q8_0"),
    ):
        engine = LlamaEngine(built_in().path, context=512, states=tmp_path, attention=attention)
        assert isinstance(engine._states, States)
        shapes.add(engine._context.shape)
        engine.close()
    assert len(shapes) == 4
