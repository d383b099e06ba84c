"""The questions of the needle benchmark, and how replies to them are marked."""

from itertools import combinations

from benchmarks.needle import ASKED, BESIDE, Needle, ask, is_right, needles
from models.engine import Message
from tests.scripted import ScriptedEngine


def test_forty_questions_each_with_its_note_among_others_of_its_kind():
    found = list(needles())
    assert len({needle.question for needle in found}) == len(found) == 8 * ASKED
    for needle in found:
        for beside in BESIDE:
            notes = needle.notes(beside)
            assert len(set(notes)) == beside + 1 and needle.note in notes
        assert set(needle.notes(2)) < set(needle.notes(8))
    places = {needle.notes(16).index(needle.note) for needle in found}
    assert len(places) > 8


def test_no_value_hides_in_another_or_in_a_question():
    for needle in needles():
        values = [needle.value, *(value for _, value in needle.others)]
        for one, other in combinations(map(str.casefold, values), 2):
            assert one not in other and other not in one
        assert needle.value.casefold() not in needle.question.casefold()


def test_a_reply_is_right_with_the_value_and_without_those_beside_it():
    needle = Needle("?", "", "Pesto", (("", "Tarn"), ("", "Quill")))
    assert is_right("It's pesto.", needle, 2)
    assert not is_right("Pesto or Tarn.", needle, 2)
    assert is_right("Pesto or Quill.", needle, 1), "Quill was not there"
    assert not is_right("Otto.", needle, 0)


def test_it_asks_as_the_product_does():
    engine, needle = ScriptedEngine("Pesto it is."), next(needles())
    reply, seconds = ask(engine, needle, 4, 0.5)
    asked = engine.requests[0]
    assert reply == "Pesto it is." and len(seconds) == 3
    assert asked.contrast == 0.5 and asked.sampling.grammar and needle.value in asked.sampling.favoured
    assert all(note in asked.messages[-1].content for note in needle.notes(4))
    assert asked.without[-1] == Message("user", needle.question)
    ask(engine, needle, 4, 0.0)
    assert not engine.requests[1].without
