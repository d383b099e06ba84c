"""What is brought back, changed or learned late never stands as true beside what it contradicts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from memory.database import now
from memory.extract import Candidate
from memory.facts import Facts
from memory.forget import forget_facts
from memory.store import Store
from memory.together import Together

DAY = timedelta(days=1)


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "memory.sqlite3")
    yield store
    store.close()


@pytest.fixture
def facts(store):
    return Facts(store)


def learn(store, facts, message, now_says=None):
    """What is noticed in a message that may say something else by then."""
    turn = store.add_turn(store.new_conversation().id, "user", message)
    if now_says is not None:
        store.extend_turn(turn.id, now_says, "complete")
    start = message.index("Pim")
    return facts.learn(Candidate("dog's name", "Pim", start, start + 3, 0.9), turn.id, message)


def now_true(facts):
    return {fact.value for fact in facts.current()}


@pytest.mark.parametrize("together", [False, True])
def test_what_contradicts_is_restored_as_a_proposal(store, facts, together):
    old = facts.add("home", "Clun")
    facts.retract(old.id)
    facts.add("home", "Ludlow")
    if together:
        Together(store).restore([old.id])
    else:
        facts.restore(old.id)
    assert facts.fact(old.id).state == "proposed" and now_true(facts) == {"Ludlow"}
    facts.accept(old.id)
    assert now_true(facts) == {"Clun"}
    facts.undo()
    facts.undo()
    assert facts.fact(old.id).state == "retracted" and now_true(facts) == {"Ludlow"}


def test_of_two_that_contradict_each_other_one_is_restored(store, facts):
    homes = [facts.add("home", value).id for value in ("Clun", "Ludlow")]
    Together(store).retract(homes)
    Together(store).restore(homes)
    assert [facts.fact(each).state for each in homes] == ["current", "proposed"]


def test_what_was_over_already_is_restored_as_over(facts):
    fact = facts.add("appointment", "dentist", valid_to=now() - DAY)
    facts.retract(fact.id)
    assert facts.restore(fact.id).state == "expired"


def test_what_is_over_stays_so_in_other_words(facts):
    ended = facts.add("home", "Clun", valid_from=now() - DAY)
    facts.end(ended.id, now() - DAY / 2)
    gone = facts.add("job", "baker")
    facts.retract(gone.id)
    facts.add("home", "Ludlow")
    for old, value in ((ended, "Clunbury"), (gone, "cook")):
        old = facts.fact(old.id)
        for corrects in (True, False):
            new = facts.edit(old.id, corrects, value=value)
            times = (new.state, new.valid_from, new.valid_to, new.retracted)
            assert times == (old.state, old.valid_from, old.valid_to, old.retracted)
            facts.undo()
    assert now_true(facts) == {"Ludlow"}


def test_a_proposal_in_other_words_still_waits(facts):
    facts.add("home", "Ludlow")
    proposal = facts.add("home", "Clun", state="proposed")
    changed = facts.edit(proposal.id, value="Clunbury")
    assert changed.state == "proposed" and now_true(facts) == {"Ludlow"}
    facts.accept(changed.id)
    assert now_true(facts) == {"Clunbury"}


def test_what_was_forgotten_while_another_message_was_read_is_not_learned_again(store, facts):
    told = learn(store, facts, "My dog is called Pim.")
    message = "Pim, my dog, is old."
    reading = store.add_turn(store.new_conversation().id, "user", message)
    forget_facts(store, [told.id], with_turns=True)
    assert "Pim" not in store.turn(reading.id).text
    assert facts.learn(Candidate("dog's name", "Pim", 0, 3, 0.9), reading.id, message) is None
    assert facts.facts() == []


def test_only_what_a_message_still_says_is_learned(store, facts):
    assert learn(store, facts, "My dog is called Pim.", now_says="My dog is called Bo.") is None
    assert learn(store, facts, "My dog is called Pim.").value == "Pim"
