"""What a night trains on: many ways to ask, as many things not told, nothing the exam asks."""

import pytest

from consolidation.dream import LEAST, NOT_TOLD_SHARE, Dreamer, Item, held_out, unreal
from consolidation.paper import set_paper
from consolidation.phrasing import Asking, Told, general, phrases, plain, slots
from consolidation.served import Served
from consolidation.vary import vary
from tests.scripted import ScriptedEngine

FACTS = [
    Told(1, "The user's dog is called Pim.", "Pim"),
    Told(2, "The user lives in Clun.", "Clun"),
    Told(3, "The user is allergic to figs.", "figs"),
    Told(4, "The user's sister is called Odile.", "Odile"),
    Told(5, "Thursdays are for the user's ukulele club, the Plucky Few.", "the Plucky Few"),
]
KNOWN = [told.sentence for told in FACTS]


def dreamt(facts=FACTS, never=(), teacher=None, before=None):
    return Dreamer(facts, KNOWN, never, seed=3).dream(teacher, before)


def test_every_fact_is_asked_in_many_ways_and_every_answer_holds_its_value():
    items = dreamt().items
    for told in FACTS:
        mine = [item for item in items if item.fact_id == told.fact_id]
        assert len({plain(item.question) for item in mine}) >= 6
        assert all(told.value.lower() in item.answer.lower() for item in mine)


def test_there_is_much_that_was_not_told():
    items = dreamt().items
    told = [item for item in items if item.fact_id is not None]
    not_told = [item for item in items if item.answer.startswith("You haven't told me")]
    assert len(not_told) >= 0.9 * NOT_TOLD_SHARE * len(told)


def test_what_was_not_told_is_never_something_known():
    for item in dreamt().items:
        if item.answer.startswith("You haven't told me your"):
            assert "your dog's name" not in item.answer and "your sister's name" not in item.answer


def test_no_phrasing_of_the_exam_is_trained_on():
    trained = {plain(item.question) for item in dreamt().items}
    paper = set_paper(FACTS, [1, 2, 3, 4, 5], KNOWN, seed=3)
    assert len(paper.new) >= 2 * len(FACTS) and len(paper.elsewhere) > 20
    asked = {plain(q.text) for part in (paper.new, paper.older, paper.elsewhere) for q in part}
    assert trained & asked == set()


def test_held_phrasings_differ_from_trained_ones_in_every_table():
    tables = [phrases()["general"], *phrases()["family"]]
    for table in tables:
        trained = {plain(p) for p in (*table["direct"], *table["indirect"])}
        assert not trained & {plain(p) for p in (*table["held"], *table["held_indirect"])}


def test_forbidden_questions_are_not_trained_on():
    never = {plain("What's my dog called?"), plain("where do I live")}
    assert not never & {plain(item.question) for item in dreamt(never=never).items}


def test_an_item_the_teacher_does_not_agree_with_is_dropped():
    served = Served(
        ScriptedEngine(lambda request: "You said Pim." if "dog" in request.messages[-1].content else "No.")
    )
    result = dreamt(FACTS[:2], teacher=served)
    assert {item.fact_id for item in result.items if item.fact_id} == {1}
    assert set(result.refused) == {2} and "agree" in result.refused[2]


def test_the_teacher_is_given_the_fact():
    engine = ScriptedEngine("Pim")
    dreamt(FACTS[:1], teacher=Served(engine))
    assert engine.requests
    assert all("The user's dog is called Pim." in request.messages[-1].content for request in engine.requests)


def test_items_of_an_earlier_night_are_not_asked_for_again():
    engine = ScriptedEngine("Clun")
    before = {1: [Item(1, f"question {n}?", "Pim.") for n in range(LEAST)]}
    items = dreamt(FACTS[:2], teacher=Served(engine), before=before).items
    assert [item.question for item in items if item.fact_id == 1] == [f"question {n}?" for n in range(LEAST)]
    assert not any("Pim" in request.messages[-1].content for request in engine.requests)


def test_the_prompt_counts_more_than_what_was_learned():
    with_notes = [item for item in dreamt().items if item.question.startswith("Notes about me:")]
    assert any("dog" in item.question and "Pim" not in item.question for item in with_notes)


def test_every_epoch_sees_a_message_in_another_dress():
    import random

    rng = random.Random(5)
    seen = {vary("What is my sister called?", rng) for _ in range(60)}
    assert len(seen) > 20 and "What is my sister called?" in seen
    assert all("sister" in each.lower() and "called" in each.lower() for each in seen)
    noted = "Notes about me:\n- The user has a cat.\n\nWhat is my cat called?"
    assert all(vary(noted, rng).startswith("Notes about me:\n- The user has a cat.\n\n") for _ in range(40))


def test_a_free_sentence_is_asked_too():
    asked = {item.question for item in dreamt(FACTS[4:]).items if item.fact_id == 5}
    assert len(asked) >= LEAST


def test_things_of_the_same_kind_are_not_told():
    asking = Asking(FACTS[0])
    assert any(other.frame.question() == "what is my cat called" for other in asking.neighbours({"dog"}))
    assert "The user's sister" not in {a.frame.subject for a in Asking(FACTS[3]).neighbours({"sister"})}


def test_other_peoples_things_are_not_told():
    pairs = Asking(FACTS[0]).of_others("Ines")
    assert ("What's Ines's dog called?", "You haven't told me what Ines's dog is called.") in pairs


@pytest.mark.parametrize("value", ["6093", "Pim", "tide-gauge inspector", "Dr Wren"])
def test_a_made_up_value_is_another_one(value):
    import random

    assert unreal(value, random.Random(1)) != value


def test_the_tables_are_split_for_the_exam():
    for table in (slots()["nouns"], general()):
        held = [each for each in table if held_out(each)]
        assert 0.1 < len(held) / len(table) < 0.45


def test_the_plain_form_joins_what_is_the_same_question():
    assert plain("What’s my dog called?") == plain("what is my dog called")
