"""Replies held against what would be said without the notes, on the built-in model."""

from __future__ import annotations

import logging
from dataclasses import replace

import numpy as np
import pytest

from app.answering import anything_but
from app.prompt import SYSTEM, with_notes
from models.catalogue import built_in
from models.contrast import Against, Contrast, contrasted
from models.engine import Done, Message, Request, Sampling, Text, words_of
from models.llama import LlamaEngine
from models.process import EngineProcess
from tests.recurrent import write_mamba

pytestmark = pytest.mark.model

PEOPLE = {"Ada": "Pesto", "Bo": "Rumba", "Cleo": "Quill", "Dirk": "Tarn"}
NOTES = [f"{name}'s dog is called {dog}." for name, dog in PEOPLE.items()]
LONG_SYSTEM = SYSTEM + "".join(f" Neighbour {number} keeps {number + 2} hens." for number in range(12))


def asked(name="Cleo", contrast=1.0, tokens=16, system=LONG_SYSTEM, **sampling):
    question = f"What is {name}'s dog called?"
    return Request(
        (Message("system", system), Message("user", with_notes(question, NOTES))),
        Sampling(tokens, **sampling),
        without=(Message("system", system), Message("user", question)),
        contrast=contrast,
    )


def told(engine, request, stop=lambda: False):
    events = list(engine.chat(request, stop))
    assert isinstance(events[-1], Done)
    return words_of(event for event in events if isinstance(event, Text)), events[-1]


def next_word(engine, request):
    """What the model makes of the whole prompt."""
    list(engine.chat(replace(request, sampling=Sampling(max_tokens=0))))
    return engine._context.logits(-1).copy()


@pytest.fixture
def engine():
    opened = LlamaEngine(built_in().path, context=1024)
    yield opened
    opened.close()


def beside(engine, request, reply):
    """Logits of both prompts before each token of a reply, as ``Contrast`` has them."""
    with_notes, without, tokens = prompts_of(engine, request, reply)
    slot = engine._slots.take(0, with_notes, ())
    list(engine._slots.read(slot, with_notes, lambda: False))
    contrast = Contrast(engine._slots, slot, request.contrast)
    contrast.read(without, lambda: False)
    found = [[contrast._told.copy(), engine._context.logits(-1).copy()]]
    for token in tokens:
        contrast.take_in(token)
        found.append([engine._context.logits(row).copy() for row in (0, 1)])
    contrast.close()
    return np.array(found)


def apart(engine, request, reply):
    """The same, each prompt read whole and by itself."""
    *prompts, tokens = prompts_of(engine, request, reply)
    sides = []
    for prompt in prompts:
        slot = engine._slots.take(1, prompt, ())
        engine._slots.forget(slot, 0)
        list(engine._slots.read(slot, prompt, lambda: False))
        found = [engine._context.logits(-1).copy()]
        for token in tokens:
            engine._slots.take_in(slot, [token], outputs=1)
            found.append(engine._context.logits(-1).copy())
        sides.append(found)
    return np.array(sides).swapaxes(0, 1)


def prompts_of(engine, request, reply):
    without = replace(request, messages=request.without)
    return engine._prompt(request), engine._prompt(without), engine._tokens([reply])


def off(left, right):
    """The root of the mean square of what two rows of logits differ by, beside the level of each."""
    gap = left - right
    return float(np.sqrt(((gap - gap.mean()) ** 2).mean()))


@pytest.mark.parametrize("system", [LONG_SYSTEM, SYSTEM], ids=["copied", "read"])
def test_both_prompts_are_read_as_each_would_be_alone(engine, system):
    request, reply = asked(system=system), "Cleo's dog is called Quill."
    one, other = beside(engine, request, reply), apart(engine, request, reply)
    for beside_each_other, alone in zip(one, other, strict=True):
        difference = off(alone[0], alone[1])
        assert off(beside_each_other[0], alone[0]) < 0.2 * difference
        assert off(beside_each_other[1], alone[1]) < 0.2 * difference


def test_what_is_said_is_the_difference(engine):
    request = asked()
    first = beside(engine, request, "")[0]
    token = int(contrasted(first[0], Against(first[1], request.contrast)).argmax())
    assert told(engine, asked(tokens=1))[0] == engine._model.piece(token).decode()
    assert told(engine, asked())[0] != told(engine, asked(contrast=0.0))[0]


def test_a_plain_reply_afterwards_is_what_it_would_have_been():
    found = []
    for contrast in (0.0, 1.0):
        engine = LlamaEngine(built_in().path, context=1024)
        told(engine, asked(contrast=contrast))
        for enough in (1, 3, 99):  # before the second prompt, in its midst or after it, not at all
            told(engine, asked("Dirk", contrast), _after(enough))
        plain, other = asked("Dirk", contrast=0.0), replace(asked("Bo", contrast=0.0), slot=1)
        found.append([(told(engine, each)[0], next_word(engine, each)) for each in (plain, other)])
        engine.close()
    for (without, expected), (text, logits) in zip(*found, strict=True):
        assert text == without
        np.testing.assert_array_equal(logits, expected)


def _after(asks):
    """Says stop when it was asked that often."""
    left = iter(range(asks))
    return lambda: next(left, None) is None


def test_the_side_slot_is_given_back_empty_and_the_prompt_stays_read(engine):
    first = told(engine, asked())[1]
    assert not engine._slots.side.tokens
    again = told(engine, asked(contrast=0.0))[1]
    assert again.reused_tokens == first.prompt_tokens - 1
    events = engine.chat(asked(tokens=200))
    next(event for event in events if isinstance(event, Text))
    assert engine._slots.side.tokens
    events.close()
    assert not engine._slots.side.tokens


def test_where_it_cannot_be_the_reply_is_plain_and_the_log_says_so(engine, caplog):
    caplog.set_level(logging.INFO, "models.llama")
    expected = told(engine, asked(contrast=0.0))[0]
    long = replace(asked(), without=(Message("user", "word " * 1020),))
    assert told(engine, long)[0] == expected
    assert told(engine, replace(asked(), slot=1))[0] == expected
    sentences = [record.getMessage() for record in caplog.records]
    assert ["no room" in sentences[0], "side work" in sentences[1]] == [True, True]
    assert not any("dog" in sentence for sentence in sentences)


def test_grammar_favour_and_length_hold_as_before(engine):
    usual = told(engine, asked())[0]
    ruled = told(engine, asked(grammar=anything_but(usual[:5])))[0]
    assert ruled.strip() and not ruled.startswith(usual[:5])
    assert told(engine, asked(grammar='root ::= "No dog at all."'))[0] == "No dog at all."
    assert "London" in told(engine, asked(favoured="London", favour=30.0))[0]
    assert told(engine, asked(tokens=3))[1].why == "length"
    drawn = {told(engine, asked(temperature=1.0, seed=seed))[0] for seed in (1, 1, 2, 3, 4)}
    assert 1 <= len(drawn) <= 4


def test_a_model_that_knows_no_halves_reads_both(tmp_path):
    engine = LlamaEngine(write_mamba(tmp_path / "mamba.gguf"), context=2048)
    request = asked(system=SYSTEM, tokens=8)
    one, other = beside(engine, request, "abc"), apart(engine, request, "abc")
    np.testing.assert_allclose(one, other, atol=0.01)
    plain = next_word(engine, replace(request, contrast=0.0))
    told(engine, request)
    np.testing.assert_array_equal(next_word(engine, replace(request, contrast=0.0)), plain)
    engine.close()


def test_a_child_process_holds_them_against_each_other_too(engine, tmp_path):
    process = EngineProcess(None, built_in().path, context=1024, states=tmp_path)
    try:
        first = told(process, asked())[0]
        process.count("")  # answered once the state of the beginning is saved
    finally:
        process.close()
    again = LlamaEngine(built_in().path, context=1024, states=tmp_path)
    reply, done = told(again, asked())
    again.close()
    assert done.reused_tokens > 64
    assert first == reply == told(engine, asked())[0]
