"""Words in turns: bm25 over what may be found, and the commonest words left out of very large homes."""

from __future__ import annotations

import pytest

from memory import lexical
from memory.lexical import matching_turns, scored_turns
from memory.people import people
from memory.store import Store


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "memory.sqlite3")
    yield store
    store.close()


@pytest.fixture
def turns(store):
    chat = store.new_conversation()
    texts = ["The soup was hot", "The soup and the dentist", "A dentist", *["Soup again"] * 10]
    return [store.add_turn(chat.id, "user", text).id for text in texts]


def scored(store, *words):
    with store.read() as session:
        return scored_turns(session, list(words), 50)


def test_every_word_counts_while_few_turns_hold_them(store, turns):
    found = scored(store, "soup", "dentist")
    assert found.keys() == set(turns) and set(list(found)[:2]) == {turns[1], turns[2]}
    assert list(found.values()) == sorted(found.values(), reverse=True)


def test_of_very_many_turns_those_with_the_rare_words_are_weighed(store, turns, monkeypatch):
    monkeypatch.setattr(lexical, "MOST", 5)
    assert scored(store, "soup", "dentist").keys() == {turns[1], turns[2]}
    assert len(scored(store, "soup")) == 12
    assert len(scored(store, "walrus", "soup")) == 12
    assert scored(store) == {}


def test_what_may_not_be_found_is_not_counted_among_the_best(store, turns):
    other = store.new_conversation(remembered=False)
    private = store.add_turn(other.id, "user", "dentist").id
    gone = store.new_conversation()
    store.add_turn(gone.id, "user", "dentist")
    store.delete_conversation(gone.id)
    with store.read() as session:
        assert scored_turns(session, ["dentist"], 1).keys() == {turns[2]}
        assert matching_turns(session, "dent", 1) == [private]


def test_people_are_those_who_speak_and_not_files(store):
    chat = store.new_conversation()
    for name in ("Ada Byron", "Bo", "", "Bo", "letters.txt"):
        store.add_turn(chat.id, "user", "Hello", name=name)
    with store.read() as session:
        assert people(session) == {"Ada", "Byron", "Bo"}
