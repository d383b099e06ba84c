"""Gists: chosen among the user's own sentences, linked to them, gone with them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.history import LITTLE, Room, window
from memory.condense import LONGEST_LINE, PAUSE, SHARE, SHORTEST_MONTH, choose, lines_of, stretches
from memory.extract import Candidate
from memory.facts import Facts
from memory.forget import forget_conversation
from memory.gists import Gists
from memory.records import Gist, GistLine, Turn
from memory.store import Store
from tests.scripted import ScriptedEmbedder

MAY = datetime(2026, 5, 3, 12, tzinfo=UTC)
LATER = MAY + timedelta(days=60)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "memory.sqlite3")
    yield store
    store.close()


@pytest.fixture
def gists(store):
    return Gists(store)


def talk(store, *texts, when=MAY, chat=None):
    """Messages of the user's with replies, a minute apart."""
    chat = chat or store.new_conversation().id
    turns = []
    for text in texts:
        turns.append(Turn(0, 0, "user", text, when + len(turns) * MINUTE))
        turns.append(Turn(0, 0, "assistant", f"I see: {text}", when + len(turns) * MINUTE))
    return store.add_turns(chat, turns)


def make(gists, moment=LATER, length=10_000, **how):
    return gists.make(ScriptedEmbedder(), length, moment, **how)


def texts(gist):
    return [line.text for line in gist.lines]


def line(text, weight, turn=1):
    return GistLine(turn, 0, len(text), weight, text, MAY)


def said(number, text, when=MAY):
    return Turn(number, 1, "user" if number % 2 else "assistant", text, when)


def test_a_session_ends_with_a_pause_or_when_it_is_long():
    turns = [said(n, "x" * 10, MAY + n * MINUTE) for n in range(1, 9)]
    turns += [said(n, "x" * 10, MAY + PAUSE + n * MINUTE) for n in range(9, 11)]
    cut = [[turn.id for turn in each] for each in stretches(turns, 35, turns[-1].created)]
    assert cut == [[1, 2, 3, 4], [5, 6, 7, 8]], "what may still go on is left out"
    assert [len(each) for each in stretches(turns, 1000, turns[-1].created + PAUSE)] == [8, 2]


def test_the_lines_are_the_users_own_sentences_and_lead_to_their_places(store):
    text = "Lovely day!\nMy dog is called Pim. What shall we do? `my code`\n```\nmy = code\n```"
    found = list(lines_of(Turn(4, 1, "user", text, MAY), ScriptedEmbedder()))
    assert [each.text for each in found] == ["`my code`"], "the scripted reader marks the last word"
    facts = [(text.index("Pim"), text.index("Pim") + 3)]
    found = list(lines_of(Turn(4, 1, "user", text, MAY), ScriptedEmbedder(), facts))
    assert found[0].text == "My dog is called Pim." and found[0].weight >= found[1].weight
    assert all(text[each.start : each.end] == each.text and each.turn_id == 4 for each in found)


def test_of_a_long_sentence_what_is_around_the_words_is_kept():
    text = "so " * 200 + "my dog is called Pim"
    [found] = lines_of(Turn(1, 1, "user", text, MAY), ScriptedEmbedder())
    assert found.text.endswith("my dog is called Pim") and len(found.text) <= LONGEST_LINE


def test_what_tells_most_comes_first_and_nothing_twice():
    dog, again, home, weak = (
        line("My dog is called Pim", 0.9, 1),
        line("My dog is called Pim!", 0.8, 2),
        line("I live in Clun", 0.7, 3),
        line("my cold tea", 0.1, 4),
    )
    assert choose([home, again, dog, weak], 1000) == [dog, home]
    assert choose([home, again, dog, weak], len(home.text)) == [home], "what does not fit makes room"
    assert choose([dog, home], 5) == []


def test_a_chat_becomes_sessions_and_they_a_month(store, gists):
    first = talk(store, "My dog is called Pim", "What is a heron?")
    talk(store, "My sister is called Odile", when=MAY + PAUSE * 2, chat=first[0].conversation_id)
    assert make(gists, moment=MAY + timedelta(days=1)) == 2, "May is not over"
    assert make(gists) == 1 and make(gists) == 0
    month, dog, sister = gists.all()
    assert (month.kind, month.month, dog.turns) == ("month", "2026-05", (first[0].id, first[-1].id))
    assert texts(dog) == ["My dog is called Pim"] and texts(sister) == ["My sister is called Odile"]
    assert texts(month) == texts(dog) + texts(sister)
    assert dog.lines[0].turn_id == first[0].id and dog.characters == sum(len(t.text) for t in first)
    assert gists.of(first[0].conversation_id) == [dog, sister]


def test_a_gist_is_a_fixed_share_of_what_it_stands_for(store, gists):
    animals = ["heron", "otter", "badger", "weasel", "vole", "magpie", "adder", "newt", "pike", "bat"]
    talk(store, *(f"In {n} years my {animals[n % 10]} number {n} ate {n * n} figs" for n in range(100)))
    make(gists, length=4000, most=99)
    month, *sessions = gists.all()
    assert len(sessions) > 2 and all(session.lines for session in sessions)
    assert month.characters == sum(session.characters for session in sessions)
    for session in sessions:
        assert sum(map(len, texts(session))) <= SHARE * session.characters
    assert sum(map(len, texts(month))) <= max(SHARE**2 * month.characters, SHORTEST_MONTH)


def test_what_was_noticed_comes_first(store, gists):
    turns = talk(store, "I am in Clun and " * 10 + "so on. " + "my word is kept " * 6, "Tea for Bo today")
    Facts(store).learn(Candidate("friend", "Bo", 8, 10, 0.9), turns[2].id, turns[2].text)
    make(gists)
    assert "Tea for Bo today" in texts(gists.all()[1])


def test_only_a_few_are_made_at_once_and_the_user_comes_first(store, gists):
    for day in range(3):
        talk(store, "My dog is called Pim", when=MAY + timedelta(days=day))
    assert make(gists, give_way=lambda: True) == 0
    assert make(gists, most=2) == 2 and len(gists.all()) == 2, "the month waits for its sessions"
    assert make(gists, most=2) == 2 and len(gists.all()) == 4
    talk(store, "My sister is called Odile", when=MAY + timedelta(days=9))
    assert make(gists) == 2, "a month is made anew when a session comes in late"
    assert texts(gists.all()[0]) == ["My dog is called Pim", "My sister is called Odile"]


def test_chats_that_are_not_remembered_or_put_away_have_none(store, gists):
    shown, hidden = (talk(store, f"My dog is called {name}")[0].conversation_id for name in ("Pim", "Bo"))
    private = store.new_conversation(remembered=False)
    talk(store, "My cat is called Ada", chat=private.id)
    make(gists)
    store.delete_conversation(hidden)
    month, session = gists.all()
    assert session.conversation_id == shown and texts(month) == ["My dog is called Pim"]
    assert gists.of(private.id) == [] and gists.of(hidden) == []
    store.restore_conversation(hidden)
    assert len(gists.all()) == 3


def test_what_was_said_by_others_is_not_the_users(store, gists):
    chat = store.new_conversation()
    store.add_turns(chat.id, [Turn(0, 0, "user", "My dog is called Pim", MAY, name="Bo")])
    make(gists)
    assert [gist.lines for gist in gists.all()] == [(), ()]


def test_forgetting_a_fact_drops_what_rests_on_it_and_it_is_made_anew(store, gists):
    facts = Facts(store)
    turns = talk(store, "My dog is called Pim", "My sister is called Odile")
    later = talk(store, "My boat is called Wren", when=MAY + PAUSE * 2, chat=turns[0].conversation_id)
    other = talk(store, "My friend had Odile for tea, my old friend")
    fact = facts.learn(Candidate("sister's name", "Odile", 20, 25, 0.9), turns[2].id, turns[2].text)
    make(gists)
    assert len(gists.all()) == 4
    facts.forget(fact.id, with_turns=True)
    assert gists.all() == [], "both chats spoke of her"
    make(gists)
    month, *_ = gists.all()
    kept = ["My dog is called Pim", later[0].text, "My friend had (forgotten) for tea, my old friend"]
    assert texts(month) == kept and store.turn(other[0].id).text == kept[-1]


def test_forgetting_a_chat_takes_its_gists_and_their_months_along(store, gists):
    chat = talk(store, "My dog is called Pim")[0].conversation_id
    talk(store, "My sister is called Odile")
    make(gists)
    forget_conversation(store, chat)
    [left] = gists.all()
    assert left.kind == "session" and texts(left) == ["My sister is called Odile"]
    make(gists)
    assert texts(gists.all()[0]) == ["My sister is called Odile"]


def test_what_changed_while_it_was_read_is_not_kept(store, gists):
    chat = talk(store, "My dog is called Pim")[0].conversation_id

    class Slow(ScriptedEmbedder):
        def mark(self, message):
            store.set_remembered(chat, False)
            return super().mark(message)

    assert gists.make(Slow(), 1000, LATER) == 0


def test_what_changed_while_it_was_read_is_condensed_the_next_time_with_what_follows(store, gists):
    [first, *_] = talk(store, "My dog is called Pim", "My dog is old")
    later = talk(store, "My sister is called Odile", when=MAY + PAUSE * 2, chat=first.conversation_id)

    class Slow(ScriptedEmbedder):
        def mark(self, message):
            if message == first.text:
                store.extend_turn(first.id, "My dog is called Bo", "complete")
            return super().mark(message)

    assert gists.make(Slow(), 10_000, LATER) == 0
    make(gists)
    assert [texts(gist)[0] for gist in gists.of(first.conversation_id)] == [
        "My dog is called Bo",
        later[0].text,
    ]


def test_a_month_takes_in_a_chat_that_was_brought_back(store, gists):
    talk(store, "My dog is called Pim")
    hidden = talk(store, "My cat is called Ada", when=MAY + MINUTE)[0].conversation_id
    make(gists, moment=MAY + timedelta(days=1))
    store.delete_conversation(hidden)
    make(gists)
    assert texts(gists.all()[0]) == ["My dog is called Pim"]
    store.restore_conversation(hidden)
    make(gists)
    assert texts(gists.all()[0]) == ["My dog is called Pim", "My cat is called Ada"]
    assert make(gists) == 0


def count(each):
    return len(each.text.split())


def gist_of(first, last, *lines):
    return Gist(first, "session", "2026-05", MAY, MAY, 100, 1, (first, last), lines)


TURNS = [said(n, "one two three four") for n in range(1, 41)]
GISTS = [
    gist_of(1, 10, line("My dog is Pim", 0.9, 3), line("I own a very old green boat", 0.5, 5)),
    gist_of(11, 20, line("I live in Clun", 0.8, 13)),
    gist_of(21, 30, line("My sister is Odile", 0.7, 23)),
]


def test_a_chat_that_fits_is_shown_whole():
    held = window(TURNS, GISTS, count, Room(160, 160, 100))
    assert list(held.turns) == TURNS and held.earlier == ()


def test_what_a_prompt_holds_of_a_chat_begins_with_the_users_words():
    held = window([said(0, "Hello."), *TURNS[:2]], [], count, Room(160, 160, 100))
    assert [turn.text for turn in held.turns] == [turn.text for turn in TURNS[:2]] and held.earlier == ()
    assert window([said(0, "Hello.")], [], count, Room(160, 160, 100)).turns == ()


def test_what_left_the_prompt_is_stood_for_by_its_lines():
    held = window(TURNS, GISTS, count, Room(100, 100, 100))
    assert held.turns[0].id == 21 and held.turns[-1] == TURNS[-1]
    assert [each.text for each in held.earlier] == [each.text for gist in GISTS[:2] for each in gist.lines]
    little = window(TURNS, GISTS, count, Room(100, 100, 9))
    assert [each.turn_id for each in little.earlier] == [3, 13], "those that tell most, in their order"


def test_the_beginning_stays_whatever_a_turn_takes():
    beginnings = set()
    for length in range(25, 31):
        for now in (90, 85, 200):
            held = window(TURNS[:length], GISTS[:2], count, Room(now, 80, 100))
            beginnings.add((held.turns[0].id, held.earlier))
    assert len(beginnings) == 1


def test_without_a_gist_that_helps_the_oldest_turns_go_in_steps():
    assert window(TURNS, [], count, Room(100, 100, 100)).turns[0].id == 17
    late = [gist_of(1, 40 - 100 // LITTLE // 4 + 1, line("My dog is Pim", 0.9, 3))]
    held = window(TURNS, late, count, Room(100, 100, 100))
    assert held.turns[0].id == 17 and [each.turn_id for each in held.earlier] == [3]
    assert window(TURNS, GISTS, count, Room(3, 3, 100)).turns == ()
    assert window([], GISTS, count, Room(3, 3, 100)).turns == ()
