import pytest

from models.attention import FLASH, KINDS, Attention


@pytest.mark.parametrize("flash", FLASH)
@pytest.mark.parametrize("values", KINDS)
def test_small_values_need_flash_attention(flash, values):
    refusal = Attention(flash, "q8_0", values).refusal
    assert bool(refusal) == (flash == "off" and values != "f16")
    assert not refusal or values in refusal


@pytest.mark.parametrize("wrong", [("yes", "f16", "f16"), ("on", "q2_k", "f16"), ("on", "f16", "")])
def test_what_there_is_not_is_refused_with_what_there_is(wrong):
    refusal = Attention(*wrong).refusal
    assert "auto, on or off" in refusal and "f16, q8_0 or q4_0" in refusal
