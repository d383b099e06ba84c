"""Recall: what bears on a question is found, what does not stays out, and the budget is kept."""

from __future__ import annotations

import gc
from datetime import UTC, datetime

import numpy as np
import pytest

from memory import ranking, scoring
from memory.facts import Facts
from memory.notes import best_part, day
from memory.people import in_their_mouth
from memory.recall import Recall, keep_loaded
from memory.scoring import Place
from memory.store import Store
from tests.scripted import ScriptedEmbedder

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)


class Near:
    """An index that looks at every text of the store anew."""

    def __init__(self, store, embedder):
        self.store, self.embedder = store, embedder

    def similarities(self, kind, vector, ids):
        texts = {item: text for item, text in self.store.texts_to_index(kind, ids).items() if text}
        vectors = self.embedder.embed(list(texts.values()))
        return {item: float(near @ vector) for item, near in zip(texts, vectors, strict=True)}

    def search(self, kind, vector, k):
        near = self.similarities(kind, vector, range(1, 200))
        return dict(sorted(near.items(), key=lambda pair: -pair[1])[:k])


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "memory.sqlite3")
    yield store
    store.close()


@pytest.fixture
def recall(store):
    embedder = ScriptedEmbedder()
    return Recall(store, Near(store, embedder), embedder)


def chat(store, *turns, **about):
    conversation = store.new_conversation(**about)
    when = datetime(2026, 5, 3, 9, tzinfo=UTC)
    return [store.add_turn(conversation.id, speaker, text, created=when) for speaker, text in turns]


def test_a_fact_answers_and_says_since_when(store, recall):
    fact = Facts(store).add("dog's name", "Pim", valid_from=datetime(2026, 5, 3, 9, tzinfo=UTC))
    Facts(store).add("boat's name", "Ptarmigan")
    (note,) = recall.recall("what is my dog's name?", now=NOW, k=1)
    assert (note.id, note.text, note.source) == (f"fact:{fact.id}", "The user's dog's name is Pim.", "3 May")


@pytest.mark.parametrize("question", ["How tall is Kilimanjaro?", "?!", "", "thanks!"])
def test_nothing_relevant_nothing_offered(store, recall, question):
    Facts(store).add("dog's name", "Pim")
    chat(store, ("user", "We moved to Clun last autumn."))
    assert recall.recall(question) == []


def test_what_the_user_said_is_quoted_with_its_date(store, recall):
    turn, _ = chat(store, ("user", "We moved to Clun last autumn."), ("assistant", "How nice, Clun!"))
    (note,) = recall.recall("When have we moved to Clun?", now=NOW)
    assert note.id == f"turn:{turn.id}" and note.conversation_id == turn.conversation_id
    assert note.text == '(3 May) The user said: "We moved to Clun last autumn."'


def test_dormouse_is_quoted_only_when_asked(store, recall):
    _, reply = chat(
        store, ("user", "Which bread with soup?"), ("assistant", "I suggested rye bread with soup.")
    )
    assert recall.recall("which bread with soup?") == []
    (note,) = recall.recall("which bread did you suggest with soup?", now=NOW)
    assert note.id == f"turn:{reply.id}" and "Dormouse said" in note.text


def test_the_chat_that_is_open_is_not_quoted_to_itself(store, recall):
    (turn,) = chat(store, ("user", "We moved to Clun last autumn."))
    assert recall.recall("When did we moved to Clun last autumn", conversation_id=turn.conversation_id) == []


def test_what_has_left_a_long_chats_prompt_is_found_again(store, recall):
    said = chat(store, ("user", "We moved to Clun last autumn."), *[("assistant", "Well, well. " * 40)] * 10)
    (note,) = recall.recall("When did we moved to Clun last autumn", conversation_id=said[0].conversation_id)
    assert note.id == f"turn:{said[0].id}"


def test_private_and_deleted_chats_stay_out(store, recall):
    chat(store, ("user", "We moved to Clun last autumn."), remembered=False)
    (turn,) = chat(store, ("user", "We moved to Clun last autumn."))
    store.delete_conversation(turn.conversation_id)
    assert recall.recall("We moved to Clun last autumn") == [] and recall.rank_turns("Clun", 5) == []


def test_old_values_are_offered_only_for_questions_about_the_past(store, recall):
    facts = Facts(store)
    old = facts.add("home", "Clun")
    facts.supersede(old.id, "Ludlow", valid_from=datetime(2026, 5, 3, 9, tzinfo=UTC))
    facts.retract(facts.add("home", "Lives").id)
    now = [note.text for note in recall.recall("where do I live, user lives in?", now=NOW)]
    before = [note.text for note in recall.recall("where user lives in before?", now=NOW)]
    assert now == ["The user lives in Ludlow."]
    assert set(before) == {"The user lives in Ludlow.", "(until 3 May) The user lives in Clun."}


def test_one_hop_leads_on(store, recall):
    facts = Facts(store)
    facts.add("sister's name", "Odile")
    facts.add("Odile's workplace", "Brackwater Mill")
    texts = [note.text for note in recall.recall("what is my sister's name", now=NOW)]
    assert texts == ["The user's sister's name is Odile.", "Odile's workplace is Brackwater Mill."]


def test_two_hops_lead_on(store, recall):
    facts = Facts(store)
    facts.add("sister's name", "Odile")
    facts.add("Odile's workplace", "Brackwater")
    facts.add("Brackwater's street", "Pinfold Row")
    facts.add("brother's street", "Mill Lane")
    texts = [note.text for note in recall.recall("what is my sister's name", now=NOW)]
    assert texts[:3] == [
        "The user's sister's name is Odile.",
        "Odile's workplace is Brackwater.",
        "Brackwater's street is Pinfold Row.",
    ]


def moved(store):
    """Clun from 2019 on, Ludlow since May 2024."""
    facts = Facts(store)
    old = facts.add("home", "Clun", valid_from=datetime(2019, 2, 1, tzinfo=UTC))
    facts.supersede(old.id, "Ludlow", valid_from=datetime(2024, 5, 3, 9, tzinfo=UTC))


def test_what_is_planned_is_offered_only_for_questions_about_what_is_to_come(store, recall):
    facts = Facts(store)
    facts.add("home", "Clun")
    facts.add("home", "Porto", state="planned", valid_from=datetime(2026, 9, 1, 9, tzinfo=UTC))
    now = [note.text for note in recall.recall("where user lives in?", now=NOW)]
    ahead = [note.text for note in recall.recall("where will the user lives in soon?", now=NOW)]
    assert now == ["The user lives in Clun."]
    assert set(ahead) == {"The user lives in Clun.", "(from 1 September) The user lives in Porto."}


@pytest.mark.parametrize(
    ("question", "home"),
    [
        ("where did the user live in 2021", "(until 3 May 2024) The user lives in Clun."),
        ("where did the user live in June 2025", "The user lives in Ludlow."),
        ("where did the user live before I live in Ludlow", "(until 3 May 2024) The user lives in Clun."),
    ],
)
def test_what_held_at_a_time(store, recall, question, home):
    moved(store)
    assert [note.text for note in recall.recall(question, now=NOW)] == [home]


def test_what_came_after(store, recall):
    chat(
        store,
        ("user", "The gate of the orchard fell down."),
        ("assistant", "Oh dear."),
        ("user", "Bertil mended it with a rope."),
    )
    plain = recall.recall("the orchard gate fell down", now=NOW)
    after = recall.recall("what happened after the orchard gate fell down", now=NOW)
    assert len(plain) == 1 and "Bertil mended it" in after[-1].text


def test_the_budget_and_the_number_are_kept(store, recall):
    for number in range(9):
        Facts(store).add("likes", f"rye bread {number}")
    assert len(recall.recall("the user likes rye bread", k=4)) == 4
    assert len(recall.recall("the user likes rye bread", k=9, token_budget=30)) == 3


def test_the_right_turn_comes_first(store, recall):
    turns = chat(store, ("user", "My bicycle is green"), ("assistant", "Good"), ("user", "I play the viola"))
    assert recall.rank_turns("Which colour is my bicycle?", 5)[0] == turns[0].id


def test_fusing_takes_both_lists():
    fused = scoring.fuse({1: 0.8, 2: 0.4}, {2: 5.0, 3: 2.5})
    assert fused == {1: 1.0, 2: 1.25, 3: 0.5}
    assert scoring.fuse({}, {}) == {} and scoring.fuse({1: -0.2}, {}) == {1: 0.0}


def test_neighbours_lend_only_within_their_conversation():
    places = [Place(1, 1, "user", ""), Place(2, 1, "assistant", ""), Place(3, 2, "user", "")]
    ranked = dict(ranking.rank("Clun?", {1: 1.0}, {}, places))
    assert ranked[1] > ranked[2] > 0 and ranked[3] == 0


def test_what_is_lent_is_what_the_weights_say():
    places = [Place(n, 1, "user", "Ada", asks=n == 2) for n in range(1, 6)]
    stand = ranking.Surroundings.of("anything", places)
    counts = np.array([[0.5, 0.25, 0.1, 2.0, 0.5, 1.0]] * 3)
    assert ranking.around(np.array([0, 0, 1.0, 0, 0]), stand, counts).tolist() == [0.1, 0.25, 1.0, 0.5, 0.1]
    asked = ranking.around(np.array([0, 1.0, 0, 0, 0]), stand, counts).tolist()
    assert asked == [0.25, 0.5, 2.5, 0.1, 0], "an asking turn counts less, its answer more"


def test_the_learned_weights_are_all_there():
    assert len(ranking.weights().counts) == 3 and all(len(each) == 6 for each in ranking.weights().counts)


def test_a_question_about_somebody_is_put_in_their_mouth():
    names = {"Ada", "Bo"}
    assert in_their_mouth("When did Ada sell Bo's boat?", names) == "When did I sell my boat?"
    assert (
        in_their_mouth("Adamant about it?", names)
        == "Adamant about it?"
        == in_their_mouth("Adamant about it?", ())
    )


def test_the_person_named_comes_first():
    places = [Place(1, 1, "user", "Ada"), Place(2, 1, "assistant", "Bo")]
    ranked = ranking.rank("Where did Bo ski?", {1: 0.5, 2: 0.5}, {}, places)
    assert ranked[0][0] == 2


@pytest.mark.parametrize(
    ("question", "of_dormouse"),
    [
        ("What did you recommend for the roof?", True),
        ("You suggested a loaf, which?", True),
        ("Can you list what I said about the roof?", False),
        ("What did I tell you about Pim?", False),
        ("Was hast du mir empfohlen?", True),
    ],
)
def test_questions_about_what_dormouse_said(question, of_dormouse):
    assert scoring.asks_dormouse(question) is of_dormouse


def test_words_in_common():
    assert scoring.coverage(["dog", "name"], "My dog's name is Pim") == 1.0
    assert scoring.coverage(["allergies"], "an allergy to walnuts") == 1.0
    assert scoring.coverage(["dog"], "dogma") == 0.0 and scoring.coverage([], "x") == 0.0
    assert scoring.content_words("What is my son's name?") == ["son", "name"]


def test_long_messages_are_quoted_where_they_answer():
    text = "Hello there. " * 30 + "The boiler is a Vosper. It leaks. " + "Bye now. " * 30
    assert best_part(text, ["boiler"]).startswith("The boiler is a Vosper. It leaks.")
    assert len(best_part("x" * 1000, [])) <= 240


def test_dates_are_short_until_they_are_old():
    assert day(datetime(2026, 5, 3, 12, tzinfo=UTC), NOW) == "3 May"
    assert day(datetime(2024, 5, 3, 12, tzinfo=UTC), NOW) == "3 May 2024"


def test_what_is_loaded_is_not_looked_through_again():
    gc.unfreeze()
    keep_loaded()
    frozen, later = gc.get_freeze_count(), [[] for _ in range(1000)]
    keep_loaded()
    assert frozen > len(later) > gc.get_freeze_count() - frozen
    gc.unfreeze()
