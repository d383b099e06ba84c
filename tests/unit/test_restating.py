"""Notes said back: the second person, dates and quotes; and what asks for more than that."""

import pytest

from app.restating import asks_to_know, is_personal, restated


@pytest.mark.parametrize(
    ("note", "said"),
    [
        (
            "The user sings contralto in the Sluice Choristers.",
            "You sing contralto in the Sluice Choristers.",
        ),
        (
            "The user was baptised Ada but has been called Pip.",
            "You were baptised Ada but have been called Pip.",
        ),
        ("The user is losing their sight.", "You are losing your sight."),
        ("The user only holds a licence.", "You only hold a licence."),
        ("The user carries a whistle.", "You carry a whistle."),
        ("The user cannot swim.", "You cannot swim."),
        ("The user and Levan divorced in 2019.", "You and Levan divorced in 2019."),
        ("The user's sister lives with the user.", "Your sister lives with you."),
        ("(12 May) The meeting has moved to the Ark.", "The meeting has moved to the Ark (12 May)."),
        ("(until 3 May) The user lives in Clun.", "You live in Clun (until 3 May)."),
        ('(3 May) The user said: "We moved."', 'On 3 May you said: "We moved."'),
        ('The user said: "My dog is Pim."', 'You said: "My dog is Pim."'),
        ('(3 May) Mira said: "I moved."', 'On 3 May Mira said: "I moved."'),
        ('(3 May) Dormouse said: "Try rye."', 'On 3 May I said: "Try rye."'),
        ("Le chat s'appelle Bo.", "Le chat s'appelle Bo."),
    ],
)
def test_a_note_is_said_to_the_user(note, said):
    assert restated(note) == said


@pytest.mark.parametrize(
    "message",
    [
        "Write a poem for my sister",
        "Can you translate this?",
        "Hm. Please plan my week",
        "Schreibe ihr einen Brief",
    ],
)
def test_what_is_to_be_made(message):
    assert not asks_to_know(message)


@pytest.mark.parametrize(
    "question", ["what's my dog called", "When did I plan the trip?", "Which list was it?", "hers?"]
)
def test_what_is_to_be_known(question):
    assert asks_to_know(question)


def test_a_long_text_is_to_be_worked_on():
    assert not asks_to_know("word " * 61)


@pytest.mark.parametrize(
    "question", ["what's my dog called", "Wo wohne ich?", "does Odile like rye?", "Odile's job?"]
)
def test_what_may_be_about_the_user(question):
    assert is_personal(question, ["The user's sister is Odile."])


@pytest.mark.parametrize("question", ["How tall is Kilimanjaro?", "Is it raining?", "capital of France"])
def test_what_is_not(question):
    assert not is_personal(question, ["The user's sister is Odile.", "The user lives in Clun."])


def test_who_asks_what_one_may_do_means_anybody():
    assert not is_personal("Can I put a cast iron pan in the dishwasher?", [])
    assert not is_personal("Hm, should I soak beans overnight?", [])
    assert is_personal("Can I wear my boots there?", [])
    assert is_personal("Do I have an appointment?", [])
    assert is_personal("When can I expect Pim?", ["The user's dog is Pim."])
