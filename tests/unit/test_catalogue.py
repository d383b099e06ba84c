from __future__ import annotations

from models import catalogue
from tests.gguf_parts import write_gguf

GIGABYTE = 1024**3


def test_the_built_in_model_is_found_without_importing_its_package():
    model = catalogue.built_in()
    assert model.builtin
    assert model.path.suffix == ".gguf"
    assert model.size > 90_000_000
    assert model.fits


def test_what_the_user_added_is_listed_with_what_is_wrong_with_it(tmp_path):
    good = write_gguf(tmp_path / "good.gguf")
    bad = tmp_path / "bad.gguf"
    bad.write_bytes(b"no")
    listed = catalogue.models([good, bad])[-2:]
    assert [model.name for model in listed] == ["Tiny", "bad"]
    assert not listed[0].problem
    assert "not a GGUF file" in listed[1].problem


def test_a_model_fits_where_three_quarters_of_the_memory_hold_it():
    assert catalogue.fits_here(5 * GIGABYTE, memory=8 * GIGABYTE)
    assert not catalogue.fits_here(7 * GIGABYTE, memory=8 * GIGABYTE)


def test_another_model_has_no_skill(tmp_path):
    assert catalogue.skill_for(write_gguf(tmp_path / "other.gguf")) is None
