"""Token counts: made once, for one model, and not kept for ever."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.counting import Counts
from tests.scripted import ScriptedEngine


class Counting(ScriptedEngine):
    """Counts so many tokens a word, and remembers what it was asked."""

    def __init__(self, name="one.gguf", each=1):
        super().__init__()
        self.info, self.each, self.asked = replace(self.info, path=Path(name)), each, []

    def count(self, text):
        self.asked.append(text)
        return self.each * super().count(text)


@pytest.fixture
def engine():
    return Counting()


def test_a_text_is_counted_once_while_it_is_among_the_last(engine):
    counts = Counts(kept=2)
    assert [counts.count(engine, text) for text in ("a", "b c", "a", "d e f", "a", "b c")] == [
        1,
        2,
        1,
        3,
        1,
        2,
    ]
    assert engine.asked == ["a", "b c", "d e f", "b c"]


def test_another_model_counts_anew(engine):
    counts, other = Counts(), Counting("two.gguf", each=2)
    assert [counts.count(each, "a b") for each in (engine, other, engine)] == [2, 4, 2]


def test_what_is_forgotten_is_not_kept_even_where_it_is_being_counted(engine):
    counts = Counts()
    counts.count(engine, "My dog is called Pim")

    class Forgetting(Counting):
        def count(self, text):
            counts.forget()
            return super().count(text)

    assert counts.count(Forgetting(), "His name is Pim") == 4
    assert counts.count(engine, "His name is Pim") == counts.count(engine, "My dog is called Pim") - 1
    assert engine.asked == ["My dog is called Pim", "His name is Pim", "My dog is called Pim"]
