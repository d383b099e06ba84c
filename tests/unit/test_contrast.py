"""The arithmetic of a reply that is held against the one without notes."""

import numpy as np

from models.contrast import PLAUSIBLE, Against, contrasted

TOLD = np.array([3.0, 2.5, 1.0, -4.0], dtype=np.float32)


def against(*logits, strength=1.0):
    return Against(np.array(logits, dtype=np.float32), strength)


def test_what_the_notes_bring_wins_over_what_is_said_anyway():
    found = contrasted(TOLD, against(4.0, 0.5, 0.0, 0.0))
    assert found.argmax() == 1
    np.testing.assert_allclose(found[:2], [2.0, 4.5])


def test_no_strength_leaves_the_order_and_the_plausible_as_they_are():
    found = contrasted(TOLD, against(4.0, 0.5, 0.0, 0.0, strength=0.0))
    np.testing.assert_allclose(found[:3], TOLD[:3])
    assert list(np.argsort(found)) == list(np.argsort(TOLD))


def test_the_implausible_never_win_and_keep_their_order_and_stay_finite():
    told = np.array([10.0, 10.0 + np.log(PLAUSIBLE) - 0.01, -5.0, -6.0], dtype=np.float32)
    found = contrasted(told, against(30.0, -30.0, -80.0, -90.0, strength=2.0))
    assert list(np.argsort(-found)) == [0, 1, 2, 3] and np.isfinite(found).all()


def test_a_favour_counts_once_and_makes_plausible():
    bias = np.array([0.0, 0.0, 2.0, 0.0], dtype=np.float32)
    found = contrasted(np.array([3.0, 0.0, 0.0, 0.0], np.float32), against(0.0, 0.0, 0.0, 0.0), bias)
    np.testing.assert_allclose(found[[0, 2]], [6.0, 2.0])
    assert found[1] < -900
