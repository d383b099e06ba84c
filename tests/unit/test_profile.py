"""What is always in mind: by topic, in an order that stays, within its budget, and only what holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory import slots
from memory.extract import Candidate
from memory.facts import Facts
from memory.profile import BUDGET, MARK, PINNED, attributes, by_topic, profile
from memory.records import Fact
from memory.store import Store
from memory.usage import Usage

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
NAMES = ["name", "home", "wife's name", "allergy", "preference", "daughter", "boat's name", "Odile's job"]


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "memory.sqlite3")
    yield store
    store.close()


@pytest.fixture
def facts(store):
    return Facts(store)


def said(lines):
    return [line.fact.sentence for line in lines]


def known(number, attribute, value="x", **about):
    about = {"state": "current", "pinned": False, "valid_from": None, "valid_to": None} | about
    sentence = f"The user's {attribute} is {value}."
    return Fact(
        number,
        "user",
        attribute,
        value,
        sentence,
        origin="said",
        topic="",
        confidence=1.0,
        recorded=NOW,
        **about,
    )


def test_what_is_pinned_comes_first_and_then_topic_by_topic(facts):
    for attribute, value in [
        ("preference", "short answers"),
        ("favourite colour", "ochre"),
        ("wife's name", "Odile"),
        ("new flat", "Clun"),
        ("name", "Ada"),
    ]:
        facts.add(attribute, value)
    facts.pin(facts.add("boat's name", "Ptarmigan").id)
    lines = profile(facts.standing(attributes()))
    assert [(line.topic, line.slot) for line in lines] == [
        (PINNED, "boat"),
        ("identity", "name"),
        ("home", "home"),
        ("family", "partner"),
        ("answers", "preference"),
    ]
    assert list(by_topic(lines)) == [PINNED, "identity", "home", "family", "answers"]
    short = profile(facts.current(), budget=2 * (10 + MARK), count=lambda text: 10)
    assert said(short) == said(lines)[:2]


def test_a_line_that_does_not_fit_makes_room_for_one_that_does():
    long, short = known(1, "name", "A" * 400), known(2, "home", "Clun")
    assert said(profile([long, short], 40, moment=NOW)) == [short.sentence]


@pytest.mark.parametrize(
    "about",
    [
        {"state": "proposed"},
        {"state": "superseded"},
        {"state": "retracted"},
        {"state": "expired"},
        {"valid_from": NOW + DAY},
        {"valid_to": NOW},
    ],
)
@pytest.mark.parametrize("pinned", [False, True])
def test_only_what_holds_now_is_in_mind(about, pinned):
    assert profile([known(1, "home", pinned=pinned, **about)], moment=NOW) == []
    holding = {"state": "current", "valid_from": NOW - DAY, "valid_to": NOW + DAY}
    assert profile([known(1, "home", pinned=pinned, **holding)], moment=NOW)


def test_the_same_sentence_is_said_once():
    twice = [known(1, "name", "Ada"), known(2, "name", "ADA"), known(3, "name", "Ada", pinned=True)]
    assert [line.fact.id for line in profile(twice, moment=NOW)] == [3]


def test_the_order_stays_where_two_facts_say_the_same():
    facts = [known(1, "home", "Clun", pinned=True), known(2, "name", "Ada"), known(3, "home", "Clun")]
    assert [line.fact.id for line in profile(facts, moment=NOW)] == [1, 2]


def test_where_not_all_fit_what_was_used_stays_and_the_order_too():
    allergies = [known(number, "allergy", f"nut {number}") for number in range(1, 6)]
    costs = profile(allergies, moment=NOW)[0].tokens
    unused = profile(allergies, 2 * costs, moment=NOW)
    used = profile(allergies, 2 * costs, used=lambda: {4: 1, 2: 9}, moment=NOW)
    assert [line.fact.id for line in unused] == [1, 2]
    assert [line.fact.id for line in used] == [2, 4]
    everything = profile(allergies, 5 * costs, used=lambda: pytest.fail("all fit"), moment=NOW)
    assert len(everything) == 5


def test_use_is_counted_from_replies_of_earlier_months(store):
    chat, usage = store.new_conversation(), Usage(store)
    store.add_turn(chat.id, "assistant", "Pim.", notes=["fact:7", "turn:2"], created=NOW.replace(year=2020))
    store.add_turn(chat.id, "assistant", "Pim!", notes=["fact:7"], created=NOW.replace(year=2021))
    store.add_turn(chat.id, "user", "Pim?", notes=["fact:9"], created=NOW.replace(year=2021))
    store.add_turn(chat.id, "assistant", "Now.", notes=["fact:8"])
    assert usage.of_facts() == {7: 2}


@given(
    st.lists(
        st.builds(
            lambda name, value, pinned, state: (name, value, pinned, state),
            st.sampled_from(NAMES),
            st.text("ab ", min_size=1, max_size=60),
            st.booleans(),
            st.sampled_from(["current", "current", "proposed", "superseded"]),
        ),
        max_size=25,
    ),
    st.integers(0, 200),
    st.randoms(use_true_random=False),
)
def test_the_budget_holds_and_neither_order_nor_use_of_others_moves_it(rows, budget, dice):
    facts = [
        known(i, name, value, pinned=pin, state=state) for i, (name, value, pin, state) in enumerate(rows)
    ]
    lines = profile(facts, budget, moment=NOW)
    assert sum(line.tokens for line in lines) <= budget
    assert all(line.fact.state == "current" for line in lines)
    mixed = dice.sample(facts, len(facts))
    assert profile(mixed, budget, moment=NOW) == lines
    more_used = profile(mixed, budget, used=lambda: {fact.id: 3 for fact in facts}, moment=NOW)
    assert more_used == lines


def test_every_name_of_a_slot_is_looked_for():
    tables = slots._tables()
    every = [name for table in ("renamed", "compared") for those in tables[table].values() for name in those]
    listed = set(attributes())
    for name in every:
        attribute = slots.known_as(name)
        wanted = [slot for slot in (slots.slot_of(attribute),) if slot in {slots.slot_of(a) for a in listed}]
        assert not wanted or attribute in listed, attribute


def test_the_profile_after_a_month_of_chats(store, facts):
    """Thirty days: moves, corrections, a holiday, small things; what is in mind is small and right."""
    began = datetime(2026, 4, 1, 9, tzinfo=UTC)
    told = [
        (0, "I'm Ada, and I live in Leeds.", "name", "Ada"),
        (0, "I live in Leeds.", "home", "Leeds"),
        (1, "I work as a nurse.", "job", "nurse"),
        (2, "My wife is called Odile.", "wife's name", "Odile"),
        (3, "I'm allergic to walnuts.", "allergy", "walnuts"),
        (5, "Please keep your answers short.", "style preference", "short"),
        (9, "I was born on 3 May 1988.", "birthday", "3 May 1988"),
        (12, "Our dog is called Pim.", "dog's name", "Pim"),
        (15, "We moved to Clun.", "home", "Clun"),
        (20, "I don't eat meat.", "diet", "don't eat meat"),
        (24, "I now work as a midwife.", "job", "midwife"),
        (28, "I'm allergic to penicillin too.", "allergy", "penicillin"),
    ]
    sizes = []
    for day in range(30):
        when = began + day * DAY
        chat = store.new_conversation()
        for at, text, attribute, value in told:
            if at == day:
                turn = store.add_turn(chat.id, "user", text, created=when)
                start = text.index(value)
                found = Candidate(attribute, value, start, start + len(value), 0.9)
                facts.learn(found, turn.id, text, when=when)
        facts.add(f"list {day}", f"thing {day}")
        facts.add("home", "Porto", state="proposed")
        sizes.append(sum(line.tokens for line in profile(facts.standing(attributes()), moment=when)))
    lines = profile(facts.standing(attributes()), moment=began + 30 * DAY)
    assert said(lines) == [
        "The user's name is Ada.",
        "The user's birthday is 3 May 1988.",
        "The user lives in Clun.",
        "The user works as a midwife.",
        "The user's wife's name is Odile.",
        "The user is allergic to walnuts.",
        "The user is allergic to penicillin.",
        "The user's diet is don't eat meat.",
        "The user's style preference is short.",
    ]
    assert sizes[-1] == sum(line.tokens for line in lines) <= BUDGET
    assert len(facts.facts()) > 60, "what is not in mind is still known"
