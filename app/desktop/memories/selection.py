"""What can be done with several chosen facts: a bar under them, instead of the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from app.desktop import style, words
from app.desktop.widgets.basic import button, icon_button, label, row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QPushButton

    from memory.records import Fact

HOLDS = frozenset({"current", "planned", "proposed"})
BUTTONS = (
    ("keep", "Keep", "ph.check", "Keep those that wait (K)"),
    ("dismiss", "Dismiss", "ph.x", "Dismiss those that wait (D)"),
    ("pin", "Pin", "ph.push-pin-simple", "Always have these in mind (P)"),
    ("retract", "No longer true", "ph.x-circle", "They stay in the history"),
    ("restore", "True after all", "ph.arrow-counter-clockwise", "Take back that they are not true"),
    ("merge", "Merge…", "ph.git-merge", "Make them one (M)"),
    ("forget", "Forget…", "ph.eraser", "Forget for good, after a question (Del)"),
)


def possible(facts: Sequence[Fact]) -> set[str]:
    """What can be done with all or some of these."""
    states = {fact.state for fact in facts}
    found = {"pin", "forget"}
    if states & HOLDS:
        found.add("retract")
    if states <= HOLDS and len(facts) > 1:
        found.add("merge")
    if "retracted" in states:
        found.add("restore")
    if "proposed" in states:
        found |= {"keep", "dismiss"}
    return found - {"retract"} if states == {"proposed"} else found


class SelectionBar(QFrame):
    """Shows itself while more than one fact is chosen."""

    asked = Signal(str)
    leave = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("selectionBar")
        self.setAccessibleName("The chosen facts")
        self.setProperty("kind", "banner")
        style.sized(self, height=44)
        line = row(self, margins=(14, 0, 8, 0), gap=4)
        self.count = label("", "body", "accent-ink", weight=600)
        line.addWidget(self.count, 1)
        self.buttons: dict[str, QPushButton] = {}
        for act, text, icon, tip in BUTTONS:
            kind = "quiet-danger" if act == "forget" else "quiet"
            made = button(text, f"{act}Chosen", kind=kind, icon=icon, tip=tip, height=28)
            made.clicked.connect(lambda _checked=False, act=act: self.asked.emit(act))
            self.buttons[act] = made
            line.addWidget(made)
        line.addWidget(icon_button("ph.x", "leaveChosen", "Choose only one again (Esc)", on=self.leave.emit))
        self.hide()

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """What is chosen now."""
        many = len(facts) > 1
        self.setVisible(many)
        if not many:
            return
        self.count.setText(f"{words.plural(len(facts), 'fact')} chosen")
        can = possible(facts)
        for act, made in self.buttons.items():
            made.setVisible(act in can)
        pinned = all(fact.pinned for fact in facts)
        self.buttons["pin"].setText(" Unpin" if pinned else " Pin")
        self.buttons["pin"].setAccessibleName("Unpin" if pinned else "Pin")
