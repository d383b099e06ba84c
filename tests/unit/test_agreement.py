"""What the weights give by heart, by the night that brought it."""

from datetime import UTC, datetime

from consolidation.agreement import disagreements, kept
from consolidation.phrasing import Told
from consolidation.served import Served
from memory.records import Fact
from tests.scripted import ScriptedEngine

AT = datetime(2026, 11, 20, 3, tzinfo=UTC)


def fact(number, *nights):
    return Fact(
        number, "user", "dog's name", "Pim", "The user's dog's name is Pim.", "current", "said", "pets",
        0.9, False, AT, nights=nights,
    )  # fmt: skip


def test_a_fact_counts_for_the_night_that_brought_it_first():
    facts = [fact(1, 3, 4, 5), fact(2, 4, 5), fact(3, 4), fact(4, 5), fact(5)]
    assert kept(facts, {2, 4}, tonight=5) == [
        {"night": 3, "right": 1, "asked": 1},
        {"night": 4, "right": 1, "asked": 2},
        {"night": 5, "right": 1, "asked": 2},
    ]


def test_what_is_said_instead_is_told():
    told = [
        Told(1, "The user's dog is called Pim.", "Pim", "dog's name"),
        Told(2, "The user lives in Clun.", "Clun", "home"),
    ]
    served = Served(ScriptedEngine("Your dog is called Pim."))
    assert disagreements(served, told) == [(told[1], "Your dog is called Pim.")]
