import pytest

from app.loops import unlooped


@pytest.mark.parametrize("cut", range(1, 22))
def test_a_loop_is_said_once_wherever_it_is_seen(cut):
    text = "Pim. " + "It is a little dog. " * 8
    assert unlooped(text[:-cut]) == "Pim. It is a little dog."


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Yes.",
        "no " * 3,
        "He is here. He is here. He is gone.",
        "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13",
    ],
)
def test_what_is_no_loop_is_left_alone(text):
    assert unlooped(text) is None


def test_a_loop_that_is_longer_than_what_is_looked_at_is_cut_at_its_first_round():
    assert unlooped("Pim. " + "It is a little dog. " * 200) == "Pim. It is a little dog."
