"""What is brought in from elsewhere: whole, once, and refused in a sentence where it is broken."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import sqlite3
import stat
import subprocess
import sys
import zipfile
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.__main__ import main
from app.core import Dormouse
from app.events import Bus
from app.home import Home
from memory.facts import Facts
from memory.forget import forget_conversation
from memory.imports import documents
from memory.imports.taking_in import bring_in
from memory.readable import export_markdown
from memory.records import MemoryRefused
from memory.store import Store
from memory.transfer import export
from tests.scripted import ScriptedEmbedder, ScriptedEngine

BEGAN = 1_700_000_000.0


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """A memory that holds nothing, to be copied: migrating one takes longer than a test."""
    path = tmp_path_factory.mktemp("empty") / "memory.sqlite3"
    Store(path).close()
    return path


@pytest.fixture
def open_store(empty, tmp_path):
    with ExitStack() as opened:
        numbers = count()

        def fresh() -> Store:
            folder = tmp_path / f"home-{next(numbers)}"
            folder.mkdir()
            store = Store(Path(shutil.copy(empty, folder / "memory.sqlite3")))
            opened.callback(store.close)
            return store

        yield fresh


@pytest.fixture
def store(open_store):
    return open_store()


def gpt_node(key, parent, role, text, at=None, **more):
    content = {"content_type": "text", "parts": [text]}
    message = {"author": {"role": role}, "content": content, "create_time": at} | more
    return {"id": key, "parent": parent, "children": [], "message": message}


def gpt(key="one", says=("I live in Clun.", "Noted."), title="Where I live"):
    mapping = {"root": {"id": "root", "parent": None, "children": [], "message": None}}
    parent = "root"
    for number, text in enumerate(says):
        role = ("user", "assistant")[number % 2]
        mapping[f"n{number}"] = gpt_node(f"n{number}", parent, role, text, BEGAN + number)
        parent = f"n{number}"
    head = {"title": title, "create_time": BEGAN, "conversation_id": key}
    return head | {"current_node": parent, "mapping": mapping}


def claude(key="one", says=("I live in Clun.", "Noted.")):
    messages = [
        {
            "uuid": f"{key}-{number}",
            "sender": ("human", "assistant")[number % 2],
            "text": text,
            "content": [{"type": "text", "text": text}],
            "created_at": f"2024-05-03T09:0{number}:00.000000Z",
        }
        for number, text in enumerate(says)
    ]
    head = {"uuid": key, "name": "Where I live", "created_at": "2024-05-03T09:00:00.000000Z"}
    return head | {"chat_messages": messages}


def written(path, conversations):
    path.write_text(json.dumps(conversations), "utf-8")
    return path


def zipped(path, conversations):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("export/user.json", "{}")
        archive.writestr("export/conversations.json", json.dumps(conversations))
    return path


def said(store, number=0):
    return [turn.text for turn in store.turns(store.conversations()[number].id)]


def rows(store):
    with store.read() as session:
        names = ("conversation", "turn", "source", "fact", "night", "outbox")
        return [session.connection().exec_driver_sql(f"SELECT * FROM {name}").fetchall() for name in names]


def lines(store, path):
    export(store, path)
    entries = [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]
    return [{key: value for key, value in entry.items() if key != "imported"} for entry in entries]


# ChatGPT


def test_chatgpt_comes_in_with_its_own_dates_and_is_found(store, tmp_path):
    came = bring_in(store, written(tmp_path / "conversations.json", [gpt()]))
    assert (came.origin, came.new, came.turns, came.unread) == ("ChatGPT", 1, 2, 0)
    [chat] = store.conversations()
    assert chat.title == "Where I live" and chat.created == datetime.fromtimestamp(BEGAN, UTC)
    turns = store.turns(chat.id)
    assert [(turn.speaker, turn.text) for turn in turns] == [
        ("user", "I live in Clun."),
        ("assistant", "Noted."),
    ]
    assert turns[1].created == chat.updated == datetime.fromtimestamp(BEGAN + 1, UTC)
    assert store.search_turns("Clun") == turns[:1]
    assert {item for _, kind, item in store.outbox() if kind == "turn"} == {turn.id for turn in turns}


def test_only_the_branch_that_was_last_seen_comes_in(store, tmp_path):
    talk = gpt(says=("My dog is Pim.", "Hello Pim."))
    talk["mapping"]["other"] = gpt_node("other", "n0", "assistant", "A worse answer.", BEGAN + 9)
    bring_in(store, written(tmp_path / "conversations.json", [talk]))
    assert said(store) == ["My dog is Pim.", "Hello Pim."]


def test_tools_pictures_thoughts_and_hidden_messages_stay_out(store, tmp_path):
    talk = gpt(says=("Look at this.",))
    thought = {"content_type": "thoughts", "thoughts": []}
    talk["mapping"] |= {
        "a": gpt_node("a", "n0", "system", "You are helpful."),
        "b": gpt_node("b", "a", "assistant", "search('x')", recipient="browser"),
        "c": gpt_node("c", "b", "tool", "Found."),
        "d": gpt_node("d", "c", "assistant", "", content=thought),
        "e": gpt_node("e", "d", "user", "About me", metadata={"is_visually_hidden_from_conversation": True}),
        "f": gpt_node("f", "e", "assistant", "A dog.", recipient="all"),
    }
    talk["mapping"]["n0"]["message"]["content"] = {
        "content_type": "multimodal_text",
        "parts": [{"content_type": "image_asset_pointer"}, "Look at this."],
    }
    bring_in(store, written(tmp_path / "conversations.json", [talk | {"current_node": "f"}]))
    assert said(store) == ["Look at this.", "A dog."]


def test_without_a_current_node_the_newest_message_counts(store, tmp_path):
    bring_in(store, written(tmp_path / "conversations.json", [gpt() | {"current_node": None}]))
    assert said(store) == ["I live in Clun.", "Noted."]


# Claude


def test_claude_comes_in_without_what_is_no_text(store, tmp_path):
    talk = claude()
    talk["chat_messages"][1]["content"].insert(0, {"type": "tool_use", "text": "search"})
    talk["chat_messages"][1]["text"] = "This block is not supported.\nNoted."
    bare = claude("two", ("Only the field",))
    del bare["chat_messages"][0]["content"]
    came = bring_in(store, written(tmp_path / "conversations.json", [talk, bare]))
    assert (came.origin, came.new, came.turns) == ("Claude", 2, 3)
    assert said(store, 0) == ["I live in Clun.", "Noted."] and said(store, 1) == ["Only the field"]
    assert store.conversations()[0].created == datetime(2024, 5, 3, 9, tzinfo=UTC)


# Archives and folders


def test_an_export_is_known_by_what_is_in_it(open_store, tmp_path):
    folder = tmp_path / "unpacked"
    folder.mkdir()
    written(folder / "conversations-000.json", [claude()])
    written(folder / "conversations-001.json", [claude("two")])
    places = {
        zipped(tmp_path / "a", [gpt()]): ("ChatGPT", 1),
        zipped(tmp_path / "b.zip", [claude()]): ("Claude", 1),
        written(tmp_path / "chats.txt", [gpt()]): ("ChatGPT", 1),
        folder: ("Claude", 2),
    }
    for place, expected in places.items():
        came = bring_in(open_store(), place)
        assert (came.origin, came.new) == expected


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("conversations.json", b"[]", "no conversations"),
        ("conversations.json", b'[{"mapping"', "cut off or damaged"),
        ("conversations.json", b'[{"title": "x"}]', "nothing that can be taken in"),
        ("conversations.json", b'[{"mapping": 1}]', "no conversation in it could be read"),
        ("conversations.json", b"[" * 200_000, "cut off or damaged"),
        ("conversations.json", b'[{"mapping": {}}] and more', "cut off or damaged"),
        ("export.zip", b"PK\x03\x04 and no more", "damaged"),
        ("picture.png", b"\x89PNG", "nothing that can be taken in"),
        ("notes.md", b"\xff\xfe\x00", "UTF-8"),
        ("dormouse.jsonl", b'{"dormouse": 99}\n', "newer version"),
        ("dormouse.jsonl", b'{"dormouse": 1, "rows": 3}\n', "cut off"),
    ],
)
def test_what_is_broken_is_refused_in_a_sentence(store, tmp_path, name, content, why):
    (tmp_path / name).write_bytes(content)
    before = rows(store)
    with pytest.raises(MemoryRefused, match=why) as refusal:
        bring_in(store, tmp_path / name)
    assert str(refusal.value).endswith(".") and rows(store) == before


def test_a_zip_of_something_else_and_a_place_with_nothing_are_refused(store, tmp_path):
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        archive.writestr("photo.jpg", "")
    (tmp_path / "bare").mkdir()
    for name, why in {"photos.zip": "no conversations.json", "bare": "nothing", "gone": "no file"}.items():
        with pytest.raises(MemoryRefused, match=why):
            bring_in(store, tmp_path / name)


def test_one_bad_conversation_is_left_out_and_counted(store, tmp_path):
    circle = gpt("circle")
    circle["mapping"]["n0"]["parent"] = "n1"
    orphan = gpt("orphan") | {"current_node": "nowhere"}
    bad = [circle, orphan, {"title": "no messages"}, 7]
    came = bring_in(store, written(tmp_path / "conversations.json", [gpt("good"), *bad]))
    assert (came.new, came.unread) == (1, 4)
    assert "4 could not be read" in came.sentence and len(store.conversations()) == 1


def test_odd_values_do_no_harm(store, tmp_path):
    talk = gpt(says=("Half a pair: \ud83d, and \0 nothing.", "Noted.", "Later."))
    times = [1e300, "yesterday", BEGAN * 1000]
    for node, when in zip(list(talk["mapping"].values())[1:], times, strict=True):
        node["message"]["create_time"] = when
    bring_in(store, written(tmp_path / "conversations.json", [talk | {"create_time": 4e9}]))
    turns = store.turns(store.conversations()[0].id)
    assert turns[0].text == "Half a pair: ?, and  nothing."
    assert all(turn.created <= datetime.now(UTC) for turn in turns)


# Documents


def test_documents_are_quoted_under_their_names(store, tmp_path):
    folder = tmp_path / "notes"
    (folder / "deep").mkdir(parents=True)
    (folder / ".obsidian").mkdir()
    (folder / ".obsidian" / "hidden.md").write_text("Hidden.", "utf-8")
    (folder / "deep" / "dog.md").write_text("# About Pim\n\nPim barks.\n\nMy dog is Pim.\n", "utf-8")
    (folder / "list.txt").write_text("[1] Milk\r\n\r\nBread", "utf-8")
    (folder / "broken.txt").write_bytes(b"\xff")
    os.utime(folder / "deep" / "dog.md", (BEGAN, BEGAN))
    came = bring_in(store, folder)
    assert (came.origin, came.new, came.turns, came.unread) == ("Documents", 2, 4, 1)
    by_title = {chat.title: store.turns(chat.id) for chat in store.conversations()}
    assert [turn.text for turn in by_title["About Pim"]] == ["# About Pim\n\nPim barks.", "My dog is Pim."]
    assert {(turn.speaker, turn.name) for turn in by_title["About Pim"]} == {("user", "dog.md")}
    assert by_title["About Pim"][0].created == datetime.fromtimestamp(BEGAN, UTC)
    assert [turn.text for turn in by_title["list"]] == ["[1] Milk", "Bread"]


def test_a_document_that_has_grown_brings_only_its_new_paragraphs(store, tmp_path):
    note = tmp_path / "note.md"
    note.write_text("One.\n\nTwo.", "utf-8")
    bring_in(store, note)
    note.write_text("One.\n\nTwo.\n\nThree.", "utf-8")
    assert bring_in(store, tmp_path).grown == 1
    assert said(store) == ["One.", "Two.", "Three."]


@given(st.text())
def test_paragraphs_are_short_and_lose_no_word(text):
    found = documents.paragraphs(text)
    assert all(part and len(part) <= documents.LONGEST + 200 for part in found)
    assert "".join("".join(found).split()) == "".join(text.replace("\0", "").split())


def test_a_long_paragraph_is_cut_between_sentences():
    parts = documents.paragraphs("This is a sentence. " * 100 + "\n\n" + "x" * 2000)
    assert all(len(part) <= documents.LONGEST for part in parts)
    assert all(part.endswith(".") for part in parts if not part.startswith("x"))


# Once, and on from where it was


def test_nothing_comes_in_twice(store, tmp_path):
    both = [written(tmp_path / "conversations.json", [gpt("a"), gpt("b")]), tmp_path / "claude.json"]
    written(both[1], [claude("a")])
    for path in both:
        bring_in(store, path)
    before = rows(store)
    again = [bring_in(store, path) for path in both]
    assert [(came.new, came.grown, came.turns) for came in again] == [(0, 0, 0)] * 2
    assert [came.known for came in again] == [2, 1] and rows(store) == before
    assert "were here already" in again[0].sentence


def test_what_has_grown_brings_only_what_is_new(store, tmp_path):
    path = tmp_path / "conversations.json"
    bring_in(store, written(path, [gpt("a"), gpt("b")]))
    longer = gpt("b", ("I live in Clun.", "Noted.", "And I have a dog.", "Nice."))
    came = bring_in(store, written(path, [gpt("a"), longer]))
    assert (came.new, came.grown, came.known, came.turns) == (0, 1, 1, 2)
    assert said(store, 0) == ["I live in Clun.", "Noted.", "And I have a dog.", "Nice."]


def test_another_branch_adds_what_was_not_seen_before(store, tmp_path):
    talk = gpt(says=("My dog is Pim.", "Hello Pim."))
    path = written(tmp_path / "conversations.json", [talk])
    bring_in(store, path)
    talk["mapping"]["other"] = gpt_node("other", "n0", "assistant", "What a name!", BEGAN + 9)
    bring_in(store, written(path, [talk | {"current_node": "other"}]))
    assert said(store) == ["My dog is Pim.", "Hello Pim.", "What a name!"]


def test_an_import_that_was_cut_off_goes_on(open_store, tmp_path):
    path = written(tmp_path / "conversations.json", [gpt(str(number)) for number in range(5)])
    whole, cut = open_store(), open_store()
    bring_in(whole, path)

    def stop(share):
        assert 0 <= share <= 1
        if share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring_in(cut, path, stop)
    assert 0 < len(cut.conversations()) < 5
    assert bring_in(cut, path).new == 5 - 3
    assert lines(cut, tmp_path / "a") == lines(whole, tmp_path / "b")


KILLED = """
import sys, time
from pathlib import Path
from memory.imports.taking_in import bring_in
from memory.store import Store
def told(share):
    print(share, flush=True)
    time.sleep(0.01)
bring_in(Store(Path(sys.argv[1])), Path(sys.argv[2]), told)
"""


def test_an_import_that_was_killed_leaves_whole_conversations_only(store, tmp_path):
    says = [f"Message {number}" for number in range(20)]
    path = written(tmp_path / "conversations.json", [gpt(str(number), says) for number in range(200)])
    command = [sys.executable, "-c", KILLED, str(store.path), str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as child:
        child.stdout.readline()
        child.kill()
    there = store.conversations()
    assert 0 < len(there) < 200 and {chat.turns for chat in there} == {20}
    assert bring_in(store, path).new == 200 - len(there) and len(rows(store)[1]) == 200 * 20


def test_what_was_put_away_stays_away_and_what_was_forgotten_leaves_no_name(store, tmp_path):
    path = written(tmp_path / "conversations.json", [gpt("secret-key", title="Quillfeather")])
    bring_in(store, path)
    [chat] = store.conversations()
    store.delete_conversation(chat.id)
    longer = [gpt("secret-key", ("I live in Clun.", "Noted.", "More"), "Quillfeather")]
    assert bring_in(store, written(path, longer)).known == 1 and store.conversations() == []
    store.restore_conversation(chat.id)
    assert bring_in(store, path).turns == 1
    forget_conversation(store, chat.id)
    assert rows(store)[2] == []
    store.scrub()
    left = store.path.read_bytes()
    assert b"Quillfeather" not in left and b"secret-key" not in left


# What came in is not noticed


def test_facts_are_noticed_in_new_words_only(tmp_path):
    dormouse = Dormouse(Home(tmp_path / "home"), Bus(), lambda *_: ScriptedEngine(), ScriptedEmbedder)
    dormouse.start(tend=False)
    (tmp_path / "note.md").write_text("My cat is Tom.", "utf-8")
    export(dormouse.store, tmp_path / "empty.jsonl")
    for path in (written(tmp_path / "conversations.json", [gpt()]), tmp_path / "note.md"):
        assert dormouse.bring_in(path).turns
    chat = dormouse.conversations()[0]
    typed = dormouse.store.add_turn(chat.id, "user", "My dog is Pim.")
    noticing = next(chore.__self__ for chore in dormouse.idle._chores if hasattr(chore.__self__, "waiting"))
    assert [turn.id for turn in noticing.waiting()] == [typed.id]
    dormouse.close()


# Dormouse's own export

TEXT = st.text(min_size=1, max_size=12).filter(lambda text: text.strip())
TURNS = st.lists(st.tuples(st.sampled_from(["user", "assistant"]), TEXT, st.integers(-1, 1)), max_size=3)
CHATS = st.lists(st.tuples(st.text(max_size=8), st.booleans(), TURNS), max_size=3)
FACTS = st.lists(st.tuples(TEXT, TEXT, st.sampled_from(["keep", "replace", "retract", "pin"])), max_size=4)


def live(store, chats, facts):
    """A life of chats and facts."""
    known = Facts(store)
    for title, remembered, turns in chats:
        chat = store.new_conversation(title, remembered)
        for speaker, text, thumb in turns:
            turn = store.add_turn(chat.id, speaker, text, notes=("turn:1",))
            store.set_thumb(turn.id, thumb)
    made = []
    for attribute, value, then in facts:
        try:
            made.append((known.add(attribute, value), then))
        except MemoryRefused:
            continue
    for fact, then in made:
        if then == "replace" and known.fact(fact.id).superseded_by is None:
            known.supersede(fact.id, fact.value + " again")
        elif then == "retract":
            known.retract(fact.id)
        elif then == "pin":
            known.pin(fact.id)
    if made:
        night = store.add_night("base", state="kept", facts=[made[0][0].id])
        store.add_night_items(night.id, [(made[0][0].id, "?", "!"), (None, "2+2", "4")])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CHATS, FACTS)
def test_everything_goes_out_and_comes_in_unchanged(open_store, tmp_path, chats, facts):
    here, there = open_store(), open_store()
    live(here, chats, facts)
    before = lines(here, tmp_path / "here.jsonl")
    came = bring_in(there, tmp_path / "here.jsonl")
    assert came.turns == sum(len(turns) for _, _, turns in chats)
    assert lines(there, tmp_path / "there.jsonl") == before
    assert (came.new, came.known) == (len(chats), 0)
    again = bring_in(there, tmp_path / "here.jsonl")
    assert (again.new, again.turns, again.facts, again.known) == (0, 0, 0, len(chats))
    assert lines(there, tmp_path / "there.jsonl") == before
    assert bring_in(here, tmp_path / "there.jsonl").known == len(chats)
    assert lines(here, tmp_path / "here.jsonl") == before
    here.close()
    there.close()


def test_a_later_export_brings_what_came_after_the_earlier_one(open_store, tmp_path):
    here, there = open_store(), open_store()
    chat = here.new_conversation()
    first = here.add_turn(chat.id, "user", "I live in Clun")
    fact = Facts(here).add("home", "Clun", turn_id=first.id, span=(10, 14), origin="said")
    export(here, tmp_path / "early.jsonl")
    bring_in(there, tmp_path / "early.jsonl")
    here.add_turn(chat.id, "assistant", "Noted", notes=(f"fact:{fact.id}",))
    Facts(here).supersede(fact.id, "Ludlow")
    export(here, tmp_path / "late.jsonl")
    came = bring_in(there, tmp_path / "late.jsonl")
    assert (came.new, came.grown, came.known, came.turns, came.facts) == (0, 1, 0, 1, 1)
    assert [(f.value, f.state) for f in Facts(there).facts()] == [
        ("Ludlow", "current"),
        ("Clun", "superseded"),
    ]
    assert bring_in(there, tmp_path / "early.jsonl").turns == 0
    assert [f.value for f in Facts(there).current()] == ["Ludlow"]


def unsalted(*parts):
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def as_before_salting(folder, store):
    """The same memory as a version left it that had no secret."""
    path = Path(shutil.copy(store.backup(folder / "copy.sqlite3"), folder / "before.sqlite3"))
    marks = [unsalted("one", f"n{number}")[:16] for number in range(2)]
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE source SET key = ?, turns = ?", (unsalted("one"), json.dumps(marks)))
        connection.execute("DROP TABLE secret")
        connection.execute("UPDATE alembic_version SET version_num = '0005'")
        connection.commit()
    return path


def test_a_guess_at_what_was_imported_cannot_be_hashed(tmp_path, open_store):
    path = written(tmp_path / "conversations.json", [gpt()])
    here = open_store()
    bring_in(here, path)
    guesses = {unsalted("one"), *(unsalted("one", f"n{number}")[:16] for number in range(2))}
    [source] = [row for row in lines(here, tmp_path / "all.jsonl") if row.get("table") == "source"]
    assert len(source["turns"]) == 2 and guesses.isdisjoint({source["key"], *source["turns"]})


def test_homes_have_secrets_of_their_own(tmp_path):
    secrets = []
    for name in ("one", "two"):
        store = Store(tmp_path / name / "memory.sqlite3")
        secrets += [row["value"] for row in lines(store, tmp_path / f"{name}.jsonl") if "value" in row]
        store.close()
    assert len(set(secrets)) == 2 and all(len(secret) == 64 for secret in secrets)


def test_older_hashes_are_salted_and_still_known(tmp_path, open_store):
    path = written(tmp_path / "conversations.json", [gpt()])
    here = open_store()
    bring_in(here, path)
    before = as_before_salting(tmp_path, here)
    store = Store(before)
    assert bring_in(store, path).known == 1
    store.close()
    assert unsalted("one").encode() not in before.read_bytes()


def test_an_export_brings_its_secret_so_that_nothing_comes_in_twice(tmp_path):
    path = written(tmp_path / "conversations.json", [gpt()])
    here, there = (Store(tmp_path / name / "memory.sqlite3") for name in ("here", "there"))
    bring_in(here, path)
    export(here, tmp_path / "all.jsonl")
    assert bring_in(there, tmp_path / "all.jsonl").new == 1
    came = bring_in(there, path)
    assert (came.known, came.turns) == (1, 0)
    longer = written(
        tmp_path / "conversations.json", [gpt(says=("I live in Clun.", "Noted.", "And in Ely."))]
    )
    came = bring_in(there, longer)
    assert (came.grown, came.turns) == (1, 1) and bring_in(there, longer).known == 1
    here.close()
    there.close()


def test_an_export_of_a_version_without_a_secret_is_salted_on_its_way_in(tmp_path, open_store):
    path = written(tmp_path / "conversations.json", [gpt()])
    here, there = open_store(), open_store()
    bring_in(here, path)
    marks = [unsalted("one", f"n{number}")[:16] for number in range(2)]
    older = [{"dormouse": 1}]
    for row in lines(here, tmp_path / "all.jsonl"):
        if row.get("table") == "source":
            row |= {"key": unsalted("one"), "turns": marks}
        if row.get("table") not in (None, "secret"):
            older.append(row)
    (tmp_path / "older.jsonl").write_text("\n".join(map(json.dumps, older)), "utf-8")
    assert bring_in(there, tmp_path / "older.jsonl").new == 1
    assert bring_in(there, path).known == 1
    lines(there, tmp_path / "there.jsonl")
    assert unsalted("one") not in (tmp_path / "there.jsonl").read_text("utf-8")


def test_what_an_edited_export_says_twice_is_taken_once(open_store, tmp_path):
    here, there = open_store(), open_store()
    bring_in(here, written(tmp_path / "conversations.json", [gpt()]))
    fact = Facts(here).add("home", "Clun")
    here.add_night("base", state="kept", facts=[fact.id])
    export(here, tmp_path / "all.jsonl")
    said = (tmp_path / "all.jsonl").read_text("utf-8").splitlines()[1:]
    twice = [line for line in said for _ in range(1 + ('"source"' in line or '"night_fact"' in line))]
    (tmp_path / "twice.jsonl").write_text("\n".join(['{"dormouse": 1}', *twice]), "utf-8")
    assert bring_in(there, tmp_path / "twice.jsonl").new == 1
    assert lines(there, tmp_path / "b.jsonl") == lines(here, tmp_path / "a.jsonl")
    (tmp_path / "number.jsonl").write_text("\n".join(['{"dormouse": 1}', said[0], said[0]]), "utf-8")
    with pytest.raises(MemoryRefused, match="Line 3"):
        bring_in(there, tmp_path / "number.jsonl")


def test_where_two_chats_part_what_is_here_stays(open_store, tmp_path):
    here, there = open_store(), open_store()
    chat = here.new_conversation()
    first = here.add_turn(chat.id, "user", "Hello")
    here.add_turn(chat.id, "assistant", "One answer")
    export(here, tmp_path / "early.jsonl")
    bring_in(there, tmp_path / "early.jsonl")
    here.delete_turns_after(first.id)
    here.add_turn(chat.id, "assistant", "Another answer")
    export(here, tmp_path / "late.jsonl")
    assert bring_in(there, tmp_path / "late.jsonl").known == 1
    assert said(there) == ["Hello", "One answer"]


def test_what_came_in_elsewhere_is_known_here_too(open_store, tmp_path):
    here, there = open_store(), open_store()
    path = written(tmp_path / "conversations.json", [gpt()])
    bring_in(here, path)
    export(here, tmp_path / "all.jsonl")
    bring_in(there, tmp_path / "all.jsonl")
    assert bring_in(there, path).known == 1 and len(there.conversations()) == 1


# Damage


def exports(folder, open_store):
    """A small valid export of every kind."""
    chats = [gpt(str(number), ("I live in Clün.", "Noted.", "Pim 🐕")) for number in range(3)]
    own = open_store()
    live(own, [("Clün", True, [("user", "Hello", 0), ("assistant", "Hi", 1)])], [("home", "Clun", "replace")])
    export(own, folder / "own.jsonl")
    return {
        "gpt.json": written(folder / "gpt.json", chats),
        "claude.json": written(folder / "claude.json", [claude(str(number)) for number in range(3)]),
        "gpt.zip": zipped(folder / "gpt.zip", chats),
        "own.jsonl": folder / "own.jsonl",
    }


def harmed(content, chance):
    if chance.random() < 0.4:
        return content[: chance.randrange(len(content))]
    changed = bytearray(content)
    for _ in range(chance.choice([1, 1, 2, 20])):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


@pytest.mark.parametrize("name", ["gpt.json", "claude.json", "gpt.zip", "own.jsonl"])
def test_damage_is_refused_or_read_and_never_half_written(open_store, tmp_path, name):
    content = exports(tmp_path, open_store)[name].read_bytes()
    chance, refused = random.Random(name), 0
    for _ in range(150):
        store, path = open_store(), tmp_path / f"harmed-{name}"
        path.write_bytes(harmed(content, chance))
        before = rows(store)
        try:
            came = bring_in(store, path)
        except MemoryRefused as refusal:
            refused += 1
            assert rows(store) == before and str(refusal).endswith(".")
        else:
            assert came.sentence and store.is_sound()
        [store.turns(chat.id) for chat in store.conversations()]
        Facts(store).facts()
        store.close()
    assert refused > 50


def test_no_cut_export_comes_in(open_store, tmp_path):
    for name, path in exports(tmp_path, open_store).items():
        content, store = path.read_bytes(), open_store()
        before = rows(store)
        for end in range(0, len(content) - 2, 1 + len(content) // 200):
            path.write_bytes(content[:end])
            with pytest.raises(MemoryRefused):
                bring_in(store, path)
        assert rows(store) == before, name


# From the command line


@pytest.fixture
def run(tmp_path, capsys):
    def command(*words):
        code = main(["--home", str(tmp_path / "home"), *map(str, words)])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


def test_in_and_out_by_commands(run, tmp_path):
    path = zipped(tmp_path / "export.zip", [gpt()])
    code, out, _ = run("import", path)
    assert code == 0 and out.startswith("ChatGPT: 1 new conversation with 2 messages came in.")
    assert json.loads(run("import", path, "--json")[1])["known"] == 1
    target = tmp_path / "out" / "all.jsonl"
    assert run("export", target)[0] == 0
    code, _, err = run("export", target)
    assert code == 1 and "--force" in err and run("export", target, "--force")[0] == 0
    assert run("import", target)[1].startswith("Dormouse: 0 new")
    code, out, err = run("import", tmp_path / "nothing.zip")
    assert code == 1 and not out and err.count("\n") == 1


def test_markdown_is_for_the_owner_to_read(run, tmp_path):
    run("import", zipped(tmp_path / "export.zip", [gpt(title="../Clun: / where?")]))
    run("facts", "add", "dog's name", "Pim")
    folder = tmp_path / "read"
    assert run("export", folder, "--markdown")[0] == 0
    [chat] = [path for path in folder.iterdir() if path.name != "memories.md"]
    assert chat.name.endswith("Clun where (1).md")
    assert "**You**" in chat.read_text("utf-8") and "I live in Clun." in chat.read_text("utf-8")
    assert "The user's dog's name is Pim." in (folder / "memories.md").read_text("utf-8")
    if sys.platform != "win32":
        assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    (folder / "mine.md").write_text("Mine.", "utf-8")
    assert run("export", folder, "--markdown")[0] == 1
    assert run("export", folder, "--markdown", "--force")[0] == 0
    assert (folder / "mine.md").exists() and len(list(folder.iterdir())) == 3
    assert run("export", folder)[0] == 1 and run("export", chat, "--markdown", "--force")[0] == 1


def test_an_empty_memory_reads_so(store, tmp_path):
    assert export_markdown(store, tmp_path / "read") == 1
    assert "Nothing is known yet" in (tmp_path / "read" / "memories.md").read_text("utf-8")
