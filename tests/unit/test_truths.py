"""What is brought back, changed or learned late never stands as true beside what it contradicts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from memory.database import now
from memory.facts import Facts
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
