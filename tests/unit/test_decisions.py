"""What a noticed fact does to the known ones: decided with a reason, taken in whole, and taken back whole."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks import contradictions
from benchmarks._served import rows
from consolidation.select import choose
from memory.decisions import bearing_on, decide
from memory.extract import Candidate
from memory.facts import Facts
from memory.known import known_beside
from memory.slots import slot_of
from memory.store import Store
from memory.values import relation

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)  # a Wednesday
CASES = rows([contradictions.CASES])


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "memory.sqlite3")
    yield store
    store.close()


@pytest.fixture
def facts(store):
    return Facts(store)


def tell(store, facts, message, attribute, value, when=NOON, state="current"):
    turn = store.add_turn(store.new_conversation().id, "user", message)
    start = message.find(value)
    candidate = Candidate(attribute, value, start, start + len(value), 0.9)
    return facts.learn(candidate, turn.id, message, state, when)


def told(facts):
    return {(fact.attribute, fact.value) for fact in facts.current()}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sister's name", "sister"),
        ("sister's occupation", "Sister's job"),
        ("new flat", "home"),
        ("wife's name", "girlfriend's name"),
        ("favorite color", "favourite color"),
        ("brother's wife's name", "brother's partner"),
    ],
)
def test_one_thing_under_two_names(one, other):
    assert slot_of(one) == slot_of(other)


@pytest.mark.parametrize(
    ("one", "other"), [("brother's job", "job"), ("dog's age", "dog's name"), ("previous home", "home")]
)
def test_two_things(one, other):
    assert slot_of(one) != slot_of(other)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Leeds", "leeds", "same"),
        ("Bristol", "bristol, uk", "same"),
        ("3 May", "May 3rd", "same"),
        ("May 3rd", "3. Mai", "same"),
        ("3 May", "3 May 1988", "more"),
        ("3 May", "5 May", "other"),
        ("vegetarian", "don't eat meat", "same"),
        ("vegetarian", "eat meat", "other"),
        ("178 cm", "1.78 m", "same"),
        ("Leeds", "Headingley, Leeds", "more"),
        ("night nurse at St Olave's", "nurse", "less"),
        ("retired", "not retired", "other"),
        ("Köln", "koln", "same"),
        ("", "Leeds", "other"),
    ],
)
def test_values_are_compared(old, new, expected):
    assert relation(old, new) == expected


@given(st.text(max_size=30), st.text(max_size=30))
def test_comparing_values_has_two_sides(old, new):
    other_side = {"more": "less", "less": "more"}
    there, back = relation(old, new), relation(new, old)
    assert other_side.get(there, there) == back
    assert relation(old, old) == "same"


def test_there_are_enough_cases_and_each_value_was_said():
    assert len([case for case in CASES if case["part"] in {"seen", "held"}]) >= 90
    assert all(case["candidate"][1].casefold() in case["message"].casefold() for case in CASES)


@pytest.mark.parametrize("part", ["seen", "held", "drawn"])
def test_the_rule_decides_as_well_as_the_log_says(part):
    cases = [case for case in CASES if case["part"] == part]
    right = sum(contradictions.is_right(case, contradictions.decided(case)) for case in cases)
    assert right / len(cases) >= 0.88


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["candidate"][1])
def test_every_decision_has_a_reason(case):
    decision = contradictions.decided(case)
    assert decision.reason.endswith((".", "?", "!")) and len(decision.reason.split()) > 2
    assert (decision.old is None) == (decision.action == "add") or decision.action == "leave"


def test_more_precise_is_the_same_fact_with_its_history(store, facts):
    old = tell(store, facts, "I live in Leeds", "home", "Leeds")
    new = tell(store, facts, "I'm in Headingley, Leeds", "lives in", "Headingley, Leeds")
    assert told(facts) == {("home", "Headingley, Leeds")}
    assert [fact.id for fact in facts.history(new.id)] == [old.id, new.id]
    assert new.valid_from == old.valid_from and new.quote == "I'm in Headingley, Leeds"
    assert [fact.value for fact in facts.at(NOON)] == ["Headingley, Leeds"], "it never was two homes"


def test_what_is_over_ends_and_nothing_takes_its_place(store, facts):
    old = tell(store, facts, "I live in Leeds", "home", "Leeds", datetime(2026, 1, 5, tzinfo=UTC))
    ended = tell(store, facts, "I don't live in Leeds any more", "home", "Leeds")
    assert (ended.id, ended.state, ended.valid_to) == (old.id, "expired", NOON) and not told(facts)
    assert [fact.value for fact in facts.at(datetime(2026, 5, 3, tzinfo=UTC))] == ["Leeds"]


def test_a_stay_stands_beside_the_home_and_expires(store, facts):
    tell(store, facts, "I live in Antwerp", "home", "Antwerp")
    stay = tell(store, facts, "until Friday I'm in Porto", "home", "Porto")
    assert told(facts) == {("home", "Antwerp"), ("stay", "Porto")}
    assert stay.sentence == "The user is staying in Porto until 20 November 2026."
    assert facts.keep_time(datetime(2026, 11, 20, 9, tzinfo=UTC)) == 0
    assert facts.keep_time(datetime(2026, 11, 22, tzinfo=UTC)) == 1
    assert told(facts) == {("home", "Antwerp")}


@pytest.mark.parametrize(
    ("message", "attribute", "value"),
    [
        ("I restore clocks, and I've a waiting list until next June", "job", "restore clocks"),
        ("forklift driver at Quillstock on nights, 10 till 6", "job", "forklift driver"),
        ("My daughter Lucasta is in Bergamo till July", "daughter's name", "Lucasta"),
        ("I'm a Pisces, 3 March", "birthday", "3 March"),
        ("My wife is a marine biologist and she's in Tromsø until spring", "wife's job", "marine biologist"),
        ("I'm vice-chair and have to write the minutes tonight", "role", "vice-chair"),
    ],
)
def test_a_time_belongs_to_its_own_clause(store, facts, message, attribute, value):
    assert tell(store, facts, message, attribute, value).valid_to is None


def test_a_stay_is_not_learned_by_heart(store, facts):
    tell(store, facts, "until Friday I'm in Porto", "home", "Porto")
    assert [choice.chosen for choice in choose(facts.current())] == [False]


def test_a_polite_wish_is_not_a_supposition(store, facts):
    assert tell(store, facts, "I'd rather you called me Comrade", "preferred name", "Comrade")


def test_a_stay_that_is_to_come_says_so(store, facts):
    stay = tell(store, facts, "next month I'm in Vienna", "location", "Vienna")
    assert stay.sentence == "The user is staying in Vienna from 1 December 2026 until 31 December 2026."
    assert stay.valid_from > NOON


def test_the_past_is_kept_as_past(store, facts):
    tell(store, facts, "I live in Antwerp", "home", "Antwerp")
    tell(store, facts, "I used to live in Ghent", "home", "Ghent")
    assert told(facts) == {("home", "Antwerp"), ("previous home", "Ghent")}


def test_somebody_elses_job_is_not_the_users(store, facts):
    tell(store, facts, "I work as a baker", "job", "baker")
    tell(store, facts, "my sister is a vet", "job", "vet")
    assert told(facts) == {("job", "baker"), ("sister's job", "vet")}


@pytest.mark.parametrize(
    ("message", "attribute", "value"),
    [
        ("my sister Odila is here", "sister's name", "Odila"),  # a slip, or another one?
        ("I'm moving to Ludlow in March", "home", "Ludlow"),  # not yet
        ("my doctor's at Vine Street", "surgery", "Vine Street"),
    ],
)
def test_what_the_rule_cannot_tell_is_asked(store, facts, message, attribute, value):
    for known in (("sister's name", "Odile"), ("home", "Clun"), ("surgery", "Mill Lane")):
        facts.add(*known)
    decision = facts.decide(Candidate(attribute, value, 0, 0, 1.0), message, NOON)
    assert (decision.action, decision.sure) == ("supersede", False)


def test_a_proposal_that_is_accepted_does_what_it_would_have_done(store, facts):
    facts.add("home", "Leeds")
    proposal = tell(store, facts, "I'm in Headingley, Leeds", "home", "Headingley, Leeds", state="proposed")
    assert told(facts) == {("home", "Leeds")}
    facts.accept(proposal.id)
    assert told(facts) == {("home", "Headingley, Leeds")}
    facts.undo()
    assert told(facts) == {("home", "Leeds")}


NEXT_YEAR = datetime.now().year + 1


def planned_move(store, facts):
    facts.add("home", "Clun")
    when = datetime.now(UTC)
    message = f"I'm moving to Porto in May {NEXT_YEAR}"
    return tell(store, facts, message, "home", "Porto", when, state="proposed")


def test_a_move_that_was_accepted_waits_for_its_day(store, facts):
    proposal = planned_move(store, facts)
    plan = facts.accept(proposal.id)
    assert (plan.state, plan.valid_from.astimezone().month) == ("planned", 5)
    assert told(facts) == {("home", "Clun")}
    assert facts.keep_time() == 0 and facts.keep_time(plan.valid_from - timedelta(hours=1)) == 0
    assert [fact.value for fact in facts.at(plan.valid_from - timedelta(days=1))] == ["Clun"]

    assert facts.keep_time(plan.valid_from) == 2
    assert told(facts) == {("home", "Porto")}
    before = facts.history(plan.id)[0]
    assert (before.value, before.state, before.valid_to) == ("Clun", "superseded", plan.valid_from)
    assert facts.undo() is None, "the day cannot be undone, nor what was done to either home before"
    assert told(facts) == {("home", "Porto")}


@pytest.mark.parametrize("undone", [False, True])
def test_after_a_plans_day_neither_undo_nor_redo_brings_back_what_it_replaced(store, facts, undone):
    plan = facts.accept(planned_move(store, facts).id)
    facts.edit(facts.current()[0].id, value="Ludlow")
    if undone:
        facts.undo()
    else:
        facts.add("dog's name", "Pim")
    facts.keep_time(plan.valid_from)
    assert (facts.undo() is None) == undone, "what has nothing to do with it can be undone"
    for turn_over in (facts.undo, facts.redo):
        while turn_over():
            pass
        assert {value for name, value in told(facts) if name == "home"} == {"Porto"}


def test_a_plan_is_undone_changed_taken_back_or_overtaken(store, facts):
    plan = facts.accept(planned_move(store, facts).id)
    facts.undo()
    assert facts.fact(plan.id).state == "proposed"
    facts.redo()
    changed = facts.edit(plan.id, value="Lisbon")
    assert (changed.state, changed.valid_from) == ("planned", plan.valid_from)
    facts.retract(changed.id)
    assert facts.keep_time(plan.valid_from) == 0
    assert facts.restore(changed.id).state == "planned"
    facts.supersede(facts.current()[0].id, "Lisbon")
    facts.keep_time(plan.valid_from)
    assert [fact.value for fact in facts.current()] == ["Lisbon"], "it was told meanwhile, and counts once"


def test_a_move_that_was_sure_waits_too(store, facts):
    facts.add("home", "Clun")
    plan = tell(store, facts, f"I'm moving to Porto in May {NEXT_YEAR}", "home", "Porto", datetime.now(UTC))
    assert plan.state == "planned" and told(facts) == {("home", "Clun")}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(CASES), min_size=1, max_size=5))
def test_undoing_what_was_learned_restores_what_was(tmp_path_factory, cases):
    store = Store(tmp_path_factory.mktemp("home") / "memory.sqlite3")
    facts = Facts(store)
    for attribute, value in cases[0]["known"]:
        facts.add(attribute, value)
    before = []
    for case in cases:
        state = facts.facts()
        if tell(store, facts, case["message"], *case["candidate"]) is not None:
            before.append(state)
    while before:
        facts.undo()
        assert facts.facts() == before.pop()
    store.close()


def everything_known():
    """What is known in any of the cases, as one person's facts."""
    pairs = dict.fromkeys((name, value) for case in CASES for name, value in case["known"])
    return [contradictions._fact(place, *pair) for place, pair in enumerate(pairs)]


@pytest.mark.parametrize("beside", ["its own", "all"])
def test_facts_that_cannot_bear_on_a_candidate_are_not_needed_to_decide(beside):
    everything, left_out = everything_known(), 0
    for case in CASES:
        (attribute, value), message = case["candidate"], case["message"]
        own = [contradictions._fact(-1 - place, *pair) for place, pair in enumerate(case["known"])]
        known = own if beside == "its own" else own + everything
        bears = bearing_on(attribute, value, message)
        few = [fact for fact in known if bears(fact.attribute)]
        left_out += len(known) - len(few)
        assert decide(few, attribute, value, message, NOON) == decide(known, attribute, value, message, NOON)
    assert left_out > (0 if beside == "its own" else 0.8 * len(CASES) * len(everything))


@given(st.data())
def test_a_candidate_is_decided_alike_whatever_else_is_known(data):
    everything = everything_known()
    message = data.draw(st.sampled_from(CASES))["message"]
    attribute, value = data.draw(st.sampled_from(CASES))["candidate"]
    known = data.draw(st.lists(st.sampled_from(everything), unique=True))
    bears = bearing_on(attribute, value, message)
    few = [fact for fact in known if bears(fact.attribute)]
    assert decide(few, attribute, value, message, NOON) == decide(known, attribute, value, message, NOON)


def test_only_what_can_bear_on_a_candidate_is_read_from_the_store(store, facts):
    for number in range(50):
        facts.add(f"thing {number}", "a")
    facts.add("mother's home", "Tralee")
    facts.add("home", "Clun")
    with store.read() as session:
        beside = known_beside(session, "home", "Porto", "my mother lives in Porto")
    assert {fact.value for fact in beside} == {"Tralee"}
