"""Several facts at once: one step of undo, and merging."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from memory import forget
from memory.facts import Facts
from memory.records import MemoryRefused
from memory.store import Store
from memory.together import Together

MAY, JUNE = (datetime(2026, month, 3, tzinfo=UTC) for month in (5, 6))


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "memory.sqlite3", tmp_path / "backups")
    yield store
    store.close()


@pytest.fixture
def facts(store):
    return Facts(store)


@pytest.fixture
def together(store):
    return Together(store)


def states(facts):
    return {fact.value: fact.state for fact in facts.facts()}


def test_many_are_one_step(facts, together):
    ids = [facts.add("hobby", value).id for value in ("chess", "rowing", "bells")]
    step = together.retract(ids)
    assert step.sentence == "retracted 3 facts"
    assert set(states(facts).values()) == {"retracted"}
    assert facts.undo() == "Undid: retracted 3 facts"
    assert set(states(facts).values()) == {"current"}
    assert facts.redo() == "Did again: retracted 3 facts"
    assert together.restore(ids).facts == tuple(ids)
    assert set(states(facts).values()) == {"current"}


def test_only_what_changes_is_a_step(facts, together):
    one, other = (facts.add("hobby", value) for value in ("chess", "rowing"))
    facts.pin(one.id)
    step = together.pin([one.id, other.id])
    assert step.facts == (other.id,)
    assert together.pin([one.id, other.id]).id == 0
    assert together.take_back(step.id) == "pinned: The user's hobby is rowing."
    assert [fact.pinned for fact in facts.history(one.id) + facts.history(other.id)] == [True, False]


def test_a_step_is_taken_back_only_if_nothing_came_after(facts, together):
    fact = facts.add("hobby", "chess")
    step = together.retract([fact.id])
    facts.add("hobby", "rowing")
    assert together.take_back(step.id) is None
    assert states(facts) == {"chess": "retracted", "rowing": "current"}


def test_of_two_proposals_the_last_one_holds_and_both_go_back(facts, together):
    facts.add("home", "Clun")
    ids = [facts.add("home", value, state="proposed").id for value in ("Ludlow", "Porto")]
    step = together.accept(ids[::-1])
    assert states(facts) == {"Clun": "superseded", "Ludlow": "superseded", "Porto": "current"}
    together.take_back(step.id)
    assert states(facts) == {"Clun": "current", "Ludlow": "proposed", "Porto": "proposed"}


def test_merging_keeps_the_words_of_one_and_the_time_of_all(facts, together):
    old = facts.add("sister's job", "nurse", valid_from=MAY)
    new = facts.add("sister's work", "a nurse at the port", valid_from=JUNE)
    facts.pin(old.id)
    step = together.merge([old.id, new.id], keep=new.id)
    kept = facts.fact(new.id)
    assert step.facts == (new.id, old.id)
    assert (kept.state, kept.valid_from, kept.pinned) == ("current", MAY, True)
    gone = facts.fact(old.id)
    assert (gone.state, gone.superseded_by, gone.valid_to) == ("superseded", new.id, MAY)
    assert [fact.id for fact in facts.at(JUNE)] == [new.id]
    together.take_back(step.id)
    assert states(facts) == {"nurse": "current", "a nurse at the port": "current"}
    assert facts.fact(new.id).valid_from == JUNE


def test_merging_into_other_words_and_back_and_again(facts, together):
    ids = [facts.add("dog", "Pim").id, facts.add("pet", "a dog, Pim").id, facts.add("dog's name", "Pim").id]
    step = together.merge(ids, attribute="dog", value="Pim, a whippet")
    made = facts.fact(step.facts[0])
    assert (made.value, made.origin, made.state) == ("Pim, a whippet", "typed", "current")
    assert [fact.value for fact in facts.current()] == ["Pim, a whippet"]
    facts.undo()
    assert len(facts.current()) == 3
    assert len(facts.facts()) == 3
    facts.redo()
    assert [fact.value for fact in facts.current()] == ["Pim, a whippet"]


def test_merging_into_what_one_says_already_keeps_that_one(facts, together):
    one, other = facts.add("dog", "Pim"), facts.add("pet", "Pim the dog")
    assert together.merge([one.id, other.id], attribute="the dog", value=" Pim ").facts == (one.id, other.id)


@pytest.mark.parametrize("state", ["superseded", "retracted"])
def test_what_is_no_more_is_not_merged(facts, together, state):
    one, other = facts.add("home", "Clun"), facts.add("hobby", "chess")
    if state == "retracted":
        facts.retract(one.id)
    else:
        facts.supersede(one.id, "Ludlow")
    with pytest.raises(MemoryRefused):
        together.merge([one.id, other.id], keep=other.id)
    with pytest.raises(MemoryRefused):
        together.merge([other.id, other.id], keep=other.id)
    assert facts.fact(other.id).state == "current"


def test_forgetting_one_that_was_merged_forgets_them_all(store, facts, together):
    ids = [facts.add("dog", "Pimlico").id, facts.add("pet", "Pimlico the dog").id]
    together.merge(ids, keep=ids[1])
    forget.forget_facts(store, [ids[1]])
    assert facts.facts() == []
    store.scrub()
    assert b"Pimlico" not in store.path.read_bytes()


def test_what_forgetting_would_reach_is_what_it_reaches(store, facts):
    chat = store.new_conversation()
    said = store.add_turn(chat.id, "user", "My dog is called Pim.")
    store.add_turn(chat.id, "assistant", "Pim is a fine name.")
    fact = facts.add("dog's name", "Pim", turn_id=said.id, span=(17, 20))
    old = facts.add("hobby", "chess")
    new = facts.edit(old.id, value="rowing")
    store.add_night(facts=[old.id])
    would = forget.would_forget(store, [fact.id, new.id])
    assert len(facts.facts()) == 3
    gone = forget.forget_facts(store, [fact.id, new.id], with_turns=True)
    assert (sorted(would.facts), would.turns, would.nights) == (list(gone.facts), gone.turns, gone.nights)
