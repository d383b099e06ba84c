"""Messages that were changed or answered again: what is shown, found, forgotten, and goes out and in."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import event

from memory.facts import Facts
from memory.forget import forget_conversation, forget_facts
from memory.gists import Gists
from memory.imports.taking_in import bring_in
from memory.readable import export_markdown
from memory.records import MemoryRefused
from memory.schema import FactRow
from memory.store import Store
from memory.transfer import export
from memory.versions import let_go
from tests.scripted import ScriptedEmbedder


@pytest.fixture
def open_store(tmp_path):
    opened = []

    def open_():
        opened.append(Store(tmp_path / f"{len(opened)}" / "memory.sqlite3"))
        return opened[-1]

    yield open_
    for store in opened:
        store.close()


@pytest.fixture
def store(open_store):
    return open_store()


@pytest.fixture
def chat(store):
    """Four messages: a question about an otter, its answer, and one more of each."""
    made = store.new_conversation("Animals")
    say(store, made, "user: An otter?", "assistant: It swims.", "user: And a heron?", "assistant: It waits.")
    return made


def say(store, chat, *lines, **more):
    made = [store.add_turn(chat.id, *line.split(": ", 1), **more) for line in lines]
    return made[-1]


def shown(store, chat):
    return [turn.text for turn in store.turns(chat.id)]


def number(store, chat, words):
    every = [*store.turns(chat.id), *store.put_away(chat.id)]
    return next(turn.id for turn in every if turn.text == words)


def changed(store, chat, old, *lines):
    """Another version of a message, with what follows it."""
    say(store, chat, lines[0], instead_of=number(store, chat, old))
    return say(store, chat, *lines[1:]) if lines[1:] else None


def test_a_changed_message_stands_alone_and_the_older_one_comes_back_with_what_followed(store, chat):
    changed(store, chat, "An otter?", "user: A badger?", "assistant: It digs.")
    assert shown(store, chat) == ["A badger?", "It digs."]
    assert store.conversation(chat.id).turns == 2
    first = store.turns(chat.id)[0]
    assert first.versions == (number(store, chat, "An otter?"), first.id)

    store.show_version(first.versions[0])
    assert shown(store, chat) == ["An otter?", "It swims.", "And a heron?", "It waits."]
    store.show_version(first.id)
    assert shown(store, chat) == ["A badger?", "It digs."]


def test_versions_within_versions_are_where_they_were_left(store, chat):
    changed(store, chat, "It waits.", "assistant: It stands.")
    changed(store, chat, "It stands.", "assistant: It fishes.")
    store.show_version(number(store, chat, "It stands."))
    changed(store, chat, "An otter?", "user: A badger?")
    store.show_version(number(store, chat, "An otter?"))
    assert shown(store, chat)[-1] == "It stands."
    assert len(store.turns(chat.id)[-1].versions) == 3


def test_only_what_is_shown_can_be_changed_or_stepped_from(store, chat):
    heron, waits = number(store, chat, "And a heron?"), number(store, chat, "It waits.")
    changed(store, chat, "It waits.", "assistant: It stands.")
    changed(store, chat, "An otter?", "user: A badger?")
    for act in (lambda: store.show_version(waits), lambda: say(store, chat, "user: No", instead_of=heron)):
        with pytest.raises(MemoryRefused, match="not shown"):
            act()
    assert shown(store, chat) == ["A badger?"]


def test_a_reply_to_words_that_were_put_away_meanwhile_is_put_away_with_them(store, chat):
    asked = say(store, chat, "user: And a stork?")
    changed(store, chat, "And a stork?", "user: And a crane?")
    say(store, chat, "assistant: It claps.", answers=asked.id)
    assert shown(store, chat)[-1] == "And a crane?"
    store.show_version(asked.id)
    assert shown(store, chat)[-2:] == ["And a stork?", "It claps."]


def test_search_index_and_gists_know_only_what_is_shown(store, chat):
    later = datetime.now(UTC) + timedelta(days=40)
    gists = Gists(store)
    assert gists.make(ScriptedEmbedder(), 1000, later) and gists.all()
    store.clear_outbox(10**9)
    changed(store, chat, "And a heron?", "user: And a stork?")
    assert gists.all() == []
    assert store.search_turns("heron") == [] and [t.text for t in store.search_turns("stork")]
    ids = {item for _, kind, item in store.outbox() if kind == "turn"}
    texts = store.texts_to_index("turn", ids)
    assert sorted(texts.values()) == ["", "", "And a stork?"]
    gists.make(ScriptedEmbedder(), 1000, later)
    assert "heron" not in " ".join(line.text for gist in gists.all() for line in gist.lines)
    store.show_version(number(store, chat, "And a heron?"))
    assert gists.all() == [] and [t.text for t in store.search_turns("heron")]


FOUND = ["An otter?", "It swims.", "And a heron?", "It waits."]
OTHER = ["A badger?", "It digs."]


@pytest.mark.parametrize(
    ("gone", "left", "stepped"),
    [
        (["A badger?", "It digs."], FOUND, None),  # nothing is shown there: the older version is
        (["A badger?"], ["It digs."], FOUND),  # what followed it has its place
        (["It digs."], ["A badger?"], FOUND),
        (["An otter?"], OTHER, FOUND[1:]),  # what followed the older one can still be stepped to
        (["An otter?", "And a heron?"], OTHER, ["It swims.", "It waits."]),
        (FOUND, OTHER, None),
        (FOUND[:3], OTHER, ["It waits."]),
        (["An otter?", "A badger?"], ["It digs."], FOUND[1:]),
    ],
)
def test_whatever_is_forgotten_every_version_that_is_left_can_be_stepped_to(store, chat, gone, left, stepped):
    changed(store, chat, "An otter?", "user: A badger?", "assistant: It digs.")
    forget_turns(store, chat, gone)
    assert shown(store, chat) == left
    versions = [turn.versions for turn in store.turns(chat.id)]
    if stepped is None:
        assert not any(versions) and not store.put_away(chat.id)
        return
    here, there = versions[0][::-1] if versions[0][-1] in ids(store, chat) else versions[0]
    store.show_version(there)
    assert shown(store, chat) == stepped
    store.show_version(here)
    assert shown(store, chat) == left


def test_many_versions_are_forgotten_one_by_one(store, chat):
    changed(store, chat, "It waits.", "assistant: It stands.")
    changed(store, chat, "And a heron?", "user: And a stork?", "assistant: It claps.")
    changed(store, chat, "An otter?", "user: A badger?", "assistant: It digs.")
    every = [turn.text for turn in (*store.turns(chat.id), *store.put_away(chat.id))]
    while every:
        forget_turns(store, chat, [every.pop(len(every) // 2)])
        assert reachable(store, chat) == set(every)


def test_a_whole_chat_goes_at_once_however_many_versions_it_has(store):
    def statements(number):
        chat = store.new_conversation()
        first = store.add_turn(chat.id, "user", "A heron?")
        for _ in range(number):
            store.add_turn(chat.id, "user", "An otter?", instead_of=first.id)
            store.show_version(first.id)
        every = [turn.id for turn in (*store.turns(chat.id), *store.put_away(chat.id))]
        run = []
        with store.write() as session:
            event.listen(session.connection(), "before_cursor_execute", lambda *about: run.append(about[2]))
            let_go(session, every)
        return len(run)

    assert statements(2) == statements(9)


def forget_turns(store, chat, texts):
    """Through facts that these messages told, the only way in which single messages go."""
    facts, told = Facts(store), []
    for text in texts:
        fact = facts.add(f"word {len(told)}", f"xyzzy{number(store, chat, text)}")
        told.append(fact.id)
    with store.write() as session:
        for fact, text in zip(told, texts, strict=True):
            session.get(FactRow, fact).turn_id = number(store, chat, text)
    forget_facts(store, told, with_turns=True)


def ids(store, chat):
    return {turn.id for turn in store.turns(chat.id)}


def reachable(store, chat):
    """Every message that stepping with the arrows leads to."""
    seen, found = set(), set()

    def walk():
        turns = store.turns(chat.id)
        key = tuple(turn.id for turn in turns)
        if key in seen:
            return
        seen.add(key)
        found.update(turn.text for turn in turns)
        assert all(one.id < two.id for one, two in pairwise(turns))
        for turn in turns:
            for other in set(turn.versions) - {turn.id}:
                if turn.id in ids(store, chat):
                    store.show_version(other)
                    walk()
                    if turn.id not in ids(store, chat):
                        store.show_version(turn.id)

    walk()
    return found


def test_a_forgotten_chat_goes_in_every_version(store, chat):
    changed(store, chat, "An otter?", "user: A badger?")
    gone = forget_conversation(store, chat.id)
    assert len(gone.turns) == 5
    store.scrub()
    assert b"otter" not in store.path.read_bytes() and b"badger" not in store.path.read_bytes()


def test_what_is_forgotten_is_blanked_in_versions_that_are_not_shown(store):
    chat = store.new_conversation("Pets")
    first = store.add_turn(chat.id, "user", "Pim is my dog and I have a cat")
    second = store.add_turn(chat.id, "user", "Pim is my dog", instead_of=first.id)
    fact = Facts(store).add("dog's name", "Pim")
    with store.write() as session:
        session.get(FactRow, fact.id).turn_id = second.id
    forget_facts(store, [fact.id], with_turns=True)
    store.scrub()
    assert b"Pim" not in store.path.read_bytes()
    assert shown(store, chat) == ["(forgotten) is my dog and I have a cat"]


def test_exports_hold_every_version_and_bring_it_back(open_store, store, chat, tmp_path):
    changed(store, chat, "An otter?", "user: A badger?", "assistant: It digs.")
    export(store, tmp_path / "all.jsonl")
    other = open_store()
    other.new_conversation("First")  # so that no number is the same
    other.add_turn(other.conversations()[0].id, "user", "Hello")
    bring_in(other, tmp_path / "all.jsonl")
    there = next(each for each in other.conversations() if each.title == "Animals")
    assert shown(other, there) == OTHER
    other.show_version(other.turns(there.id)[0].versions[0])
    assert shown(other, there) == FOUND

    export_markdown(store, tmp_path / "read")
    [page] = (tmp_path / "read").glob("*Animals*")
    text = page.read_text("utf-8")
    assert text.index("A badger?") < text.index("## Other versions") < text.index("An otter?")
    assert "version 2 of 2" in text and "version 1 of 2" in text


def test_a_chat_that_was_changed_elsewhere_since_stands_here_as_there(open_store, store, chat, tmp_path):
    export(store, tmp_path / "early.jsonl")
    other = open_store()
    bring_in(other, tmp_path / "early.jsonl")
    changed(store, chat, "And a heron?", "user: And a stork?", "assistant: It claps.")
    export(store, tmp_path / "late.jsonl")
    assert bring_in(other, tmp_path / "late.jsonl").grown == 1
    [there] = other.conversations()
    assert shown(other, there) == ["An otter?", "It swims.", "And a stork?", "It claps."]
    assert reachable(other, there) == {*FOUND, "And a stork?", "It claps."}


@pytest.mark.parametrize("key", ["place", "away"])
def test_an_export_that_points_nowhere_changes_nothing(open_store, store, chat, tmp_path, key):
    export(store, tmp_path / "all.jsonl")
    text = (tmp_path / "all.jsonl").read_text("utf-8").replace(f'"{key}": null', f'"{key}": 77', 1)
    (tmp_path / "all.jsonl").write_text(text, "utf-8")
    other = open_store()
    with pytest.raises(MemoryRefused, match="points at something"):
        bring_in(other, tmp_path / "all.jsonl")
    assert other.conversations() == []
