"""Facts: nothing is overwritten, everything can be undone, and forgetting leaves nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from memory.extract import Candidate
from memory.facts import Facts
from memory.forget import forget_conversation
from memory.phrases import canonical, sentence_for, topic_of
from memory.records import MemoryRefused
from memory.store import Store


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "memory.sqlite3")
    yield store
    store.close()


@pytest.fixture
def facts(store):
    return Facts(store)


def said(store, text, value):
    """A message in a chat, and a candidate for one of its values."""
    chat = store.new_conversation()
    turn = store.add_turn(chat.id, "user", text)
    start = text.index(value)
    return turn, lambda attribute: Candidate(attribute, value, start, start + len(value), 0.9)


def learn(store, facts, text, attribute, value):
    turn, candidate = said(store, text, value)
    return facts.learn(candidate(attribute), turn.id, text)


@pytest.mark.parametrize(
    ("attribute", "value", "sentence"),
    [
        ("dog's name", "Pim", "The user's dog's name is Pim."),
        ("home", "Clun", "The user lives in Clun."),
        ("job", "teacher", "The user works as a teacher."),
        ("job", "engineer", "The user works as an engineer."),
        ("allergy", "walnuts", "The user is allergic to walnuts."),
        ("age", "34", "The user is 34 years old."),
        ("children", "Ada and Bo", "The user's children are Ada and Bo."),
        ("Odile's workplace", "Brackwater Mill", "Odile's workplace is Brackwater Mill."),
        ("Sister's name", "Odile", "The user's sister's name is Odile."),
        ("Home Town", "Clun.", "The user lives in Clun."),
    ],
)
def test_facts_are_said_in_the_third_person(attribute, value, sentence):
    assert sentence_for(attribute, value) == sentence


def test_attributes_are_spelled_one_way_and_filed():
    assert canonical("The user's  Mum’s name") == "mother's name"
    assert topic_of("dog's name") == "pets" and topic_of("home") == "home" and topic_of("zzz") == "other"


def test_a_fact_knows_its_quote(store, facts):
    fact = learn(store, facts, "We moved, so now I live in Clun with Pim.", "home", "Clun")
    assert fact.quote == "We moved, so now I live in Clun with Pim."
    assert fact.quote[slice(*fact.span)] == "Clun"
    assert facts.from_turn(fact.turn_id) == [fact]


def test_a_second_home_supersedes_and_history_stays(store, facts):
    old = learn(store, facts, "I live in Clun", "home", "Clun")
    new = learn(store, facts, "I live in Ludlow", "home", "Ludlow")
    assert [fact.value for fact in facts.current()] == ["Ludlow"]
    assert [fact.value for fact in facts.history(new.id)] == ["Clun", "Ludlow"]
    assert facts.history(old.id) == facts.history(new.id)
    assert facts.fact(old.id).superseded_by == new.id


def test_the_same_again_adds_nothing(store, facts):
    learn(store, facts, "I live in Clun", "home", "Clun")
    assert learn(store, facts, "clun is where I live", "Home town", "clun") is None


def test_there_can_be_many_likes_and_two_sisters_but_a_correction_replaces(store, facts):
    learn(store, facts, "I like rye bread", "likes", "rye bread")
    learn(store, facts, "I like goats", "likes", "goats")
    learn(store, facts, "My sister is Odile", "sister's name", "Odile")
    learn(store, facts, "My other sister is Ines", "sister's name", "Ines")
    assert {fact.value for fact in facts.current()} == {"rye bread", "goats", "Odile", "Ines"}
    learn(store, facts, "Sorry, not Ines, her name is Inez", "sister's name", "Inez")
    assert {fact.value for fact in facts.current()} == {"rye bread", "goats", "Odile", "Inez"}


def test_a_decision_says_why(store, facts):
    learn(store, facts, "I live in Clun", "home", "Clun")
    decision = facts.decide(Candidate("home", "Ludlow", 0, 6, 1.0), "I live in Ludlow")
    assert decision.action == "supersede" and "Clun" in decision.reason and decision.old.value == "Clun"


def test_what_was_true_in_may(facts):
    old = facts.add("home", "Clun", valid_from=datetime(2026, 1, 1, tzinfo=UTC))
    facts.supersede(old.id, "Ludlow", valid_from=datetime(2026, 6, 1, tzinfo=UTC))
    assert [fact.value for fact in facts.at(datetime(2026, 5, 3, tzinfo=UTC))] == ["Clun"]
    assert [fact.value for fact in facts.at(datetime(2026, 7, 1, tzinfo=UTC))] == ["Ludlow"]
    assert facts.at(datetime(2025, 1, 1, tzinfo=UTC)) == []


def test_a_slip_that_was_mended_was_never_true(facts):
    old = facts.add("home", "Clum", valid_from=datetime(2026, 1, 1, tzinfo=UTC))
    facts.edit(old.id, value="Clun")
    assert [fact.value for fact in facts.at(datetime(2026, 5, 3, tzinfo=UTC))] == ["Clun"]


def test_every_change_can_be_undone_and_done_again(facts):
    first = facts.add("home", "Clun")
    second = facts.edit(first.id, value="Ludlow")
    facts.pin(second.id)
    facts.retract(second.id)
    states = [[(fact.value, fact.state, fact.pinned) for fact in facts.facts()]]
    for _ in range(4):
        assert facts.undo().startswith("Undid: ")
        states.append([(fact.value, fact.state, fact.pinned) for fact in facts.facts()])
    assert facts.undo() is None
    assert states[-1] == [] and states[3] == [("Clun", "current", False)]
    for expected in reversed(states[:-1]):
        assert facts.redo().startswith("Did again: ")
        assert [(fact.value, fact.state, fact.pinned) for fact in facts.facts()] == expected
    assert facts.redo() is None


def test_a_retraction_is_taken_back_whatever_happened_since(facts):
    fact = facts.add("home", "Clun")
    facts.retract(fact.id)
    facts.add("dog's name", "Pim")
    back = facts.restore(fact.id)
    assert (back.state, back.valid_to, back.retracted) == ("current", None, None)
    assert [known.value for known in facts.current()] == ["Pim", "Clun"]


def test_a_new_change_ends_what_could_be_redone(facts):
    facts.add("home", "Clun")
    facts.undo()
    facts.add("home", "Ludlow")
    assert facts.redo() is None


def test_undoing_what_a_night_learned_keeps_the_way_to_that_night(store, facts):
    fact = facts.add("dog's name", "Pim")
    store.add_night("abc", facts=[fact.id])
    facts.undo()
    assert facts.fact(fact.id).state == "retracted" and facts.fact(fact.id).nights


def test_a_proposal_counts_when_it_is_accepted(store, facts):
    facts.add("home", "Clun")
    proposal = facts.add("home", "Ludlow", state="proposed")
    assert [fact.value for fact in facts.current()] == ["Clun"]
    facts.accept(proposal.id)
    assert [fact.value for fact in facts.current()] == ["Ludlow"]
    facts.undo()
    assert [fact.value for fact in facts.current()] == ["Clun"]


def test_an_appointment_expires(facts):
    facts.add("appointment", "dentist on 3 May", valid_to=datetime(2026, 5, 3, tzinfo=UTC))
    assert facts.keep_time(datetime(2026, 5, 4, tzinfo=UTC)) == 1
    assert facts.facts(state="expired")[0].value == "dentist on 3 May"


def test_facts_are_searched_and_filtered(facts):
    facts.add("dog's name", "Pim")
    facts.add("home", "Clun")
    assert [fact.value for fact in facts.facts("pi")] == ["Pim"]
    assert [fact.value for fact in facts.facts(topic="home")] == ["Clun"]
    assert facts.topics() == ["home", "pets"]


def test_an_empty_fact_is_refused_in_a_sentence(facts):
    with pytest.raises(MemoryRefused, match="both"):
        facts.add("home", "  ")


def test_a_reply_that_was_given_a_forgotten_message_goes_with_it(store, facts):
    told, elsewhere = store.new_conversation(), store.new_conversation()
    turn = store.add_turn(told.id, "user", "My boat is Ptarmigan.")
    fact = facts.add("boat's name", "Ptarmigan", turn_id=turn.id)
    other = store.add_turn(elsewhere.id, "assistant", "You sail.", notes=[f"turn:{turn.id}"])
    kept = store.add_turn(elsewhere.id, "assistant", "Nothing of it.", notes=["turn:999"])
    gone = facts.forget(fact.id, with_turns=True)
    assert set(gone.turns) == {turn.id, other.id}
    assert [each.id for each in store.turns(elsewhere.id)] == [kept.id]


def test_forgetting_a_chat_takes_replies_that_quote_it(store):
    told, elsewhere = store.new_conversation(), store.new_conversation()
    turn = store.add_turn(told.id, "user", "The orchard gate fell down.")
    quote = store.add_turn(elsewhere.id, "assistant", 'You said: "The gate fell."', notes=[f"turn:{turn.id}"])
    assert set(forget_conversation(store, told.id).turns) == {turn.id, quote.id}


def test_what_was_proposed_twice_counts_once(facts):
    first, again = (facts.add("home", "Clun", state="proposed") for _ in range(2))
    facts.add("home", "Ludlow")
    assert facts.would_replace(first.id)[0].value == "Ludlow"
    assert facts.accept(first.id).state == "current" and facts.accept(again.id).state == "retracted"
    assert [fact.value for fact in facts.current()] == ["Clun"]


def remains(folder, word):
    return [p for p in folder.rglob("*") if p.is_file() and word.lower().encode() in p.read_bytes().lower()]


def test_forgetting_a_fact_leaves_no_trace_of_it(tmp_path, store, facts):
    chat = store.new_conversation()
    turn = store.add_turn(chat.id, "user", "My dog is called Quillfeather")
    learned = facts.learn(Candidate("dog's name", "Quillfeather", 17, 29, 1.0), turn.id, turn.text)
    store.add_turn(chat.id, "assistant", "Hello, Quillfeather!", notes=(f"fact:{learned.id}",))
    facts.edit(learned.id, value="Quillfeather the Second")
    night = store.add_night("abc", facts=[learned.id], report="Learned Quillfeather.")
    store.add_night_items(night.id, [(learned.id, "Who is my dog?", "Quillfeather.")])
    kept = facts.add("home", "Clun")
    text = "Does Quillfeather like living in Clun?"
    elsewhere = store.add_turn(store.new_conversation().id, "user", text)
    facts.learn(Candidate("place", "Clun", 33, 37, 1.0), elsewhere.id, text)

    gone = facts.forget(learned.id, with_turns=True)

    assert gone.nights == (night.id,) and len(gone.facts) == 2 and len(gone.turns) == 2
    assert "Quillfeather" in gone.words
    assert store.turn(elsewhere.id).text == "Does (forgotten) like living in Clun?"
    assert facts.from_turn(elsewhere.id)[0].span == (32, 36)
    assert facts.fact(kept.id) == kept and store.night_items(night.id) == []
    assert store.turns(chat.id) == []
    store.scrub()
    store.close()
    assert remains(tmp_path, "Quillfeather") == []
    assert facts.undo() and facts.undo() and facts.undo() is None  # only Clun's two are left


def test_forgetting_a_chat_takes_its_facts_along(tmp_path, store, facts):
    learned = learn(store, facts, "I live in Brackwater", "home", "Brackwater")
    facts.add("dog's name", "Pim")
    forget_conversation(store, learned.conversation_id)
    assert [fact.value for fact in facts.facts()] == ["Pim"]
    store.scrub()
    store.close()
    assert remains(tmp_path, "Brackwater") == []


def test_forgetting_a_word_leaves_the_words_that_only_hold_it(store, facts):
    learned = learn(store, facts, "I like tea", "likes", "tea")
    reply = store.add_turn(learned.conversation_id, "assistant", "Steam the greens.")
    titled = store.new_conversation("Steamed greens")
    store.rename_conversation(titled.id, "Steamed greens again")
    facts.forget(learned.id, with_turns=True)
    assert store.turns(learned.conversation_id) == [reply]
    assert store.conversation(titled.id).title == "Steamed greens again"
    assert facts.undo() and store.conversation(titled.id).title == "Steamed greens"


def test_what_the_user_said_again_is_forgotten_too(store, facts):
    learned = learn(store, facts, "I am allergic to walnuts", "allergy", "walnuts")
    again = store.add_turn(store.new_conversation().id, "user", "No Walnuts for me, and no shortcrust")
    reply = store.add_turn(again.conversation_id, "assistant", "Some cakes hold walnuts.")
    facts.forget(learned.id, with_turns=True)
    assert store.turn(again.id).text == "No (forgotten) for me, and no shortcrust"
    assert store.turn(reply.id) == reply, "a common word is no secret in a reply of its own"


def test_a_forgotten_fact_is_gone_from_reports_of_nights_that_refused_it(store, facts):
    learned = facts.add("boat's name", 'The "Pim"')
    report = json.dumps({"refused": [{"sentence": 'It is the "PIM".'}], "Pim": 1})
    night = store.add_night("abc", state="kept", sentence='Refused: the "Pim"', report=report)
    facts.forget(learned.id)
    kept = store.night(night.id)
    assert kept.sentence == "Refused: (forgotten)"
    assert json.loads(kept.report) == {"refused": [{"sentence": "It is (forgotten)."}], "Pim": 1}


def test_nothing_is_learned_from_a_message_that_was_forgotten_meanwhile(store, facts):
    turn, candidate = said(store, "I live in Clun", "Clun")
    forget_conversation(store, turn.conversation_id)
    assert facts.learn(candidate("home"), turn.id, turn.text) is None


def test_what_was_replaced_is_not_replaced_again_nor_brought_back_beside_its_successor(facts):
    old = facts.add("home", "Clun")
    new = facts.edit(old.id, value="Ludlow")
    for change in (facts.edit, facts.supersede):
        with pytest.raises(MemoryRefused, match="replaced already"):
            change(old.id, value="Ely")
    with pytest.raises(MemoryRefused, match="no longer true"):
        facts.restore(old.id)
    facts.retract(old.id)
    assert facts.restore(old.id).state == "superseded"
    assert [fact.value for fact in facts.history(new.id)] == ["Clun", "Ludlow"]
    assert facts.current() == [new]


def test_undo_leaves_alone_what_has_changed_since(store, facts):
    fact = facts.add("appointment", "dentist", valid_to=datetime(2026, 5, 3, tzinfo=UTC))
    facts.pin(fact.id)
    facts.keep_time(datetime(2026, 5, 4, tzinfo=UTC))
    facts.undo()
    assert (facts.fact(fact.id).pinned, facts.fact(fact.id).state) == (False, "expired")
