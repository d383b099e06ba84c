"""The benchmark of taking turns in: what it takes in, and that all of it is counted."""

from __future__ import annotations

import pytest

from benchmarks import _speed_ingest
from tests.scripted import ScriptedEmbedder


def test_turns_are_those_of_the_conversations_again_and_again():
    once = _speed_ingest.said(10)
    assert len(set(once)) > 5 and all(once)
    everything = _speed_ingest.said(20_000)
    assert len(everything) == 20_000 and everything[:10] == once


class Slow:
    """The bare side, with a time that is known."""

    def embedded(self, texts):
        return 2.0 * len(texts)


@pytest.mark.parametrize("number", [0, 1])
def test_a_round_gives_turns_a_second_of_both_sides(tmp_path, number):
    texts = _speed_ingest.said(90)
    figures = _speed_ingest.one_round(Slow(), ScriptedEmbedder(), texts, tmp_path / "home", number)
    assert figures.keys() == {"ingest", "bare_embed"}
    assert figures["bare_embed"] == 0.5 and figures["ingest"] > 0
