from __future__ import annotations

import pytest

from models.pace import Pace, default_threads, threads_beside


@pytest.mark.parametrize(
    ("others", "cores", "most", "threads"),
    [
        (0.0, 2, 2, 2),
        (0.2, 2, 2, 2),
        (1.0, 2, 2, 1),
        (2.0, 2, 2, 1),
        (9.0, 2, 2, 1),
        (1.0, 16, 8, 8),
        (10.0, 16, 8, 6),
    ],
)
def test_other_programs_keep_their_cores(others, cores, most, threads):
    assert threads_beside(others, cores, most) == threads


def test_the_pace_stays_within_its_bounds():
    assert Pace(1).threads() == 1
    assert 1 <= Pace(default_threads()).threads() <= default_threads() <= 8
