"""The engine and the embedder in child processes, killed and interrupted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import psutil
import pytest

from models.catalogue import built_in
from models.engine import Done, EngineDied, EngineError, Message, ModelRefused, Request, Sampling, Text, Worn
from models.process import EmbedderProcess, EngineProcess
from tests.gguf_parts import random_adapter, write_gguf

pytestmark = pytest.mark.model

STORY = Request((Message("user", "Tell me a long story about the sea."),), Sampling(max_tokens=300))
FRANCE = Request((Message("user", "Complete: the capital of France is"),), Sampling(max_tokens=16))
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)


@pytest.fixture
def engine(tmp_path):
    opened = EngineProcess(None, built_in().path, context=512, log=tmp_path / "engine.log")
    yield opened
    opened.close()


def text_of(events):
    return "".join(event.text for event in events if isinstance(event, Text))


def gone(pid, seconds=5.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.02)
    return False


def test_it_streams_counts_and_scores(engine, tmp_path):
    assert "Paris" in text_of(engine.chat(FRANCE))
    assert engine.count("hello there") == 2
    (scores,) = engine.score(FRANCE, ["Paris."])
    assert len(scores) >= 2
    assert engine.info.context == 512
    assert "Paris" not in (tmp_path / "engine.log").read_text()


def test_stop_and_interrupt_end_a_reply(engine):
    asked = iter([False] * 8)
    events = list(engine.chat(STORY, lambda: next(asked, True)))
    assert events[-1].why == "stopped"
    assert events[-1].reply_tokens < 40
    threading.Timer(0.3, engine.interrupt).start()
    assert list(engine.chat(STORY))[-1].why in {"stopped", "end"}
    assert "Paris" in text_of(engine.chat(FRANCE))


def test_a_reader_that_goes_away_stops_the_reply(engine):
    for event in engine.chat(STORY):
        if isinstance(event, Text):
            break
    began = time.monotonic()
    assert engine.count("hello there") == 2
    assert time.monotonic() - began < 2


def test_killed_in_mid_reply_the_next_request_starts_another(engine, tmp_path):
    adapter = Worn(random_adapter(tmp_path / "night.gguf"))
    engine.wear([adapter])
    dressed = engine.score(FRANCE, ["Paris."])
    first, heard = engine.pid, []
    with pytest.raises(EngineDied, match="stopped unexpectedly"):
        for event in engine.chat(STORY):
            heard.append(event)
            if len(heard) == 5:
                os.kill(first, KILL)
    assert text_of(heard)
    np.testing.assert_allclose(engine.score(FRANCE, ["Paris."]), dressed, atol=1e-6)
    assert engine.pid != first


def test_killed_while_idle_nobody_notices(engine):
    first = engine.pid
    os.kill(first, KILL)
    assert gone(first)
    assert "Paris" in text_of(engine.chat(FRANCE))


def test_an_adapter_that_vanished_can_be_taken_off_after_a_death(engine, tmp_path):
    adapter = random_adapter(tmp_path / "night.gguf")
    engine.wear([Worn(adapter)])
    adapter.unlink()
    os.kill(engine.pid, KILL)
    with pytest.raises(EngineError):
        list(engine.chat(FRANCE))
    engine.wear([])
    assert "Paris" in text_of(engine.chat(FRANCE))


def test_refusals_come_through_and_change_nothing(engine, tmp_path):
    first = engine.pid
    with pytest.raises(ModelRefused, match=r"missing\.gguf"):
        engine.wear([Worn(tmp_path / "missing.gguf")])
    with pytest.raises(EngineError, match="grammar"):
        list(engine.chat(Request(FRANCE.messages, Sampling(max_tokens=8, grammar="root ::= ("))))
    assert "Paris" in text_of(engine.chat(FRANCE))
    assert engine.pid == first
    with pytest.raises(ModelRefused, match=r"hollow\.gguf"):
        EngineProcess(None, write_gguf(tmp_path / "hollow.gguf"))


def test_several_threads_take_turns(engine):
    texts = []
    threads = [threading.Thread(target=lambda: texts.append(text_of(engine.chat(FRANCE)))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(texts) == 3
    assert all("Paris" in text for text in texts)


def test_a_second_request_inside_a_reply_is_refused_rather_than_waited_for(engine):
    with pytest.raises(EngineError, match="in the middle"):
        for _ in engine.chat(FRANCE):
            engine.count("x")
    assert isinstance(list(engine.chat(FRANCE))[-1], Done)


def test_no_worker_outlives_its_parent(tmp_path):
    code = (
        "import sys; from pathlib import Path; from models.process import EngineProcess\n"
        "from models.engine import *\n"
        "e = EngineProcess(None, Path(sys.argv[1]), context=512); print(e.pid, flush=True)\n"
        "for _ in e.chat(Request((Message('user', 'A long story.'),), Sampling(max_tokens=400))): pass\n"
        "input()"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(built_in().path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with parent:
        pid = int(parent.stdout.readline())
        time.sleep(0.3)
        parent.kill()
    assert gone(pid)


def test_closing_ends_the_worker(tmp_path):
    engine = EngineProcess(None, built_in().path, context=256)
    pid = engine.pid
    engine.close()
    assert gone(pid)
    engine.close()


def test_a_command_that_is_no_worker_gets_a_sentence():
    with pytest.raises(EngineDied):
        EngineProcess([sys.executable, "-c", "print('hello')"], built_in().path)


@pytest.mark.slow
def test_the_embedder_in_its_process(tmp_path):
    embedder = EmbedderProcess(log=tmp_path / "embedder.log")
    try:
        vectors = embedder.embed(["My cat sleeps all day.", "A kitten naps.", "Stocks fell on Monday."])
        assert vectors.shape == (3, embedder.dimensions)
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
        assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2
        assert embedder.embed([]).shape == (0, 384)
        many = embedder.embed(["same words"] * 300)
        assert many.shape == (300, 384)
    finally:
        embedder.close()
