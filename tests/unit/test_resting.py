"""Freeing by use: what is pinned, recent or used stays; the least needed rests; nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.extract import Candidate
from memory.facts import Facts
from memory.resting import RECENT, Item, Sort, at_rest, by_kind, resting, stays, why
from memory.store import Store

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=2000)

ITEMS = st.lists(
    st.builds(
        Item,
        st.sampled_from(["turn", "fact"]),
        st.integers(1, 10**6),
        st.sampled_from(Sort),
        st.integers(0, 400).map(lambda days: NOW - timedelta(days=days)),
        st.sampled_from([0.4, 0.9, 1.0]),
        st.sampled_from([0, 0, 0, 1, 7]),
        st.sampled_from([False, False, True]),
    ),
    max_size=40,
    unique_by=lambda item: (item.kind, item.id),
)


@given(ITEMS, st.integers(0, 45))
def test_the_floor_holds_however_little_room_there_is(items, capacity):
    for item in at_rest(items, capacity, NOW):
        assert not item.kept and not item.used and NOW - item.when >= RECENT


@given(ITEMS, st.integers(0, 45))
def test_no_more_rests_than_must_and_nothing_is_lost(items, capacity):
    before = list(items)
    rest = at_rest(items, capacity, NOW)
    awake = [item for item in items if item not in rest]
    assert items == before and len(rest) + len(awake) == len(items) and set(rest) <= set(items)
    free = sum(not stays(item, NOW) for item in items)
    assert len(rest) == min(free, max(0, len(items) - capacity))


@given(ITEMS, st.integers(0, 45))
def test_what_rests_is_used_least_and_missed_least(items, capacity):
    rest = at_rest(items, capacity, NOW)
    awake = [item for item in items if item not in rest]
    for item in rest:
        assert item.used <= min((other.used for other in awake), default=0)
        for other in awake:
            if not stays(other, NOW):
                assert (item.sort, item.confidence, item.when) <= (other.sort, other.confidence, other.when)


@given(ITEMS, st.integers(0, 45), st.integers(0, 45), st.randoms(use_true_random=False))
def test_more_room_wakes_and_the_order_of_the_store_does_not_matter(items, capacity, more, dice):
    rest = at_rest(items, capacity, NOW)
    assert set(at_rest(items, capacity + more, NOW)) <= set(rest)
    assert at_rest(dice.sample(items, len(items)), capacity, NOW) == rest


@given(ITEMS, st.integers(0, 45), st.sampled_from([{"used": 1}, {"kept": True}, {"when": NOW}]))
def test_use_a_pin_or_an_edit_wakes(items, capacity, change):
    for item in at_rest(items, capacity, NOW):
        woken = replace(item, **change)
        others = [woken if other == item else other for other in items]
        assert woken not in at_rest(others, capacity, NOW)


@pytest.mark.parametrize(
    ("item", "sentence"),
    [
        (
            Item("fact", 1, Sort.HISTORY, LONG_AGO),
            "Something else took its place, or its time is over; no reply has ever used it, "
            "and nobody touched it since 2020-11-27.",
        ),
        (
            Item("fact", 1, Sort.FACT, LONG_AGO, 0.45),
            "It was noticed, and with little certainty (45%); no reply has ever used it, "
            "and nobody touched it since 2020-11-27.",
        ),
    ],
)
def test_each_says_why_in_a_sentence(item, sentence):
    assert why(item) == sentence


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "memory.sqlite3")
    yield store
    store.close()


@pytest.fixture
def old(store):
    """Old facts, one replaced, with the messages that told them and the replies to these."""
    facts, chat = Facts(store), store.new_conversation()

    def tell(attribute, value):
        text = f"My {attribute} is {value}"
        turn = store.add_turn(chat.id, "user", text, created=LONG_AGO)
        store.add_turn(chat.id, "assistant", "Noted.", created=LONG_AGO)
        start = len(text) - len(value)
        return facts.learn(Candidate(attribute, value, start, len(text), 0.9), turn.id, text, when=LONG_AGO)

    told = {value: tell(attribute, value) for attribute, value in [
        ("boat's name", "Ptarmigan"), ("shed code", "4711"), ("favourite colour", "ochre"), ("home", "Clun"),
    ]}  # fmt: skip
    told["teal"] = facts.supersede(told["ochre"].id, "teal", valid_from=LONG_AGO)
    return told


def rest(store, capacity, days=100):
    """What rests when so many days have passed."""
    return by_kind(resting(store, capacity, datetime.now(UTC) + timedelta(days=days)))


def test_a_home_with_room_for_all_lets_nothing_rest(store, old):
    assert rest(store, 13) == {"turn": frozenset(), "fact": frozenset()}
    assert sum(map(len, rest(store, 12).values())) == 1


def test_history_rests_first_then_replies_then_messages_and_facts_last(store, old):
    order = resting(store, 0, datetime.now(UTC) + timedelta(days=100))
    assert [item.sort for item in order] == sorted(item.sort for item in order)
    assert order[0].id == old["ochre"].id
    assert {item.id for item in order if item.kind == "fact"} == {
        old[name].id for name in ("ochre", "teal", "Ptarmigan", "4711")
    }, "the home is always in mind"


def test_what_is_recent_pinned_or_used_stays(store, old):
    assert rest(store, 0, days=30)["fact"] == frozenset(), "recorded and changed within ninety days"
    Facts(store).pin(old["4711"].id)
    chat = store.new_conversation()
    told = old["Ptarmigan"].turn_id
    store.add_turn(chat.id, "assistant", "4711.", notes=[f"fact:{old['Ptarmigan'].id}", f"turn:{told}"])
    left = rest(store, 0)
    assert left["fact"] == {old["ochre"].id, old["teal"].id} and told not in left["turn"]


def test_an_edit_counts_as_recent(store, old):
    store_day = datetime.now(UTC)
    Facts(store).edit(old["4711"].id, sentence="The shed opens with 4711.")
    touched = {item.id: item.when for item in _facts_of(store, store_day)}
    assert store_day - touched[old["4711"].id] < timedelta(minutes=5)


def _facts_of(store, moment):
    from memory.resting import _facts

    with store.read() as session:
        return _facts(session, moment)


def test_what_rests_is_still_there_and_found_by_its_words(store, old):
    assert old["4711"].id in rest(store, 0)["fact"]
    facts = Facts(store)
    assert [fact.value for fact in facts.facts("shed")] == ["4711"]
    assert len(facts.facts()) == 5 and store.search_turns("shed code")
