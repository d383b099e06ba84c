import threading
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.assistant import Assistant
from app.events import Bus, EngineState, PromptRead, Recalled, ReplyDone, ReplyText, TurnLogged
from app.settings import Settings
from memory.manner import NOTHING, read
from memory.records import MemoryRefused, Note
from memory.store import Store
from models.engine import EngineError, Weighed
from tests.scripted import ScriptedEngine

NOTE = Note("fact:7", "The user's dog's name is Pim.", 1.0, datetime(2026, 5, 3, tzinfo=UTC))


class OneNote:
    """A mind with one note and one line of profile."""

    def recall(self, question, conversation_id):
        return [NOTE]

    stands = None  # nobody reads yet
    wanted = NOTHING

    def weigh(self, question, texts):
        self.texts = list(texts)
        shares = {"told": -5.0, "untold": -5.0, "elsewhere": -5.0, self.stands: -0.1}
        return Weighed(**shares, notes=(1.0,) * len(self.texts)) if self.stands else None

    def manner(self):
        return self.wanted

    def profile(self):
        return [Note("fact:1", "The user lives in Clun.", 0.0, NOTE.when)]


class OneEngine:
    """A voice with one scripted engine."""

    def __init__(self, engine, sentence="", skilled=True):
        self._engine, self.sentence, self.falls, self.skilled = engine, sentence, [], skilled

    def engine(self):
        if self.sentence:
            raise EngineError(self.sentence)
        return self._engine

    def worn(self):
        return ("skill", "night:3") if self.skilled else ()

    def fell(self, problem):
        self.falls.append(str(problem))


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "memory.sqlite3")
    yield store
    store.close()


@pytest.fixture
def told():
    return []


@pytest.fixture
def make(store, told):
    bus = Bus()
    bus.listen(told.append)

    def assistant(engine, **voice):
        mind = OneNote()
        made = Assistant(store, mind, OneEngine(engine, **voice), bus, Settings)
        made.bus, made.mind = bus, mind
        return made

    return assistant


def kinds(told, *wanted):
    return [event for event in told if isinstance(event, wanted)]


def test_a_turn_from_words_to_reply(make, store, told):
    engine = ScriptedEngine("Your dog is called Pim.")
    chat = store.new_conversation()
    reply = make(engine).ask(chat.id, "what's my dog called?")

    asked, kept = store.turns(chat.id)
    assert (asked.speaker, asked.text) == ("user", "what's my dog called?")
    assert kept == reply and kept.text == "Your dog is called Pim." and kept.state == "complete"
    assert kept.notes == ("fact:7",) and kept.worn == ("skill", "night:3")
    order = [type(event) for event in kinds(told, TurnLogged, Recalled, PromptRead, ReplyDone)]
    assert order == [TurnLogged, Recalled, PromptRead, ReplyDone]
    assert "".join(event.text for event in kinds(told, ReplyText)) == kept.text
    prompt = engine.requests[0].messages
    assert "Clun" in prompt[0].content and prompt[-1].content.startswith("Notes about me:\n- The user's dog")


def test_what_the_reply_rests_on_is_settled_first(make, store):
    chat = store.new_conversation()
    engine = ScriptedEngine("Pim.")
    assistant = make(engine)
    mind = assistant.mind
    mind.stands = "told"
    assistant.ask(chat.id, "Write a card to my dog")
    assert engine.requests[-1].sampling.grammar and engine.requests[-1].sampling.favoured
    assert engine.requests[-1].contrast == Settings().contrast
    mind.stands = None
    assistant.ask(chat.id, "He hates fireworks.")
    assistant.ask(chat.id, "Do you know why?")
    mind.stands = "told"
    assert assistant.ask(chat.id, "my dog?").text == "Your dog's name is Pim. You live in Clun."
    told = 'The user said: "He hates fireworks."'
    assert mind.texts == [NOTE.text, "The user lives in Clun.", told], "what asks tells nothing"
    mind.stands = "untold"
    assert assistant.ask(chat.id, "my cat?").text.startswith("You haven't told me")
    mind.stands = "elsewhere"
    assert assistant.ask(chat.id, "capital of France?").notes == ()
    assert "Notes about me" not in engine.requests[-1].messages[-1].content


def test_what_is_made_from_notes_is_held_against_the_same_turn_without_them(store):
    engine, mind = ScriptedEngine("A card."), OneNote()
    settings = replace(Settings(), contrast=0.5)
    assistant = Assistant(store, mind, OneEngine(engine), Bus(), lambda: settings)
    chat = store.new_conversation()
    assistant.ask(chat.id, "Write a card to my dog")
    assert not engine.requests[-1].without, "nobody has read yet"
    mind.stands = "told"
    assistant.ask(chat.id, "Write a card to my dog")
    asked = engine.requests[-1]
    assert asked.contrast == 0.5 and asked.without[:-1] == asked.messages[:-1]
    assert asked.without[-1].content == "Write a card to my dog"
    assert NOTE.text in asked.messages[-1].content
    mind.stands = "elsewhere"
    assistant.ask(chat.id, "Write a card to the Moon")
    assert not engine.requests[-1].without


def test_without_skill_or_reader_nothing_is_settled(make, store):
    chat = store.new_conversation()
    bare = ScriptedEngine("Pim.")
    make(bare, skilled=False).ask(chat.id, "my dog?")
    unread = make(bare)
    assert unread.ask(chat.id, "my dog?").notes == ("fact:7",)
    assert len(bare.requests) == 2 and all(each.sampling.grammar is None for each in bare.requests)


def test_the_words_are_on_disk_before_anything_else_happens(make, store):
    chat = store.new_conversation()
    seen = []
    engine = ScriptedEngine("Hi.", pace=lambda: seen.append([turn.text for turn in store.turns(chat.id)]))
    make(engine).ask(chat.id, "hello")
    assert seen[0] == ["hello", ""]


def test_the_reply_is_kept_while_it_grows(make, store):
    chat = store.new_conversation()
    states = []

    def slowly():
        time.sleep(0.15)
        states.append((store.turns(chat.id)[-1].text, store.turns(chat.id)[-1].state))

    make(ScriptedEngine("one two three four five six seven eight", pace=slowly)).ask(chat.id, "count")
    assert any(text and state == "writing" for text, state in states)


def test_stop_keeps_the_words_so_far(make, store):
    chat = store.new_conversation()
    reached = threading.Event()
    engine = ScriptedEngine("word " * 200, pace=lambda: (reached.set(), time.sleep(0.01)))
    assistant = make(engine)
    thread = threading.Thread(target=assistant.ask, args=(chat.id, "talk"))
    thread.start()
    assert reached.wait(5) and assistant.busy
    assistant.stop(chat.id)
    thread.join(5)
    kept = store.turns(chat.id)[-1]
    assert kept.state == "stopped" and 0 <= len(kept.text.split()) < 200
    assert not assistant.busy


def test_an_engine_that_dies_leaves_its_words_and_the_next_turn_goes_on(make, store, told):
    chat = store.new_conversation()
    assistant = make(ScriptedEngine("one two three four", dies_after=2))
    reply = assistant.ask(chat.id, "count")
    assert reply.text == "one two" and reply.state == "interrupted"
    done = kinds(told, ReplyDone)[-1]
    assert done.sentence.endswith("started anew.")
    assert assistant._voice.falls == [done.sentence]
    assert assistant.ask(chat.id, "again").text == "one two three four"


def test_an_engine_that_cannot_start_says_so(make, store, told):
    chat = store.new_conversation()
    reply = make(ScriptedEngine(), sentence="The model is gone.").ask(chat.id, "hello")
    assert (reply.state, reply.text) == ("interrupted", "")
    assert kinds(told, ReplyDone)[-1].sentence == "The model is gone."
    assert not kinds(told, EngineState)


def test_a_failure_that_nobody_foresaw_still_closes_the_reply(make, store):
    chat = store.new_conversation()

    def script(request):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        make(ScriptedEngine(script)).ask(chat.id, "hello")
    assert store.turns(chat.id)[-1].state == "interrupted"


def test_another_reply_to_the_same_words_is_another_version(make, store):
    chat = store.new_conversation()
    replies = iter(["First.", "Second.", "Third."])
    engine = ScriptedEngine(lambda request: next(replies))
    assistant = make(engine)
    first = assistant.ask(chat.id, "hello")
    assistant.ask(chat.id, "and now?")
    third = assistant.regenerate(first.id)
    assert [turn.text for turn in store.turns(chat.id)] == ["hello", "Third."]
    assert store.turns(chat.id)[-1].versions == (first.id, third.id)
    one, _, again = engine.requests
    assert one.messages == again.messages and one.sampling.seed != again.sampling.seed
    store.show_version(first.id)
    assert [turn.text for turn in store.turns(chat.id)] == ["hello", "First.", "and now?", "Second."]


def test_changed_words_are_answered_without_what_they_replace(make, store, told):
    chat = store.new_conversation()
    engine = ScriptedEngine("Yes.")
    assistant = make(engine)
    assistant.ask(chat.id, "hello")
    reply = assistant.ask(chat.id, "an otter?")
    asked = store.turns(chat.id)[-2]
    assistant.edit(asked.id, "a badger?")
    assert [turn.text for turn in store.turns(chat.id)] == ["hello", "Yes.", "a badger?", "Yes."]
    assert [message.content for message in engine.requests[-1].messages][1:3] == ["hello", "Yes."]
    assert "otter" not in str(engine.requests[-1].messages)
    assert kinds(told, TurnLogged)[-1].turn.versions == (asked.id, asked.id + 2)
    with pytest.raises(MemoryRefused, match="not shown"):
        assistant.edit(asked.id, "a stork?")
    with pytest.raises(MemoryRefused, match="said yourself"):
        assistant.edit(reply.id, "No.")
    with pytest.raises(MemoryRefused, match="Only a reply"):
        assistant.regenerate(asked.id)


def test_words_that_are_changed_while_they_are_answered_stop_that_reply(make, store):
    chat = store.new_conversation()
    changes = []

    def pace():
        if not changes:
            asked = store.turns(chat.id)[0].id
            changes.append(threading.Thread(target=lambda: assistant.edit(asked, "a badger?")))
            changes[0].start()
            while len(store.put_away(chat.id)) < 2:
                time.sleep(0.01)

    assistant = make(ScriptedEngine("one two three", pace=pace))
    old = assistant.ask(chat.id, "an otter?")
    changes[0].join()
    assert old.state == "stopped"
    assert [turn.text for turn in store.turns(chat.id)] == ["a badger?", "one two three"]
    assert store.put_away(chat.id)[-1].state == "stopped"


def test_without_an_engine_the_old_reply_stays(make, store):
    chat = store.new_conversation()
    reply = make(ScriptedEngine("Yes.")).ask(chat.id, "hello")
    with pytest.raises(EngineError, match="gone"):
        make(ScriptedEngine(), sentence="The model is gone.").regenerate(reply.id)
    assert store.turns(chat.id)[-1] == reply


def test_history_is_given_and_unanswered_words_join_the_next(make, store):
    chat = store.new_conversation()
    engine = ScriptedEngine("Fine.", dies_after=0)
    assistant = make(engine)
    assistant.ask(chat.id, "hello")
    assistant.ask(chat.id, "are you there?")
    roles = [message.role for message in engine.requests[-1].messages]
    assert roles == ["system", "user"]
    assert engine.requests[-1].messages[-1].content.endswith("hello\n\nare you there?")
    assistant.ask(chat.id, "good")
    assert [message.role for message in engine.requests[-1].messages][1:] == ["user", "assistant", "user"]


def test_a_long_chat_never_outgrows_the_context(make, store):
    chat = store.new_conversation()
    engine = ScriptedEngine("word " * 30, context=1200)
    assistant = make(engine)
    for number in range(30):
        assistant.ask(chat.id, f"{number} " + "blah " * 20)
    sizes = [sum(engine.count(message.content) for message in each.messages) for each in engine.requests]
    assert max(sizes) + Settings().reply_tokens < 1200
    assert len(engine.requests[-1].messages) > 4
    assert 0 < assistant.context_used <= 1


def test_what_was_counted_is_not_kept_beyond_a_forgetting(make, store):
    class Counting(ScriptedEngine):
        def count(self, text):
            counted.append(text)
            return super().count(text)

    counted: list[str] = []
    assistant, chat = make(Counting("Noted.")), store.new_conversation()
    assistant.ask(chat.id, "My dog is called Pim.")

    def times():
        counted.clear()
        assistant.ask(chat.id, "My cat is called Ada.")
        return counted.count("My dog is called Pim.")

    assert (times(), times()) == (2, 1), "the engine itself counts all that it reads"
    assistant.hush()
    assert times() == 2


def test_a_reply_that_goes_round_in_circles_ends(make, store):
    chat = store.new_conversation()
    engine = ScriptedEngine("Pim. " + "It is a little dog. " * 400, pace=lambda: time.sleep(0.002))
    reply = make(engine).ask(chat.id, "what is Pim?")
    assert (reply.text, reply.state) == ("Pim. It is a little dog.", "complete")


def test_two_chats_take_turns(make, store):
    chats = [store.new_conversation() for _ in range(2)]
    assistant = make(ScriptedEngine("a b c d e", pace=lambda: time.sleep(0.005)))
    threads = [threading.Thread(target=assistant.ask, args=(chat.id, "hello")) for chat in chats]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert [store.turns(chat.id)[-1].text for chat in chats] == ["a b c d e"] * 2


def test_a_reply_is_held_to_the_manner_that_was_asked_for(make, store):
    engine = ScriptedEngine("Sure! It is 3 pm in Clun. It rains. It will rain on.")
    assistant = make(engine)
    assistant._mind.wanted = read("24 hour clock, two sentences")
    chat = store.new_conversation()
    assert assistant.ask(chat.id, "What is the time?").text == "It is 15:00 in Clun. It rains."
    asked = engine.requests[-1].messages[-1].content
    assert "at most 2 sentences" in asked and "24-hour clock" in asked
    assert store.turns(chat.id)[0].text == "What is the time?", "the user's words stay theirs"


def test_one_request_may_ask_for_its_own_length(make, store):
    assistant = make(ScriptedEngine("It falls. It falls on. It has fallen."))
    chat = store.new_conversation()
    assert assistant.ask(chat.id, "In one sentence, what does an apple do?").text == "It falls."
    assert assistant.ask(chat.id, "And then?").text == "It falls. It falls on. It has fallen."


def test_a_reply_begins_with_the_likelier_of_yes_and_no(make, store):
    engine = ScriptedEngine(", it would rust.")
    engine.score = lambda request, replies: [[-2.0, 0.0], [-1.0, 0.0]]
    assistant = make(engine)
    assistant._mind.wanted = read("yes or no first, always")
    chat = store.new_conversation()
    assert assistant.ask(chat.id, "Can I soak an iron pan?").text == "No, it would rust."
    assert assistant.ask(chat.id, "Where does it rust?").text == ", it would rust."
