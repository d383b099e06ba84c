"""Replies edited while they are written: the same whatever the pieces they come in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.editing import Editor, wish
from memory.manner import Manner, read

HANDS = "Otters hold hands 🦦."
OTTERS = "Sure! Otters hold hands 🦦. They don't drift apart. Lovely, isn't it, mate? More?"
ITEMS = "Here are uses:\n\n1. A planter. It is nice.\n2. A pen holder.\n3. A bird house!"
PROSE = "Here are uses: A planter. It is nice. A pen holder. A bird house!"
END = "Enjoy — it's fun (really)."
TEAPOT = f"{ITEMS}\n\n{END}"
PLAIN = Manner(without=frozenset({"dash", "bracket", "exclamation"}), listing="none")


def edited(manner, text, size=7):
    editor, out = Editor(manner), ""
    for at in range(0, len(text), size):
        if editor.done:
            break
        out += editor.feed(text[at : at + size])
    return out + editor.finish()


@pytest.mark.parametrize(
    ("manner", "text", "shown"),
    [
        (Manner(sentences=1), OTTERS, HANDS),
        (Manner(words=6), OTTERS, HANDS),
        (Manner(words=3), OTTERS, "Otters hold hands."),
        (Manner(without=frozenset({"emoji", "question"})), OTTERS, "Sure! Otters hold hands. They don't drift apart."),
        (Manner(banned=frozenset({"mate"}), sentences=3), OTTERS[6:], "Otters hold hands 🦦. They don't drift apart. Lovely, isn't it?"),
        (Manner(case="upper", sentences=1), OTTERS, "OTTERS HOLD HANDS 🦦."),
        (Manner(no_opening=frozenset({"sure"}), sentences=1), OTTERS, HANDS),
        (Manner(without=frozenset({"contraction"}), sentences=2), OTTERS, "Otters hold hands 🦦. They do not drift apart."),
        (Manner(address="Dr Oko", sentences=1), OTTERS, "Otters hold hands 🦦, Dr Oko."),
        (Manner(opening="Ahoy.", sentences=1), OTTERS, "Ahoy. Otters hold hands 🦦."),
        (Manner(closing="Over.", sentences=1), OTTERS, "Otters hold hands 🦦. Over."),
        (Manner(lines=1), TEAPOT, f"{PROSE} {END}"),
        (Manner(listing="none"), TEAPOT, f"{PROSE}\n\n{END}"),
        (Manner(items=2), TEAPOT, "Here are uses:\n\n1. A planter. It is nice.\n2. A pen holder."),
        (Manner(listing="bullets"), "One. Two.", "- One.\n- Two."),
        (Manner(listing="numbers"), "Do so:\nOne. Two.", "Do so:\n1. One.\n2. Two."),
        (PLAIN, f"3. A bird house!\n\n{END}", "A bird house.\n\nEnjoy, it's fun."),
        (Manner(paragraphs=1), "One.\n\nTwo.\n\nThree.", "One."),
        (Manner(clock=24), "From 7-9 pm, at 10.30 a.m. and 7 in the evening.", "From 19:00-21:00, at 10:30 and 19:00."),
        (Manner(clock=12), "At 19:30 and 08:00.", "At 7:30 pm and 8:00 am."),
        (Manner(units="grams"), "1 1/2 cups of flour, 2 oz butter.", "188 g flour, 57 g butter."),
        (Manner(units="metric"), "5 miles at 350°F.", "8.05 km at 177 °C."),
        (Manner(units="imperial"), "10 km at 20 °C.", "6.21 miles at 68 °F."),
        (Manner(spelling="british"), "My favorite COLOR.", "My favourite COLOUR."),
        (Manner(spelling="american"), "My favourite colour.", "My favorite color."),
    ],
)  # fmt: skip
def test_each_wish_is_kept(manner, text, shown):
    assert edited(manner, text) == shown


@pytest.mark.parametrize(
    ("manner", "text", "shown"),
    [
        (Manner(sentences=1), "My vet is Dr. Smith. He is kind.", "My vet is Dr. Smith."),
        (Manner(sentences=1), "Run 3.5 km, e.g. at noon. Rest.", "Run 3.5 km, e.g. at noon."),
        (Manner(brief=True), "Great Expectations was written by Dickens.", "Great Expectations was written by Dickens."),
        (Manner(without=frozenset({"question"})), "Two checks. Is it hot? Turn it off.", "Two checks. Is it hot? Turn it off."),
        (Manner(without=frozenset({"question"})), "It is hot. Shall I go on?", "It is hot."),
        (Manner(without=frozenset({"bracket"})), "See [the docs](https://a.org) and `f(x)` (now).", "See [the docs](https://a.org) and `f(x)`."),
        (Manner(without=frozenset({"dash"})), "It ran 1914–1918 — long.", "It ran 1914–1918, long."),
        (Manner(without=frozenset({"exclamation"})), "If x != 3, stop!", "If x != 3, stop."),
        (Manner(without=frozenset({"markdown"})), "It is **so** and 2 * 3 * 4.", "It is so and 2 * 3 * 4."),
        (Manner(without=frozenset({"apology"})), "Sorry, no. You could say sorry.", "No. You could say sorry."),
        (Manner(without=frozenset({"emoji"})), "- A\n  - sub 🦦\n- B", "- A\n  - sub\n- B"),
        (Manner(case="lower"), "See https://A.org/B NOW.", "see https://A.org/B now."),
        (Manner(banned=frozenset({"c++"})), "Use C++, please.", "Use, please."),
        (Manner(units="imperial"), "-10 °C to 5 g on 5G.", "14 °F to 0.176 ounces on 5G."),
        (Manner(units="metric"), "10–15 miles for 20 pounds.", "16–24 km for 20 pounds."),
        (Manner(clock=24), "Open 9 to 5 pm.", "Open 09:00 to 17:00."),
        (Manner(clock=12), "€3.50, version 3.11, at 15:05.", "€3.50, version 3.11, at 3:05 pm."),
        (Manner(spelling="british"), "Literature in Colorado; your dog Gray is gray.", "Literature in Colorado; your dog Gray is grey."),
        (Manner(spelling="american"), "Analysis of realism, organised.", "Analysis of realism, organized."),
        (Manner(sentences=1), "今日は晴れ。明日は雨。", "今日は晴れ。"),
    ],
)  # fmt: skip
def test_what_only_looks_alike_is_left_as_it_is(manner, text, shown):
    assert edited(manner, text) == shown


def test_short_answers_do_not_cut_what_was_asked_to_be_made():
    poem = "Rain on the roof.\nRain on the road.\nRain on the sea.\nRain on me."
    editor = Editor(Manner(brief=True), making=True)
    assert editor.feed(poem) + editor.finish() == poem
    assert edited(Manner(brief=True), poem).count("\n") == 2


def test_a_reply_that_was_stopped_has_no_ending_put_to_it():
    editor = Editor(Manner(closing="Over."))
    assert editor.feed("Otters hold ha") + editor.finish(complete=False) == "Otters hold ha"


def test_long_stretches_without_an_end_are_shown_all_the_same():
    editor = Editor(Manner(case="upper"))
    assert len(editor.feed("word " * 200)) > 700


def test_a_program_is_left_alone():
    text = "Like so:\n\n```python\nX = 1  # at 7 pm\n\nprint(X)\n```\nThat's it."
    assert edited(Manner(case="upper", clock=24), text) == (
        "LIKE SO:\n\n```python\nX = 1  # at 7 pm\n\nprint(X)\n```\nTHAT'S IT."
    )


def test_something_is_said_even_if_nothing_is_left():
    assert edited(Manner(without=frozenset({"pleasantry"})), "Sure!") == "Sure!"
    assert edited(Manner(sentences=1), "") == ""


@given(st.text(alphabet="ab .!?\n-1:'", max_size=80), st.integers(1, 20))
def test_the_pieces_a_reply_comes_in_do_not_matter(text, size):
    for manner in (Manner(sentences=2), Manner(lines=1), Manner(listing="bullets"), Manner(case="upper")):
        assert edited(manner, text, size) == edited(manner, text, 1000)


@given(st.text(alphabet="ab .!?\n-1:'", max_size=120))
def test_limits_hold_for_any_text(text):
    assert "\n" not in edited(Manner(lines=1), text)
    assert len(edited(Manner(words=5), text).split()) <= 5
    assert edited(Manner(case="upper"), text) == edited(Manner(case="upper"), text).upper()


def test_the_model_is_asked_too():
    assert wish(read("two sentences, no emojis")) == "(Answer in at most 2 sentences.)"
    assert wish(Manner()) == ""
