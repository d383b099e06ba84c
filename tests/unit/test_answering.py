from app import answering
from app.answering import Settled, settle
from app.prompt import with_notes
from models.engine import Done, Message, Reading, Request, Sampling, Text, Weighed
from tests.scripted import ScriptedEngine

NOTES = ["The user's cat is Bo.", "The user lives in Clun (Shropshire)."]
ASKED = Request((Message("user", with_notes("my dog?", NOTES)),), Sampling(20))


def events(engine, stands, said="", stop=lambda: False):
    return list(answering.answer(engine, ASKED, Settled(stands, said=said), NOTES, stop))


def test_what_was_not_told_is_said_so_and_gone_on_with():
    engine = ScriptedEngine("that.")
    told = events(engine, "untold")
    assert [event.text for event in told if isinstance(event, Text)] == ["You haven't told me", "that."]
    assert engine.requests[-1].prefix == "You haven't told me" and isinstance(told[-1], Done)


def test_what_was_told_is_not_declined_and_its_words_are_near():
    engine = ScriptedEngine("Bo.")
    told = events(engine, "told")
    assert [type(event) for event in told] == [Reading, Text, Done]
    assert engine.requests[-1].sampling.grammar == answering.anything_but(answering.OPENING)
    assert engine.requests[-1].sampling.max_tokens == 20 and not engine.requests[-1].prefix
    assert engine.requests[-1].sampling.favoured.split() == ["cat", "Bo", "lives", "Clun", "Shropshire"]


def test_only_what_is_written_from_notes_is_held_against_a_reply_without_them():
    engine = ScriptedEngine("Bo.")
    for settled in (
        Settled("told"),
        Settled("told", said="Your cat is Bo."),
        Settled("untold"),
        Settled("elsewhere"),
    ):
        list(answering.answer(engine, ASKED, settled, NOTES, contrast=0.5))
    assert [each.contrast for each in engine.requests] == [0.5, 0.0, 0.0, 0.0]
    assert engine.requests[0].without == (Message("user", "my dog?"),)
    assert engine.requests[0].messages == ASKED.messages
    list(answering.answer(engine, ASKED, Settled("told"), [], contrast=0.5))
    assert engine.requests[-1].contrast == 0.0


def test_what_has_nothing_to_do_with_the_user_is_answered_freely():
    engine = ScriptedEngine("Paris.")
    events(engine, "elsewhere")
    assert engine.requests == [ASKED]


def test_what_is_known_is_said_and_only_read():
    engine = ScriptedEngine()
    told = events(engine, "told", said="Your cat is Bo.")
    assert [type(event) for event in told] == [Reading, Text, Done] and told[1].text == "Your cat is Bo."
    assert engine.requests[-1].sampling.max_tokens == 0 and engine.requests[-1].prefix == "Your cat is Bo."
    assert not any(isinstance(e, Text) and e.text == "Yes." for e in told)


TEXTS = [f"The user has {number} hens." for number in range(9)]


def settled(notes, question="how many hens have I", told=-0.1, untold=-3.0, elsewhere=-4.0):
    return settle(question, TEXTS, Weighed(told, untold, elsewhere, notes))


def test_the_notes_that_an_answer_rests_on_are_kept_in_their_order():
    assert settled((2.0, -6.0, 5.0, -0.5)) == Settled("told", (0, 2, 3), "You have 0 hens. You have 2 hens.")


def test_an_answer_rests_on_something():
    assert settled((-7.0, -6.0)) == Settled("told", (1,), "You have 1 hens.")
    assert settled(()) == Settled("told")


def test_what_is_to_be_made_is_not_said_but_written():
    assert settled((2.0, -6.0), "Write a card about my hens") == Settled("told", (0,))


def test_beside_another_matter_no_note_is_in_the_way():
    assert settled((2.0, 3.0), told=-4.0, elsewhere=-0.1) == Settled("elsewhere")


def test_where_the_answer_lacks_nothing_is_said():
    assert settled((2.0, -3.0), told=-4.0, untold=-0.1) == Settled("untold", (0,))


def test_at_most_the_best_few_are_kept():
    assert settled(tuple(float(at) for at in range(9))).kept == (5, 6, 7, 8)
