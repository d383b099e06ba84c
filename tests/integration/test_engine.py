"""LlamaEngine on the built-in model."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

from app.answering import anything_but
from models.catalogue import built_in
from models.engine import (
    Done,
    EngineError,
    Message,
    ModelRefused,
    Reading,
    Request,
    Sampling,
    Text,
    Worn,
    reply_text,
)
from models.llama import LlamaEngine
from models.native import BATCH
from tests.gguf_parts import random_adapter, write_gguf
from tests.recurrent import write_mamba

pytestmark = pytest.mark.model

FRANCE = (Message("user", "Complete: the capital of France is"),)
JSON = r"""
root ::= "{" pair (", " pair)* "}"
pair ::= string ": " string
string ::= "\"" [a-z ]{1,12} "\""
"""


@pytest.fixture(scope="module")
def engine():
    opened = LlamaEngine(built_in().path, context=1024)
    yield opened
    opened.close()


def greedy(messages=FRANCE, tokens=24, **options):
    return Request(messages, Sampling(max_tokens=tokens), **options)


def test_it_says_what_it_is(engine):
    assert engine.info.architecture == "llama"
    assert engine.info.context == 1024
    assert 130e6 < engine.info.parameters < 140e6


def test_a_reply_streams_and_ends(engine):
    events = list(engine.chat(greedy()))
    assert isinstance(events[0], Reading)
    assert isinstance(events[-1], Done)
    text = "".join(event.text for event in events if isinstance(event, Text))
    assert "Paris" in text
    assert events[-1].why == "end"
    assert events[-1].reply_tokens >= len([event for event in events if isinstance(event, Text)])


def test_what_was_read_is_not_read_again_and_side_work_does_not_disturb_it(engine):
    first = list(engine.chat(greedy()))[-1]
    list(engine.chat(greedy((Message("user", "Count to three."),), slot=1)))
    second = list(engine.chat(greedy()))[-1]
    assert second.reused_tokens == first.prompt_tokens - 1
    grown = (*FRANCE, Message("assistant", reply_text(engine, greedy())), Message("user", "And of Italy?"))
    assert list(engine.chat(greedy(grown)))[-1].reused_tokens >= first.prompt_tokens


def test_reused_and_fresh_readings_give_the_same_reply(engine):
    again = reply_text(engine, greedy(tokens=40))
    assert reply_text(engine, greedy(tokens=40)) == again
    engine_two = LlamaEngine(built_in().path, context=512)
    assert reply_text(engine_two, greedy(tokens=40)) == again
    engine_two.close()


def test_stop_takes_effect_within_one_token(engine):
    story = (Message("user", "Tell me a long story."),)
    heard = []

    def enough():
        return len(heard) >= 5

    for event in engine.chat(greedy(story, 200), enough):
        if isinstance(event, Text):
            heard.append(event)
    assert event.why == "stopped"
    assert event.reply_tokens == 5
    assert list(engine.chat(greedy(story, 3)))[-1].reply_tokens == 3


def test_stop_while_the_prompt_is_read_leaves_a_clean_slot(engine):
    long = (Message("user", "Remember this. " * 200),)
    events = list(engine.chat(greedy(long), lambda: True))
    assert events == [Done("stopped", events[-1].prompt_tokens, events[-1].reused_tokens, 0)]
    asked = iter([False, True])
    events = list(engine.chat(greedy(long), lambda: next(asked, True)))
    assert events[-1].why == "stopped"
    assert "Paris" in reply_text(engine, greedy())


@pytest.mark.parametrize("model", ["built-in", "recurrent"])
def test_stop_in_the_middle_of_a_batch_leaves_a_clean_slot(model, tmp_path, monkeypatch):
    """A recurrent state cannot be put back to where the batch began, so nothing of it is read on from."""
    monkeypatch.setattr("models.native._ASK_EVERY", -1.0)
    path = built_in().path if model == "built-in" else write_mamba(tmp_path / "mamba.gguf")
    long = greedy((Message("user", "Remember this. " * 100),), 0)
    stopped, fresh = LlamaEngine(path, context=2048), LlamaEngine(path, context=2048)
    slot, asked = stopped._slots._all[0], []

    def second_batch():
        asked.extend([True] * bool(slot.tokens))
        return len(asked) > 20

    assert list(stopped.chat(long, second_batch))[-1].why == "stopped"
    assert len(asked) > 20 and len(slot.tokens) == (BATCH if model == "built-in" else 0)
    for engine in (stopped, fresh):
        assert list(engine.chat(long))[-1].why == "length"
    assert np.array_equal(stopped._context.logits(-1), fresh._context.logits(-1))
    stopped.close()
    fresh.close()


def test_a_length_limit_is_kept(engine):
    done = list(engine.chat(greedy((Message("user", "Tell me a long story."),), 5)))[-1]
    assert (done.why, done.reply_tokens) == ("length", 5)


def test_a_seed_decides_what_is_drawn(engine):
    def drawn(seed):
        sampling = Sampling(max_tokens=16, temperature=1.5, top_k=0, top_p=1.0, seed=seed, repeat_penalty=1.1)
        return reply_text(engine, Request((Message("user", "Name an animal."),), sampling))

    assert drawn(1) == drawn(1)
    assert len({drawn(seed) for seed in range(4)}) > 1


def test_a_grammar_is_kept_to_and_the_prefix_is_part_of_it(engine):
    request = Request(FRANCE, Sampling(max_tokens=60, grammar=JSON), prefix='{"ca', slot=1)
    for temperature in (0.0, 1.5):
        sampling = Sampling(max_tokens=60, grammar=JSON, temperature=temperature)
        text = reply_text(engine, Request(FRANCE, sampling, prefix=request.prefix, slot=1))
        assert text.startswith('{"ca')
        if text.endswith("}"):
            assert all(isinstance(value, str) for value in json.loads(text).values())


def test_a_beginning_is_ruled_out_and_what_was_read_stays_read(engine):
    usual = reply_text(engine, greedy())
    opening = usual[:5]
    list(engine.chat(greedy(tokens=0)))
    engine.score(greedy(), (opening,))
    request = greedy()
    ruled = replace(request.sampling, grammar=anything_but(opening))
    told = list(engine.chat(replace(request, sampling=ruled)))
    words = "".join(event.text for event in told if isinstance(event, Text))
    assert words.strip() and not words.startswith(opening)
    assert told[-1].reused_tokens >= told[-1].prompt_tokens - 1
    for text in ("Pâté, 木 and 🐭.", "Par ici", opening[:3]):
        ruled = Sampling(40, grammar=anything_but("Parole"))
        kept = Request((Message("user", "Go on."),), ruled, prefix=text)
        assert reply_text(engine, kept).startswith(text)


def test_favoured_words_are_said_sooner(engine):
    request = greedy()
    assert "London" not in reply_text(engine, request)
    for temperature in (0.0, 0.5):
        sampling = replace(request.sampling, favoured="London", favour=20.0, temperature=temperature)
        assert "London" in reply_text(engine, replace(request, sampling=sampling))


def test_bad_grammars_and_prefixes_get_a_sentence(engine):
    with pytest.raises(EngineError, match="grammar"):
        list(engine.chat(Request(FRANCE, Sampling(grammar="root ::= ("))))
    with pytest.raises(EngineError, match="grammar"):
        list(engine.chat(Request(FRANCE, Sampling(grammar=JSON), prefix="Hello")))


def test_half_characters_never_leave(engine):
    mice = "\U0001f42d\U0001f9c0\U0001f400"
    grammar = f'root ::= "{mice}"'
    pieces = [e.text for e in engine.chat(Request(FRANCE, Sampling(grammar=grammar))) if isinstance(e, Text)]
    assert "".join(pieces) == mice
    assert not any("\ufffd" in piece for piece in pieces)


def test_typed_control_marks_stay_words(engine):
    typed = "<|im_end|>"
    plain = list(engine.chat(greedy((Message("user", ""),), 1)))[-1].prompt_tokens
    marked = list(engine.chat(greedy((Message("user", typed),), 1)))[-1].prompt_tokens
    assert engine.count(typed) > 3
    assert marked - plain == engine.count(typed)


def test_a_prompt_that_is_too_long_gets_a_sentence(engine):
    with pytest.raises(EngineError, match="too long for the model"):
        list(engine.chat(greedy((Message("user", "word " * 1100),))))
    assert "Paris" in reply_text(engine, greedy())


def test_each_slot_has_the_whole_context(engine):
    long = (Message("user", "word " * 600),)
    for slot in (0, 1):
        assert list(engine.chat(greedy(long, 2, slot=slot)))[-1].prompt_tokens > 600
    assert list(engine.chat(greedy(long, 2)))[-1].reused_tokens > 600


def test_scores_are_the_full_softmax(engine):
    request = greedy()
    reply = reply_text(engine, request)
    (scores,) = engine.score(request, [reply])
    prompt, context = engine._prompt(request), engine._context
    ending = [*engine._tokens([reply]), engine._turn_end]
    expected = []
    slot = engine._slot_for(request, prompt, len(ending))
    list(engine._slots.read(slot, prompt, lambda: False))
    for token in ending:
        logits = context.logits(-1).astype(np.float64)
        chances = np.exp(logits - logits.max())
        expected.append(float(np.log(chances[token] / chances.sum())))
        engine._slots.take_in(slot, [token], outputs=1)
    np.testing.assert_allclose(scores, expected, atol=0.05)
    assert all(score <= 0 for score in scores)


def test_scores_do_not_depend_on_what_is_scored_beside_them(engine):
    replies = ["Paris.", "The capital of France is Paris.", "Rome. " * 40]
    together = engine.score(greedy(slot=1), replies)
    alone = [engine.score(greedy(slot=1), [reply])[0] for reply in replies]
    for one, other in zip(together, alone, strict=True):
        np.testing.assert_allclose(one, other, atol=0.05)
    assert len(together[2]) > 64
    assert sum(together[1]) > sum(engine.score(greedy(slot=1), ["The capital of France is Rome."])[0])


def test_adapters_are_worn_rescaled_and_taken_off(engine, tmp_path):
    adapter = random_adapter(tmp_path / "night.gguf")
    bare = engine.score(greedy(), ["Paris."])[0]
    found = []
    for scale in (1.0, 0.25, 0.0):
        engine.wear([Worn(adapter, scale)])
        found.append(engine.score(greedy(), ["Paris."])[0])
    engine.wear([])
    np.testing.assert_allclose(found[2], bare, atol=1e-6)
    np.testing.assert_allclose(engine.score(greedy(), ["Paris."])[0], bare, atol=1e-6)
    drift = [float(np.abs(np.subtract(scores, bare)).sum()) for scores in found]
    assert drift[0] > drift[1] > 1e-4


def test_what_one_request_wears_is_for_it_alone(engine, tmp_path):
    bare = engine.score(greedy(), ["Paris."])[0]
    adapters = [Worn(random_adapter(tmp_path / f"{i}.gguf", seed=i)) for i in range(7)]
    for adapter in adapters:
        changed = engine.score(greedy(adapters=(adapter,)), ["Paris."])[0]
        assert not np.allclose(changed, bare, atol=1e-3)
        np.testing.assert_allclose(engine.score(greedy(), ["Paris."])[0], bare, atol=1e-6)
    assert len(engine._wardrobe._loaded) <= 6


def test_a_change_of_outfit_reads_the_prompt_again(engine, tmp_path):
    list(engine.chat(greedy()))
    engine.wear([Worn(random_adapter(tmp_path / "night.gguf"))])
    assert list(engine.chat(greedy()))[-1].reused_tokens == 0
    assert list(engine.chat(greedy()))[-1].reused_tokens > 0
    engine.wear([])


def test_a_refused_adapter_leaves_the_old_set_on(engine, tmp_path):
    good = Worn(random_adapter(tmp_path / "good.gguf"))
    engine.wear([good])
    worn = engine.score(greedy(), ["Paris."])[0]
    broken = tmp_path / "broken.gguf"
    broken.write_bytes((tmp_path / "good.gguf").read_bytes()[:-40_000])
    others = [
        tmp_path / "missing.gguf",
        broken,
        random_adapter(tmp_path / "wide.gguf", width=640),
        random_adapter(tmp_path / "qwen.gguf", architecture="qwen2"),
        built_in().path,
    ]
    for other in others:
        with pytest.raises(ModelRefused, match=other.name):
            engine.wear([good, Worn(other)])
        np.testing.assert_allclose(engine.score(greedy(), ["Paris."])[0], worn, atol=1e-6)
    engine.wear([])


def test_files_that_cannot_be_served_are_refused(tmp_path):
    whole = built_in().path
    cut = tmp_path / "cut.gguf"
    with whole.open("rb") as source, cut.open("wb") as target:
        shutil.copyfileobj(source, target)
        target.truncate(whole.stat().st_size // 2)
    garbage = tmp_path / "garbage.gguf"
    garbage.write_bytes(np.random.default_rng(0).bytes(4096))
    unknown = write_gguf(tmp_path / "unknown.gguf", architecture="of-the-future")
    hollow = write_gguf(tmp_path / "hollow.gguf")
    for path in (cut, garbage, unknown, hollow, tmp_path / "missing.gguf"):
        with pytest.raises(ModelRefused, match=path.name):
            LlamaEngine(path)


def test_closing_twice_does_no_harm():
    engine = LlamaEngine(built_in().path, context=256)
    engine.close()
    engine.close()


def test_a_turn_ends_as_the_template_ends_it(engine):
    ends = engine._model.text_of(engine._turn_end)
    assert ends == "<|im_end|>"
