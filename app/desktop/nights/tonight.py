"""What the next night would learn, with a switch for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QWidget

from app.desktop import style, words
from app.desktop.widgets.basic import Elided, Words, clear, column, label, row, rule, scroll
from app.desktop.widgets.switch import Switch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QMouseEvent

    from app.desktop.face import Choice


class Tonight(QFrame):
    """A list that can be vetoed one by one."""

    veto = Signal(int, bool)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("tonight")
        self.setProperty("kind", "card")
        inside = column(self, margins=(16, 14, 8, 12), gap=2)
        head = row(margins=(0, 0, 8, 0))
        self._title = label("Tonight", "heading")
        self._count = label("", "caption", "text-muted")
        head.addWidget(self._title, 1)
        head.addWidget(self._count)
        inside.addLayout(head)
        self._about = Words("", "small", "text-muted")
        inside.addWidget(self._about)
        body = QWidget()
        body.setProperty("kind", "clear")
        self._column = column(body, margins=(0, 6, 8, 0))
        self._column.setAlignment(Qt.AlignmentFlag.AlignTop)
        inside.addWidget(scroll(body, "tonightScroll"), 1)
        self._foot = Words("", "small", "text-muted")
        inside.addWidget(self._foot)

    def show_choices(self, choices: Sequence[Choice], number: int) -> None:
        """What would be learned in night ``number``."""
        clear(self._column)
        self._title.setText(f"Tonight, night {number}")
        chosen = sum(choice.chosen for choice in choices)
        self._count.setText(f"{chosen} of {len(choices)}" if choices else "")
        self._about.say(
            "Switch off what I should not learn."
            if choices
            else "Nothing new to learn yet. What you tell me today will be listed here."
        )
        for choice in choices:
            self._column.addWidget(rule())
            self._column.addWidget(Item(choice, self.veto))

    def show_foot(self, sentence: str) -> None:
        self._foot.say(sentence)


class Item(QWidget):
    """One thing; its whole row is the switch."""

    def __init__(self, choice: Choice, veto: object) -> None:
        super().__init__()
        self._fact, self._veto = choice.fact, veto
        self.setObjectName("tonightItem")
        style.sized(self, height=47)
        inside = row(self, gap=12)
        texts = column(gap=0)
        sentence = words.you(choice.fact.sentence)
        self._what = Elided(sentence)
        texts.addStretch(1)
        texts.addWidget(self._what)
        self.reason = Elided(choice.reason or words.topic(choice.fact.topic), "caption", "text-muted")
        texts.addWidget(self.reason)
        texts.addStretch(1)
        inside.addLayout(texts, 1)
        self.switch = Switch(f"learn{choice.fact.id}", f"Learn tonight: {sentence}")
        self.switch.setChecked(choice.chosen)
        self.switch.toggled.connect(self._toggled)
        inside.addWidget(self.switch)
        self._strike(not choice.chosen)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.switch.toggle()

    def _toggled(self, on: bool) -> None:
        self._strike(not on)
        self._veto.emit(self._fact.id, not on)

    def _strike(self, off: bool) -> None:
        font = self._what.font()
        font.setStrikeOut(off)
        self._what.setFont(font)
        self._what.setEnabled(True)
        self._what.setProperty("color", "text-muted" if off else "text")
        self._what.style().polish(self._what)
