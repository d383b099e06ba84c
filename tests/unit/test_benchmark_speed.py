"""The arithmetic of the speed benchmark; the measuring itself needs a quiet machine."""

from argparse import Namespace

import pytest

from app.settings import Settings
from benchmarks import _speed_attention, _speed_reply, speed
from benchmarks.__main__ import names
from models.catalogue import built_in
from models.gguf_file import read_adapter, read_model


def test_a_ratio_is_the_middle_of_the_rounds_own_ratios():
    rounds = [
        {"decode": 90.0, "bare_decode": 100.0},
        {"decode": 45.0, "bare_decode": 50.0},  # a busy moment slows both sides
        {"decode": 10.0, "bare_decode": 100.0},
    ]
    assert speed.ratios(rounds) == {"decode_ratio": 0.9}
    assert speed.medians(rounds) == {"decode": 45.0, "bare_decode": 100.0}


def test_every_promised_ratio_has_its_two_sides():
    sides = {name: 1.0 for pair in speed.RATIOS.values() for name in pair}
    promised = {
        "decode_ratio",
        "decode_ratio_adapters",
        "first_token_ratio",
        "window_start_ratio",
        "night_speed_ratio",
    }
    assert promised <= speed.ratios([sides]).keys()


def test_rounds_give_all_sides_the_same_prompt_and_turn_about():
    asked: list[tuple[str, str]] = []

    def side(name):
        def answer(messages, tokens):
            if tokens > 2:
                asked.append((name, messages[0].content))
            return _speed_reply.Pace(0.5, 100.0)

        return answer

    sides = {name: side(name) for name in ("bare_", "", "_adapters")}
    figures = [_speed_reply.one_round(sides, number, 8, quiet=0.0) for number in (1, 2)]
    assert figures[0] == figures[1]
    assert set(figures[0]) == {side for pair in list(speed.RATIOS.values())[:4] for side in pair}
    assert [name for name, _ in asked] == ["", "_adapters", "bare_", "_adapters", "bare_", ""]
    assert len({prompt for _, prompt in asked[:3]}) == 1
    assert asked[0][1] != asked[3][1]


def test_helpers_are_no_benchmarks():
    assert "speed" in names()
    assert not [name for name in names() if name.startswith("_")]


def test_how_far_answers_move_is_their_mean_gap_a_token():
    assert _speed_attention.moved([-1.0, -0.5], [-1.5, -0.25]) == 0.375
    assert _speed_attention.WAYS["usual"] == Settings().attention
    assert not any(way.refusal for way in _speed_attention.WAYS.values())


@pytest.mark.model
def test_the_attention_part_measures_every_way():
    options = Namespace(threads=1, tokens=4, rounds=1)
    figures = _speed_attention.one_round(built_in().path, 1, options, notes=8)
    sides = [side for pair in speed.RATIOS.values() for side in pair if side.endswith(("flash_on", "_0"))]
    assert len(sides) > 4 and all(figures[side] > 0 for side in sides)
    assert figures["moved_flash_on"] < figures["moved_q4_0"] < 1.0
    assert figures["megabytes_q4_0"] < figures["megabytes_q8_0"] < figures["megabytes_flash_off"]


@pytest.mark.model
def test_a_made_up_adapter_fits_the_model(tmp_path):
    model = built_in().path
    path = _speed_reply.made_up_adapter(model, tmp_path / "made-up.gguf")
    assert read_adapter(path, read_model(model)).tensors
