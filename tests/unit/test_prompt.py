from datetime import UTC, datetime

from app.history import STEP, alternating, fitting
from app.prompt import SYSTEM, lay_out
from memory.records import Note, Turn

NOW = datetime(2026, 5, 3, tzinfo=UTC)


def turn(number, speaker, text):
    return Turn(number, 1, speaker, text, NOW)


def words_of(each):
    return len(each.text.split())


def test_a_prompt_grows_only_at_its_end():
    first = lay_out("hello", profile=["The user lives in Clun."])
    second = lay_out("and?", history=[turn(1, "user", "hello"), turn(2, "assistant", "Hi.")],
                     profile=["The user lives in Clun."])  # fmt: skip
    assert second[: len(first)] == first
    assert first[0].content.startswith(SYSTEM) and "Clun" in first[0].content


def test_notes_stand_with_the_words_they_were_recalled_for():
    messages = lay_out("my dog?", [Note("fact:1", "The user's dog's name is Pim.", 1.0, NOW)])
    assert [message.role for message in messages] == ["system", "user"]
    assert messages[-1].content == "Notes about me:\n- The user's dog's name is Pim.\n\nmy dog?"


def test_neighbours_of_one_speaker_are_joined_and_empty_replies_left_out():
    turns = [turn(1, "user", "a"), turn(2, "assistant", ""), turn(3, "user", "b"), turn(4, "assistant", "c")]
    assert [(each.speaker, each.text) for each in alternating(turns)] == [
        ("user", "a\n\nb"),
        ("assistant", "c"),
    ]


def test_history_fits_and_lets_go_in_steps():
    turns = [turn(n, "user" if n % 2 == 0 else "assistant", "one two three four") for n in range(40)]
    kept = fitting(turns, words_of, 100)
    assert sum(map(words_of, kept)) <= 100 and kept[0].speaker == "user"
    assert kept[-1] == turns[-1] and kept[0].id % STEP == 0
    assert fitting(turns, words_of, 1000) == turns
    assert fitting(turns, words_of, 3) == []
