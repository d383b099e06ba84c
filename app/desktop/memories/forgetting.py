"""Forgetting several facts for good: first what goes with them, then the question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.desktop import words
from app.desktop.widgets.question import Question

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QWidget

    from memory.records import Fact, Forgotten

SHOWN = 3
WARNING = (
    "There is no undo for this. Backups and exports made before stay. To keep them as history instead, "
    "say that they are no longer true: that can be undone."
)


def ask(over: QWidget, facts: Sequence[Fact], gone: Forgotten, yes: Callable[[], object]) -> None:
    """Ask whether these are to go, with all that goes with them."""
    title = f"Forget these {len(facts)} facts for good?"
    question = Question(over, title, lines(facts, gone), WARNING, f"Forget {len(facts)} facts", yes)
    question.no.setText("Keep them")
    question.open()


def lines(facts: Sequence[Fact], gone: Forgotten) -> list[tuple[str, str]]:
    """What goes, each as an icon and a sentence."""
    named = [words.you(fact.sentence) for fact in facts[:SHOWN]]
    more = len(facts) - len(named)
    listed = " ".join(named) + (f" And {more} more." if more else "")
    history = len(gone.facts) - len(facts)
    old = f" {words.plural(history, 'older or later version')} of them too." if history > 0 else ""
    messages = words.plural(len(gone.turns), "message")
    return [
        ("ph.bookmark-simple", listed + old),
        ("ph.chats-circle", f"{messages}: yours that told them, and mine that repeat them."),
        ("ph.moon", _nights(gone.nights)),
    ]


def said(gone: Forgotten) -> str:
    """What went, when it is gone."""
    parts = [words.plural(len(gone.facts), "fact")]
    parts += [words.plural(len(gone.turns), "message")] if gone.turns else []
    return f"Forgotten for good: {' and '.join(parts)}."


def _nights(nights: Sequence[int]) -> str:
    if not nights:
        return "No adapter: no night has learned them."
    if len(nights) == 1:
        return (
            f"The adapter of night {nights[0]}, which learned from them. The next night learns the rest anew."
        )
    return (
        f"The adapters of {len(nights)} nights that learned from them. The next night learns the rest anew."
    )
