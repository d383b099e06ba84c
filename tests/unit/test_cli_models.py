"""`dormouse models` as a person and a program run it, against a hub on this machine."""

import json

import pytest

from app.__main__ import main
from app.commands.models import line_of
from app.events import DownloadProgress
from app.home import Home
from models import offers
from tests import hub_server
from tests.gguf_parts import write_gguf
from tests.hub_server import Shelved, cut_after, status


@pytest.fixture
def run(tmp_path, capsys):
    def command(*words):
        code = main(["--home", str(tmp_path / "home"), *words])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


def test_a_model_is_looked_up_downloaded_and_removed(run, tmp_path):
    with hub_server.running() as hub:
        Home(tmp_path / "home").change("hub", hub.url)
        offer = offers.offer("smollm2-1.7b")
        file = Shelved(write_gguf(tmp_path / "tiny.gguf").read_bytes())
        hub.models[offer.repository] = {"smollm2-1.7b-instruct-q4_k_m.gguf": file}
        code, out, _ = run("models", "available")
        assert code == 0 and "unknown" in out and "--look-up" in out and not hub.asked
        code, out, err = run("models", "available", "--look-up")
        assert code == 1 and "0.00 GB" in out and "Phi-4 mini: it is no longer at" in err
        file.faults = [status(503), cut_after(2000)]
        code, out, err = run("models", "download", offer.name)
        assert code == 0 and "0.00 of 0.00 GB" in err and f"use {offer.name}" in out
        assert run("models", "download", offer.name)[0] == 1
        assert [model["name"] for model in json.loads(run("models", "--json")[1])][1:] == [offer.title]
        code, out, _ = run("models", "remove", offer.name)
        assert code == 0 and len(json.loads(run("models", "list", "--json")[1])) == 1
        code, _, err = run("models", "download", "gpt-9")
        assert code == 1 and "no model called gpt-9" in err


def test_how_far_a_download_is_in_words():
    assert line_of(DownloadProgress("a", 0, 2_500_000_000)) == "0.00 of 2.50 GB"
    assert line_of(DownloadProgress("a", 1_000_000_000, 2_500_000_000, 11_800_000.0, 127.0)) == (
        "1.00 of 2.50 GB, 11.8 MB/s, 2 min 7 s left"
    )
