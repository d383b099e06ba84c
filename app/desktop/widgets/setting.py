"""A card of settings, and a row in it: what it is, a sentence about it, and what changes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from app.desktop.widgets.basic import Words, column, frame, label, row

if TYPE_CHECKING:
    from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget


def card(title: str) -> tuple[QFrame, QVBoxLayout]:
    """A card with its title, and the column to fill."""
    made = frame("card")
    inside = column(made, margins=(16, 14, 16, 14), gap=12)
    inside.addWidget(label(title, "heading"))
    return made, inside


def setting(title: str, sentence: str, *controls: QWidget) -> QHBoxLayout:
    """One row; the controls stand to the right of the words."""
    line = row(gap=16)
    texts = column(gap=0)
    texts.addWidget(label(title, weight=500))
    texts.addWidget(Words(sentence, "small", "text-muted"))
    line.addLayout(texts, 1)
    ends = row(gap=8)
    for control in controls:
        ends.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)
    line.addLayout(ends)
    return line
