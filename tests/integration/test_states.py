"""A saved beginning is loaded instead of read again, and never where it must not be."""

from __future__ import annotations

import shutil
import stat
from dataclasses import replace

import numpy as np
import pytest

from app.prompt import lay_out
from models import states
from models.catalogue import built_in
from models.engine import Done, Request, Sampling, Text, Worn, words_of
from models.llama import LlamaEngine
from models.process import EngineProcess
from tests.gguf_parts import random_adapter
from tests.recurrent import write_mamba

pytestmark = pytest.mark.model

PROFILE = [f"The user's neighbour number {number} keeps {number + 2} hens." for number in range(12)]
FIRST, SECOND = "What do you know about the hens?", "And who lives next door to me?"


def request(question=SECOND, profile=PROFILE, tokens=24, **options):
    return Request(lay_out(question, profile=profile), Sampling(max_tokens=tokens), **options)


def told(engine, asked):
    """The reply, and how much of the prompt was not read for it."""
    events = list(engine.chat(asked))
    assert isinstance(events[-1], Done)
    return words_of(event for event in events if isinstance(event, Text)), events[-1].reused_tokens


def next_word(engine, asked):
    """What the model makes of the whole prompt."""
    list(engine.chat(replace(asked, sampling=Sampling(max_tokens=0))))
    return engine._context.logits(-1).copy()


@pytest.fixture
def fresh(tmp_path):
    """Opens an engine over one folder of states, as after a restart."""
    opened = []

    def start(model=None, folder=tmp_path / "states", wears=(), context=1024):
        while opened:
            opened.pop().close()
        engine = LlamaEngine(model or built_in().path, context=context, states=folder)
        opened.append(engine)
        engine.wear([Worn(path) for path in wears])
        return engine

    yield start
    while opened:
        opened.pop().close()


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "states"


def saved(folder):
    return sorted(folder.glob("*.state"))


@pytest.mark.parametrize("model", ["built-in", "recurrent"])
def test_a_fresh_engine_goes_on_from_a_saved_beginning_as_if_it_had_read_it(model, fresh, folder, tmp_path):
    path = built_in().path if model == "built-in" else write_mamba(tmp_path / "mamba.gguf")
    told(fresh(path, context=2048), request(FIRST))
    assert len(saved(folder)) == 1
    again, reused = told(fresh(path, context=2048), request())
    read, nothing = told(fresh(path, None, context=2048), request())
    elsewhere, read_too = told(fresh(path, tmp_path / "other", context=2048), request())
    assert again == elsewhere == read and again
    assert reused > 100 and not nothing and not read_too
    assert len(saved(folder)) == 1


@pytest.mark.parametrize("model", ["built-in", "recurrent"])
def test_a_loaded_beginning_leaves_the_very_same_numbers(model, fresh, tmp_path):
    path = built_in().path if model == "built-in" else write_mamba(tmp_path / "mamba.gguf")
    others = request(profile=["The user's neighbour has 3 cats.", *PROFILE[1:]])
    read = next_word(fresh(path, context=2048), request())
    loaded = next_word(fresh(path, context=2048), request())
    np.testing.assert_array_equal(loaded, read)
    assert np.abs(next_word(fresh(path, context=2048), others) - read).max() > 0.1  # they rest on it


def test_only_the_beginning_is_kept_and_only_the_owner_may_read_it(fresh, folder):
    told(fresh(), request(FIRST))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    engine = fresh()
    fixed = engine._tokens(engine._template.beginning(request().messages))
    assert told(engine, request())[1] == len(fixed)
    assert told(engine, request(SECOND + " Say."))[1] > len(fixed)  # the slot holds more than the file


def test_a_short_beginning_and_side_work_leave_no_file(fresh, folder):
    engine = fresh()
    told(engine, request(profile=()))
    told(engine, request(slot=1))
    told(engine, Request(request().messages[1:], Sampling(max_tokens=2)))
    assert not saved(folder)


def test_a_recurrent_conversation_that_was_left_begins_from_the_file(fresh, folder, tmp_path):
    engine = fresh(write_mamba(tmp_path / "mamba.gguf"), context=2048)
    told(engine, request(FIRST))
    _, reused = told(engine, request())  # its cache cannot be cut: without the file all would be read again
    assert reused > 100


def test_nothing_is_loaded_under_other_adapters_or_strengths(fresh, folder, tmp_path):
    one, other = (random_adapter(tmp_path / f"{seed}.gguf", seed=seed) for seed in (1, 2))
    told(fresh(wears=[one]), request(FIRST))
    for wears in ([], [other], [one, other]):
        shutil.copytree(folder, tmp_path / "kept", copy_function=shutil.copy2)
        assert told(fresh(wears=wears, folder=tmp_path / "kept"), request())[1] == 0
        shutil.rmtree(tmp_path / "kept")
    weaker = fresh(wears=[])
    weaker.wear([Worn(one, 0.5)])
    assert told(weaker, request())[1] == 0
    assert len(saved(folder)) == 1  # what was made under the first is gone
    assert told(fresh(wears=[one]), request())[1] == 0
    assert told(fresh(wears=[one]), request(FIRST))[1] > 100


def test_an_adapter_that_was_rewritten_is_another(fresh, folder, tmp_path):
    night = random_adapter(tmp_path / "night.gguf", seed=1)
    told(fresh(wears=[night]), request(FIRST))
    random_adapter(night, seed=2)
    assert told(fresh(wears=[night]), request())[1] == 0


def test_a_change_of_outfit_in_one_engine_loads_its_own(fresh, folder, tmp_path):
    engine = fresh()
    bare, _ = told(engine, request())
    engine.wear([Worn(random_adapter(tmp_path / "night.gguf", strength=0.3))])
    worn, reused = told(engine, request())
    assert reused == 0 and worn != bare


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "foreign", "folder"])
def test_a_damaged_or_foreign_file_is_left_aside_and_replaced(damage, fresh, folder):
    good, _ = told(fresh(), request())
    (path,) = saved(folder)
    raw = path.read_bytes()
    broken = {
        "cut": raw[: len(raw) // 2],
        "flipped": raw[:5000] + bytes([raw[5000] ^ 1]) + raw[5001:],
        "empty": b"",
        "foreign": states.pack(b"k" * 32, raw[80:]),
        "folder": b"",
    }[damage]
    path.unlink()
    path.mkdir() if damage == "folder" else path.write_bytes(broken)
    assert told(fresh(), request()) == (good, 0)
    if damage != "folder":
        assert path.read_bytes() == raw
        assert told(fresh(), request())[1] > 100


def test_a_whole_file_that_llama_cpp_refuses_is_replaced(fresh, folder):
    good, _ = told(fresh(), request())
    (path,) = saved(folder)
    raw = path.read_bytes()
    key = raw[16:48]
    path.write_bytes(states.pack(key, raw[80:9000]))
    assert told(fresh(), request()) == (good, 0)
    assert path.read_bytes() == raw


def test_at_most_a_few_are_kept_and_those_in_use(fresh, folder):
    engine = fresh()
    for number in range(states.MOST + 1):
        told(engine, request(profile=[f"The user has {number} boats.", *PROFILE], tokens=1))
        told(engine, request(profile=["The user has 0 boats.", *PROFILE], tokens=1))
    assert len(saved(folder)) == states.MOST
    assert told(fresh(), request(profile=["The user has 0 boats.", *PROFILE]))[1] > 100
    assert told(fresh(), request(profile=["The user has 1 boats.", *PROFILE]))[1] == 0


def test_what_is_forgotten_while_it_is_read_is_not_saved(fresh, folder):
    engine = fresh()
    stream = engine.chat(request())
    next(stream)
    states.clear(folder)
    list(stream)
    assert not list(folder.glob("*.state")) and not list(folder.glob("*.partial"))
    told(engine, request(profile=PROFILE[1:]))
    assert len(saved(folder)) == 1


def test_the_engine_process_keeps_them_too(folder):
    reused = []
    for question in (FIRST, SECOND):
        engine = EngineProcess(None, built_in().path, context=1024, states=folder)
        reused.append(told(engine, request(question))[1])
        engine.count("wait until it is saved")
        engine.close()
    assert reused[0] == 0 and reused[1] > 100
