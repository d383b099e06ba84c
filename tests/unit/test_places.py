"""The map: what means nearly the same lies near, always in the same place."""

from __future__ import annotations

import numpy as np
import pytest

from memory.places import APART, places


def groups(count, size=384, seed=3):
    """Three heaps of vectors, as an embedder makes them of three topics."""
    random = np.random.default_rng(seed)
    middles = random.normal(size=(3, size))
    rows = middles[np.arange(count) % 3] + 0.3 * random.normal(size=(count, size))
    return {n + 1: (row / np.linalg.norm(row)).astype(np.float32) for n, row in enumerate(rows)}


@pytest.mark.parametrize("count", [30, 900])
def test_what_is_alike_lies_together(count):
    found = places(groups(count))
    flat = np.array([found[n + 1] for n in range(count)])
    assert np.abs(flat).max() <= 1.0
    distances = np.linalg.norm(flat[:, None] - flat[None], axis=2) + 9 * np.eye(count)
    nearest = distances.argmin(axis=1)
    assert (nearest % 3 == np.arange(count) % 3).mean() > 0.95


def test_the_same_vectors_give_the_same_map_in_any_order():
    vectors = groups(40)
    assert places(dict(reversed(vectors.items()))) == places(vectors)


def test_a_map_does_not_turn_over_when_one_is_added():
    vectors = groups(60)
    before = places({n: row for n, row in vectors.items() if n < 60})
    after = places(vectors, before)
    assert np.mean([np.hypot(*np.subtract(before[n], after[n])) for n in before]) < 0.1


def test_the_same_twice_can_still_be_pointed_at():
    vectors = groups(30)
    found = places(vectors | {100: vectors[1], 101: vectors[1]})
    one, two, three = (np.array(found[n]) for n in (1, 100, 101))
    for pair in ((one, two), (two, three), (one, three)):
        assert np.linalg.norm(pair[0] - pair[1]) > APART / 3


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_have_places_too(count):
    found = places({n: row for n, row in groups(9).items() if n <= count})
    assert len(found) == count
    assert all(np.isfinite(place).all() for place in found.values())
