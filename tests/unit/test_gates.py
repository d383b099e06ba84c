"""The gates as functions: what passes, what does not, and the interval beside it."""

import math

import pytest

from consolidation import gates
from consolidation.exam import Verdict
from consolidation.gates import Standard

RULE = Standard()


def test_learned_must_near_the_ceiling_and_beat_before():
    assert gates.learned([0, 0, 0, 0, 0], [1, 1, 1, 1, 0], [1, 1, 1, 1, 1], RULE).passed
    assert not gates.learned([0, 0, 0, 0, 0], [1, 1, 1, 0, 0], [1, 1, 1, 1, 1], RULE).passed
    assert not gates.learned([1, 1, 1], [1, 1, 1], [1, 1, 1], RULE).passed  # a zero adapter


def test_a_night_without_new_facts_is_judged_by_the_older_ones():
    assert gates.learned([], [], [], RULE).passed
    assert gates.kept([1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1], RULE).passed
    assert not gates.kept([1, 1, 1, 1], [1, 0, 0, 1], [1, 1, 1, 1], RULE).passed


def test_bleeding_into_other_questions_is_refused():
    clean, one, three = [0.0] * 40, [1.0] + [0.0] * 39, [1.0] * 3 + [0.0] * 37
    assert gates.local(clean, one, RULE).passed
    assert not gates.local(clean, three, RULE).passed


def test_older_facts_may_drop_by_a_tenth_or_be_as_good_as_new_ones_must_be():
    ten = [1.0] * 8 + [0.0] * 2
    assert gates.kept(ten, [1.0] * 7 + [0.0] * 3, [1.0] * 10, RULE).passed
    assert not gates.kept(ten, [1.0] * 6 + [0.0] * 4, [1.0] * 10, RULE).passed
    assert gates.kept([1.0] * 8, [1.0] * 4 + [0.0] * 4, [1.0] * 4 + [0.0] * 4, RULE).passed
    assert not gates.kept([1.0] * 8, [1.0] * 3 + [0.0] * 5, [1.0] * 4 + [0.0] * 4, RULE).passed


def test_a_note_must_outrank_the_weights():
    assert gates.note_wins([1, 1, 1, 1, 0], [1, 1, 1, 1, 0], RULE).passed
    assert not gates.note_wins([1, 1, 1, 1, 0], [1, 1, 1, 0, 0], RULE).passed
    assert gates.note_wins([], [], RULE).passed


def test_old_values_must_be_gone():
    assert gates.corrected([1, 1, 1], [0, 0, 0], RULE).passed
    assert not gates.corrected([1, 1, 1], [0, 1, 0], RULE, "still “Pim”").passed
    assert gates.corrected([], [], RULE).passed


def test_with_notes_one_slip_is_allowed_and_two_are_not():
    assert gates.with_notes([1, 1, 1, 0], [1, 1, 0, 0], RULE).passed
    assert not gates.with_notes([1, 1, 1, 0], [1, 0, 0, 0], RULE).passed
    many = [1.0] * 300
    assert gates.with_notes(many, [0.0] * 3 + many[3:], RULE).passed
    assert not gates.with_notes(many, [0.0] * 4 + many[4:], RULE).passed


def test_drift_is_refused():
    text = [[-2.0, -3.0], [-1.0]]
    assert gates.steady_text(text, text, RULE).passed
    assert not gates.steady_text(text, [[-2.1, -3.1], [-1.1]], RULE).passed
    steady = gates.steady_replies([[-1.0, -1.0], [-2.0]], [[-1.1, -0.9], [-1.9]], RULE)
    assert steady.passed and 0 < steady.low <= steady.after <= steady.high
    assert not gates.steady_replies([[-1.0, -1.0], [-2.0]], [[-1.9, -0.4], [-2.5]], RULE).passed


def test_divergence_is_estimated_without_bias():
    before, after = [0.7, 0.2, 0.1], [0.5, 0.2, 0.3]
    truth = sum(p * math.log(p / q) for p, q in zip(before, after, strict=True))
    pairs = zip(before, after, strict=True)
    assert sum(p * gates.divergence(math.log(p), math.log(q)) for p, q in pairs) == pytest.approx(truth)
    assert gates.divergence(-1.0, -1.0) == 0.0


def test_one_slip_in_fifty_questions_is_allowed_and_two_are_not():
    right = [1.0] * 60
    assert gates.steady_knowledge(right, [0.0, *right[1:]], RULE).passed
    assert not gates.steady_knowledge(right, [0.0] * 2 + right[2:], RULE).passed


def test_the_interval_holds_the_mean_difference():
    low, high = gates.interval([0.0] * 20, [1.0] * 15 + [0.0] * 5)
    assert low < 0.75 < high and low > 0.4
    assert gates.interval([], []) == (0.0, 0.0)


def test_the_verdict_says_why():
    bad = gates.local([0.0] * 10, [1.0] * 10, RULE, "“x?” was answered with “Pim”")
    verdict = Verdict(0.0, {1.0: [gates.whole(""), bad]})
    assert "Not mixed up with others" in verdict.why and "Pim" in verdict.why
    assert Verdict(1.0, {1.0: [gates.whole("")]}).why == ""


@pytest.mark.parametrize("problem", ["", "it changes nothing"])
def test_the_first_gate(problem):
    assert gates.whole(problem).passed == (not problem)
