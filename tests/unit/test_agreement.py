"""What the weights give by heart, by the night that brought it."""

from datetime import UTC, datetime

from consolidation.agreement import agrees, by_heart, kept
from consolidation.phrasing import Told
from consolidation.served import Served
from memory.records import Fact
from tests.scripted import ScriptedEngine

AT = datetime(2026, 11, 20, 3, tzinfo=UTC)
TOLD = Told(1, "The user's dog is called Pim.", "Pim", "dog's name")


def fact(number, *nights):
    return Fact(
        number, "user", "dog's name", "Pim", "The user's dog's name is Pim.", "current", "said", "pets",
        0.9, False, AT, nights=nights,
    )  # fmt: skip


def told(number):
    return Told(number, TOLD.sentence, TOLD.value)


def test_a_fact_counts_for_the_night_that_brought_it_first():
    facts = [fact(1, 3, 4, 5), fact(2, 4, 5), fact(3, 4), fact(4, 5), fact(5), fact(6, 3)]
    said = [(told(number), "No." if number in (2, 4) else "Pim.") for number in (1, 2, 3, 4, 5)]
    assert kept(facts, said, tonight=5) == [
        {"night": 3, "right": 1, "asked": 1},
        {"night": 4, "right": 1, "asked": 2},
        {"night": 5, "right": 1, "asked": 2},
    ], "what was never asked for counts nowhere"


def test_what_the_weights_say_is_told_beside_what_the_store_holds():
    home = Told(2, "The user lives in Clun.", "Clun", "home")
    served = Served(ScriptedEngine("Your dog is called Pim."))
    said = by_heart(served, [TOLD, home, Told(3, "Odd.", "Odd")])
    assert said == [(TOLD, "Your dog is called Pim."), (home, "Your dog is called Pim.")]
    assert [agrees(*each) for each in said] == [True, False]
