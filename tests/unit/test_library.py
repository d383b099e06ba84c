"""The models' room: looked up, downloaded, removed and measured, through the real fetching process."""

from __future__ import annotations

import errno
import json
import os
import stat
import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app import shelf
from app.events import Bus, Changed, DownloadEnded, DownloadProgress
from app.fetching import Fetching
from app.home import Home
from app.library import Learned, Library
from app.measuring import Measured, measure
from app.serving import Serving
from memory.records import Night
from models import catalogue, offers, partial
from models.engine import EngineError
from models.partial import DownloadRefused
from tests import hub_server
from tests.gguf_parts import write_gguf
from tests.hub_server import Shelved, cut_after, status, then
from tests.scripted import ScriptedEmbedder, ScriptedEngine

NAME = "smollm2-1.7b"
FILE = "smollm2-1.7b-instruct-q4_k_m.gguf"


@pytest.fixture
def at():
    with hub_server.running() as server:
        yield server


@pytest.fixture
def shelved(at, tmp_path):
    """A real, small GGUF on the hub."""
    file = Shelved(write_gguf(tmp_path / "tiny.gguf").read_bytes())
    at.models[offers.offer(NAME).repository] = {FILE: file}
    return file


class Room:
    """A home with its library."""

    def __init__(self, folder, at):
        self.home, self.told = Home(folder), []
        self.bus = bus = Bus()
        self.home.change("hub", at.url)
        bus.listen(self.told.append)
        self.register = []
        self.engine = ScriptedEngine(" ".join(["4,"] * 30))
        nights = lambda: self.register  # noqa: E731
        self.serving = Serving(self.home, nights, bus, lambda *_: self.engine, ScriptedEmbedder)
        self.library = Library(self.home, self.serving, nights, bus)

    def offered(self, name=NAME):
        return next(each for each in self.library.offers() if each.offer.name == name)


@pytest.fixture
def room(tmp_path, at, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")  # as the product sets it; what the user asks for goes on
    made = Room(tmp_path / "home", at)
    yield made
    made.library.close()
    made.serving.close()


def test_nothing_is_asked_of_the_hub_until_the_user_does(room, at):
    offered = room.offered()
    assert (offered.state, offered.found, offered.fit, offered.speed) == ("", None, None, None)
    assert offered.learns and not at.asked


def test_looking_up_is_remembered(room, at, shelved):
    assert room.library.look_up([NAME]) == []
    asked = len(at.asked)
    offered = room.offered()
    assert offered.found.size == len(shelved.body) and offered.fit.word == "fits"
    assert Changed(frozenset({"models"})) in room.told
    again = Library(room.home, room.serving, list, Bus()).offers()
    assert offered.found in [each.found for each in again] and len(at.asked) == asked


def test_what_cannot_be_looked_up_says_why_once(room, at):
    [problem] = room.library.look_up(["phi-4-mini"])
    assert problem.startswith("Phi-4 mini: it is no longer at")
    room.home.change("hub", "http://127.0.0.1:9")
    assert len(room.library.look_up(["phi-4-mini", NAME])) == 1


def test_a_model_is_downloaded_used_and_removed(room, shelved):
    room.library.download(NAME)
    assert room.library.wait(NAME) == DownloadEnded(NAME, "here", sha256=shelved.sha256)
    path = room.library.path(NAME)
    assert path.read_bytes() == shelved.body and room.offered().state == "here"
    if os.name == "posix":
        assert (
            stat.S_IMODE(path.stat().st_mode) == 0o600 and stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        )
    assert [each.done for each in room.told if isinstance(each, DownloadProgress)][-1] == len(shelved.body)
    listed = shelf.models(room.home)
    assert [model.name for model in listed][1:] == ["SmolLM2 1.7B"] and not listed[1].problem
    with pytest.raises(EngineError, match="here already"):
        room.library.download(NAME)
    room.home.change("model", str(path))
    with pytest.raises(EngineError, match="answers you"):
        room.library.remove(NAME)
    room.home.change("model", "")
    room.library.remove(NAME)
    assert not path.exists() and room.offered().state == "" and len(shelf.models(room.home)) == 1
    with pytest.raises(EngineError, match="is not here"):
        room.library.remove(NAME)


def test_a_download_is_paused_goes_on_and_can_be_given_up(room, at, shelved):
    shelved.body += b"\0" * 3_000_000
    shelved.size, shelved.sha256 = len(shelved.body), Shelved(shelved.body).sha256
    come, hold = threading.Event(), threading.Event()

    def half(handler, file):
        handler.give(file, 1_000_000)
        come.set()
        hold.wait(20)

    shelved.faults.append(half)
    room.library.download(NAME)
    assert come.wait(60)
    assert room.offered().state == "loading"
    with pytest.raises(DownloadRefused, match="already"):
        room.library.download(NAME)
    room.library.pause(NAME)
    hold.set()
    assert room.library.wait(NAME).state == "paused"
    room.library.download(NAME)
    assert room.library.wait(NAME).state == "here"
    room.library.remove(NAME)
    partial.part_of(room.library.path(NAME)).write_bytes(b"x" * 10)
    assert (room.offered().state, room.offered().done) == ("part", 10)
    room.library.discard(NAME)
    assert room.offered().state == "" and sorted(p.name for p in room.home.models.iterdir()) == ["found.json"]


def test_a_download_that_is_refused_says_why(room, shelved):
    shelved.faults = [status(404)] * 2
    room.library.download(NAME)
    ended = room.library.wait(NAME)
    assert ended.state == "refused" and "no longer at" in ended.sentence
    assert [event for event in room.told if isinstance(event, DownloadEnded)] == [ended]


@pytest.mark.parametrize("full", ["found", "ended"])
def test_a_full_disk_leaves_no_download_under_way(room, shelved, full):
    def refuse(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    calls = {"found": lambda _: None, "ended": lambda _: None, full: refuse}
    fetching = Fetching(room.home, room.bus, **calls)
    fetching.start(NAME, room.library.path(NAME), None)
    ended = fetching.wait(NAME)
    assert ended.state == ("here" if full == "ended" else "refused")
    assert not fetching.under_way() and fetching.progress(NAME) is None
    assert [event for event in room.told if isinstance(event, DownloadEnded)] == [ended]
    assert room.told[-1] == Changed(frozenset({"models"}))


def test_the_sum_that_is_kept_is_the_one_that_was_checked(room, shelved):
    """Meanwhile the hub may have been asked again, and have told of a newer upload."""
    room.library.look_up([NAME])
    newer = replace(room.offered().found, sha256="f" * 64)
    shelved.faults.append(then(lambda _: room.library._learn(newer), cut_after(10)))
    room.library.download(NAME)
    assert room.library.wait(NAME).state == "here"
    sums = json.loads((room.home.path / "marks.json").read_text())["sums"]
    assert sums[str(room.library.path(NAME))][-1] == shelved.sha256


def test_what_the_hub_said_is_asked_again_when_the_file_is_another(room, at, shelved):
    room.library.look_up([NAME])
    shelved.body = shelved.body[:-1] + b"!"
    room.library.download(NAME)
    assert "not the file that the hub describes" in room.library.wait(NAME).sentence
    assert room.offered().found is None and not room.library.path(NAME).exists()


def test_the_fetching_process_does_not_outlive_its_caller(room, shelved):
    """Its stdin ends with the program that started it."""
    shelved.faults = [cut_after(10)] * 50
    room.library.download(NAME)
    child = room.library._fetching._children[NAME]
    child.stdin.close()
    assert child.wait(30) == 0
    assert room.library.wait(NAME).state == "paused"


def test_measuring_is_remembered_and_tells_how_quick_others_would_be(room, shelved):
    found = room.library.measure()
    assert found.name == catalogue.built_in().name and found.reading > 0 and found.writing > 0
    assert room.library.measured() == {catalogue.built_in().path: found}
    request = room.engine.requests[-1]
    assert request.slot == 1
    room.library.look_up([NAME])
    expected = found.writing * catalogue.built_in().size / len(shelved.body)
    assert room.offered().speed == pytest.approx(expected)
    room.home.set_mark("measured", {str(catalogue.built_in().path): {"name": "damaged"}})
    assert room.library.measured() == {}


def test_measuring_counts_what_was_read_and_what_was_written():
    paused = []
    engine = ScriptedEngine(" ".join(["4,"] * 21), pace=lambda: paused.append(threading.Event().wait(0.01)))
    found = measure(engine, "Scripted")
    assert isinstance(found, Measured) and found.writing <= 100
    with pytest.raises(EngineError, match="too little"):
        measure(ScriptedEngine("No."), "Scripted")


def test_the_nights_of_a_base_are_counted_with_it(room):
    base = catalogue.built_in()
    night = Night(
        1, datetime.now(UTC), None, "worn", base.sha256, "night-1.gguf", "a" * 64, 1.0, 1.0, (1,), ""
    )
    other = replace(night, id=4, base_sha256="f" * 64)
    room.register = [night, replace(night, id=2, state="undone"), replace(night, id=3, adapter=""), other]
    assert room.library.learned() == {base.path: Learned(2, 1)}


def test_a_large_files_hash_is_taken_once(room, tmp_path, monkeypatch):
    own = write_gguf(tmp_path / "own.gguf")
    room.home.change("models", [str(own)])
    sum_ = catalogue.sha256(own)
    room.register = [Night(1, datetime.now(UTC), None, "worn", sum_, "n.gguf", "a" * 64, 1.0, 1.0, (1,), "")]
    assert room.library.learned()[own] == Learned(1, 1)
    assert json.loads((room.home.path / "marks.json").read_text())["sums"][str(own)][-1] == sum_
    own.write_bytes(own.read_bytes() + b"\0")
    assert room.library.learned()[own] == Learned(0, 0)
