"""The vector index in real Chroma: filled from the outbox, mended when damaged, clean after forgetting."""

from __future__ import annotations

import shutil

import pytest

from memory.facts import Facts
from memory.index import Index, collection_name
from memory.recall import Recall
from memory.store import Store
from tests.scripted import ScriptedEmbedder


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "memory.sqlite3")
    yield store
    store.close()


@pytest.fixture
def index(tmp_path):
    index = Index(tmp_path / "index", ScriptedEmbedder())
    yield index
    index.close()


def fill(store, *texts):
    chat = store.new_conversation()
    return [store.add_turn(chat.id, "user", text) for text in texts]


def test_the_outbox_is_drained_into_the_index(store, index):
    turns = fill(store, "My dog is called Pim", "We moved to Clun")
    fact = Facts(store).add("dog's name", "Pim")
    shares = []
    assert index.drain(store, shares.append) == 3
    assert store.outbox() == [] and shares[-1] == 1.0
    assert (index.count("turn"), index.count("fact")) == (2, 1)
    near = index.search("turn", index.embed("We moved to Clun"), 5)
    assert next(iter(near)) == turns[1].id and near[turns[1].id] == pytest.approx(1.0, abs=1e-3)
    assert index.similarities("fact", index.embed("My dog's name is Pim"), [fact.id, 99])[fact.id] > 0.9
    assert index.drain(store) == 0


def test_what_is_dropped_or_changed_follows(store, index):
    turns = fill(store, "My dog is called Pim", "We moved to Clun")
    index.drain(store)
    store.delete_turns_after(turns[0].id)
    store.extend_turn(turns[0].id, "My cat is called Tom", "complete")
    index.drain(store)
    assert index.count("turn") == 1
    assert index.search("turn", index.embed("My cat is called Tom"), 1)[turns[0].id] > 0.99
    store.delete_conversation(turns[0].conversation_id)
    index.drain(store)
    assert index.count("turn") == 0
    Facts(store).undo()
    index.drain(store)
    assert index.count("turn") == 1


def test_an_index_that_is_empty_or_small_gives_what_it_has(store, index):
    assert index.search("turn", index.embed("dog"), 5) == {}
    fill(store, "My dog is called Pim")
    index.drain(store)
    assert len(index.search("turn", index.embed("dog"), 200)) == 1


def test_it_opens_again_where_it_was(tmp_path, store, index):
    fill(store, "My dog is called Pim")
    index.drain(store)
    index.close()
    again = Index(tmp_path / "index", ScriptedEmbedder())
    assert again.drain(store) == 0 and again.count("turn") == 1
    again.close()


def test_an_index_that_was_deleted_is_read_again_with_progress_that_goes_on_where_it_was(
    tmp_path, store, index
):
    turns = fill(store, *(f"Sentence number {number}" for number in range(150)))
    index.drain(store)
    assert not index.anew
    index.close()
    shutil.rmtree(tmp_path / "index")
    again, shares = Index(tmp_path / "index", ScriptedEmbedder()), []
    while not shares or shares[-1] < 1:
        again.drain(store, shares.append, give_way=lambda: True)
        assert again.anew
    again.drain(store)
    assert shares == pytest.approx([64 / 150, 128 / 150, 1.0])
    assert not again.anew and again.count("turn") == len(turns)
    again.close()


@pytest.mark.parametrize("harm", ["garbage", "truncated", "missing"])
def test_a_damaged_index_is_made_anew(tmp_path, store, index, harm):
    (turn,) = fill(store, "My dog is called Pim")
    index.drain(store)
    index.close()
    file = tmp_path / "index" / "chroma.sqlite3"
    if harm == "missing":
        file.unlink()
    else:
        content = file.read_bytes()
        file.write_bytes(b"garbage" * 999 if harm == "garbage" else content[: len(content) // 3])
    again = Index(tmp_path / "index", ScriptedEmbedder())
    again.drain(store)
    assert turn.id in again.search("turn", again.embed("dog"), 1)
    again.close()


def test_an_index_that_ended_the_process_when_opened_is_made_anew(tmp_path, store, index):
    (turn,) = fill(store, "My dog is called Pim")
    index.drain(store)
    index.close()
    (tmp_path / "index" / "opening").touch()
    again = Index(tmp_path / "index", ScriptedEmbedder())
    assert again.drain(store) == 1 and turn.id in again.search("turn", again.embed("dog"), 1)
    again.close()
    assert not (tmp_path / "index" / "opening").exists()


def test_another_embedder_gets_an_index_of_its_own(tmp_path, store, index):
    fill(store, "My dog is called Pim")
    index.drain(store)
    index.close()

    class Other(ScriptedEmbedder):
        name, dimensions = "Other/Embedder v2", 32

    other = Index(tmp_path / "index", Other())
    assert other.drain(store) == 1 and other.count("turn") == 1
    other.close()
    assert collection_name("turn", "A/b") != collection_name("turn", "A_b")


def test_no_text_is_kept_and_compacting_keeps_the_rest(tmp_path, store, index):
    turns = fill(store, "Quillfeather barks", "We moved to Brackwater")
    index.drain(store)
    store.delete_turns_after(turns[0].id)
    index.drain(store)
    index.compact()
    assert index.count("turn") == 1 and turns[0].id in index.search("turn", index.embed("barks"), 3)
    index.close()
    files = [path for path in (tmp_path / "index").rglob("*") if path.is_file()]
    assert not any(
        b"Quillfeather" in path.read_bytes() or b"Brackwater" in path.read_bytes() for path in files
    )


def test_recall_works_over_it(store, index):
    fill(store, "My bicycle is green", "I play the viola")
    fact = Facts(store).add("dog's name", "Pim")
    index.drain(store)
    recall = Recall(store, index, ScriptedEmbedder())
    assert recall.recall("what is my dog's name")[0].id == f"fact:{fact.id}"
    assert len(recall.rank_turns("green bicycle", 5)) == 2
