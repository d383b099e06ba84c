"""The catalogue of what can be downloaded, what the hub says of it, and what fits a machine."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

import pytest

from models import hub, machine, offers
from models.engine import EngineError
from models.hub import HubRefused
from models.machine import Graphics, Machine
from models.offers import Found
from tests import hub_server
from tests.hub_server import COMMIT, Shelved

GB = 10**9
LAPTOP = Machine(memory=16 * GB, available=9 * GB, disk=64 * GB, cores=8)


@pytest.fixture
def at(monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    with hub_server.running() as server:
        yield server


def shelve(at, name="smollm2-1.7b", **files):
    offer = offers.offer(name)
    at.models[offer.repository] = {file: Shelved(body) for file, body in files.items()}
    return offer


def test_every_offer_says_what_it_must_and_guesses_nothing():
    names = [offer.name for offer in offers.offers()]
    assert len(names) == len(set(names)) >= 12
    for offer in offers.offers():
        assert re.fullmatch(r"[a-z0-9.-]+", offer.name)
        assert re.fullmatch(r"[\w.-]+/[\w.-]+", offer.repository)
        assert offer.file.startswith("*") and offer.file.endswith(".gguf")
        assert offer.title and offer.kind and offer.languages and offer.about.endswith(".")


def test_a_pattern_takes_the_model_and_not_what_lies_beside_it():
    wanted = offers.offer("qwen3.5-4b").file.lower()
    assert fnmatchcase("qwen3.5-4b-q4_k_m.gguf", wanted)
    for other in (
        "mmproj-f16.gguf",
        "qwen3.5-4b-ud-q4_k_m.gguf",
        "qwen3.5-4b-q4_k_s.gguf",
        "bf16/x-q8_0.gguf",
    ):
        assert not fnmatchcase(other, wanted)


def test_an_offer_that_is_not_there():
    with pytest.raises(EngineError, match="models available"):
        offers.offer("gpt-9")


def test_the_hub_says_what_the_catalogue_does_not(at):
    offer = shelve(
        at, **{"README.md": b"#", "smollm2-1.7b-instruct-q4_k_m.gguf": b"weights", "mmproj.gguf": b"x"}
    )
    at.details[offer.repository] = {
        "gguf": {"total": 1_711_376_384, "architecture": "llama", "context_length": 8192}
    }
    found = hub.look_up(offer, at.url)
    assert (found.file, found.size, found.revision) == ("smollm2-1.7b-instruct-q4_k_m.gguf", 7, COMMIT)
    assert found.sha256 == Shelved(b"weights").sha256
    assert (found.licence, found.kind, found.parameters, found.context) == (
        "apache-2.0",
        "llama",
        1_711_376_384,
        8192,
    )
    assert hub.address(found, at.url) == f"{at.url}/{offer.repository}/resolve/{COMMIT}/{found.file}"
    [(path, headers)] = at.asked
    assert path.startswith("/api/models/HuggingFaceTB/") and "Authorization" not in headers


def test_the_users_own_token_is_sent_and_no_other(at, monkeypatch):
    offer = shelve(at, **{"a-q4_k_m.gguf": b"weights"})
    monkeypatch.setenv("HF_TOKEN", "hf_mine")
    hub.look_up(offer, at.url)
    assert at.asked[0][1]["authorization"] == "Bearer hf_mine"


def test_what_the_hub_cannot_say_is_one_sentence(at):
    offer = shelve(at, **{"other.gguf": b"x"})
    with pytest.raises(HubRefused, match=r"has no file like \*-q4_k_m.gguf"):
        hub.look_up(offer, at.url)
    with pytest.raises(HubRefused, match="Phi-4 mini: it is no longer at"):
        hub.look_up(offers.offer("phi-4-mini"), at.url)
    at.gated.add(offer.repository)
    with pytest.raises(HubRefused, match="wants an agreement first"):
        hub.look_up(offer, at.url)
    with pytest.raises(HubRefused, match="could not be reached"):
        hub.look_up(offer, "http://127.0.0.1:9")


def test_a_file_without_a_checksum_is_not_offered(at):
    offer = shelve(at, **{"a-q4_k_m.gguf": b"weights"})
    at.details[offer.repository] = {"siblings": [{"rfilename": "a-q4_k_m.gguf", "size": 7}]}
    with pytest.raises(HubRefused, match="no checksum"):
        hub.look_up(offer, at.url)


@pytest.mark.parametrize(
    ("chosen", "environment", "found"),
    [
        ("", "", "https://huggingface.co"),
        ("", "https://mirror.example/", "https://mirror.example"),
        ("http://mine:8080", "https://mirror.example", "http://mine:8080"),
    ],
)
def test_where_models_come_from(monkeypatch, chosen, environment, found):
    monkeypatch.setenv("HF_ENDPOINT", environment)
    assert hub.endpoint(chosen) == found


def test_what_was_kept_of_an_answer_is_read_only_whole():
    found = Found("a", "b/c", "d", "e.gguf", 5, "f" * 64)
    raw = {"name": "a", "repository": "b/c", "revision": "d", "file": "e.gguf", "size": 5, "sha256": "f" * 64}
    assert Found.of(raw) == found and Found.of(raw | {"later": 1}) == found
    for damaged in (
        None,
        [],
        {},
        raw | {"size": "5"},
        raw | {"size": 0},
        raw | {"sha256": "f"},
        raw | {"file": ""},
    ):
        assert Found.of(damaged) is None


@pytest.mark.parametrize(
    ("size", "word", "why"),
    [
        (2 * GB, "fits", "Needs about 2.5 GB of memory; 16.0 GB are here."),
        (9 * GB, "tight", "other programs will feel it"),
        (12 * GB, "too big", "Needs about 12.5 GB of memory; 16.0 GB are here."),
    ],
)
def test_what_fits_the_memory(size, word, why):
    fit = machine.fit(size, LAPTOP)
    assert fit.word == word and why in fit.why


def test_what_fits_the_disk_counts_what_is_there_already():
    small = Machine(memory=16 * GB, available=9 * GB, disk=2 * GB, cores=2)
    fit = machine.fit(3 * GB, small)
    assert fit.word == "too big" and "3.0 GB of disk; 2.0 GB are free" in fit.why
    assert machine.fit(3 * GB, small, on_disk=int(2.5 * GB)).word == "fits"
    assert machine.fit(3 * GB, small, on_disk=3 * GB).word == "fits"


def test_memory_that_others_use_just_now_makes_it_tight():
    busy = Machine(memory=16 * GB, available=2 * GB, disk=64 * GB, cores=2)
    assert "only 2.0 GB are free just now" in machine.fit(4 * GB, busy).why


def test_a_graphics_card_counts_when_the_user_gave_it_layers():
    box = Machine(16 * GB, 12 * GB, 100 * GB, 8, (Graphics("A card", 24 * GB),))
    assert machine.fit(18 * GB, box).word == "too big"
    assert machine.fit(18 * GB, box, layers=99).word == "fits"


def test_what_the_graphics_drivers_say():
    assert machine.parsed("NVIDIA H200, 143771\nOdd, [N/A]\n\n") == (
        Graphics("NVIDIA H200", 143771 * 1024**2),
    )


def test_which_models_nights_can_be_trained_on():
    assert machine.learns("llama", 1_700_000_000, LAPTOP)[0]
    learns, why = machine.learns("llama", 3_200_000_000, LAPTOP)
    assert not learns and "16.0 GB of memory" in why
    assert "this kind of model" in machine.learns("qwen35", 0, LAPTOP)[1]


def test_this_machine_is_measured(tmp_path):
    here = machine.measure(tmp_path / "not" / "there")
    assert here.memory >= here.available > 0 and here.disk > 0 and here.cores >= 1
