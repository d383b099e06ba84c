"""What a night learns, in which order, and why."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from consolidation.select import choose, surprise
from memory.records import Fact
from tests.scripted import ScriptedEngine

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)


def fact(number, value="Pim", **changes):
    plain = Fact(
        number, "user", "dog's name", value, f"The user's dog's name is {value}.", "current", "said", "pets",
        0.9, False, NOW - timedelta(days=1),
    )  # fmt: skip
    return replace(plain, **changes)


def order(choices):
    return [choice.fact.id for choice in choices if choice.chosen]


def test_only_what_is_held_true_is_learned():
    facts = [fact(1), fact(2, state="superseded"), fact(3, state="proposed"), fact(4, state="retracted")]
    assert order(choose(facts, now=NOW)) == [1]


def test_what_was_vetoed_is_shown_and_not_chosen():
    choices = choose([fact(1), fact(2)], vetoed={2}, now=NOW)
    assert order(choices) == [1]
    assert choices[-1].reason == "You asked for it to be left out."


def test_the_budget_keeps_the_best():
    facts = [fact(1), fact(2, pinned=True), fact(3, topic="health"), fact(4, topic="plans")]
    choices = choose(facts, now=NOW, budget=2)
    assert order(choices) == [2, 3]
    assert all("looked up" in choice.reason for choice in choices if not choice.chosen)


def test_surprise_and_freshness_count():
    facts = [fact(1), fact(2), fact(3, recorded=NOW - timedelta(days=300))]
    assert order(choose(facts, surprises={2: 7.0}, now=NOW)) == [2, 1, 3]


def test_what_replies_rested_on_comes_first():
    choices = choose([fact(1), fact(2), fact(3)], uses={2: 3, 3: 1}, now=NOW)
    assert order(choices) == [2, 3, 1]
    assert "3 replies rested on it" in choices[0].reason and "a reply rested on it" in choices[1].reason
    assert order(choose([fact(1, pinned=True), fact(2)], uses={2: 100000}, now=NOW)) == [1, 2]


def test_what_was_learned_before_comes_again():
    old = fact(1, nights=(1, 2), recorded=NOW - timedelta(days=90))
    assert order(choose([old, fact(2)], learned={1}, now=NOW)) == [1, 2]


def test_every_choice_has_a_sentence():
    facts = [fact(1, pinned=True), fact(2, topic="people"), fact(3, value="x" * 500)]
    choices = choose(facts, learned={2}, surprises={1: 6.5}, now=NOW)
    assert all(choice.reason.endswith(".") for choice in choices)
    by_id = {choice.fact.id: choice for choice in choices}
    assert "pinned" in by_id[1].reason and "6.5" in by_id[1].reason
    assert "Learned before" in by_id[2].reason
    assert not by_id[3].chosen and "too long" in by_id[3].reason


def test_surprise_is_nats_per_token_of_the_users_own_words():
    engine = ScriptedEngine()
    engine.score = lambda request, replies: [[-2.0, -4.0, -0.1] if "Pim" in replies[0] else [-9.0, -1.0]]
    assert surprise(engine, [fact(1, quote="he is called Pim")]) == {1: 3.0}


def test_what_is_kept_in_the_users_own_words_is_not_learned_by_heart():
    (choice,) = choose([fact(1, attribute="note", sentence='The user said: "I bake."')], {})
    assert not choice.chosen and "own words" in choice.reason
