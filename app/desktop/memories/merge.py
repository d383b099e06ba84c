"""Makes one fact of several: which of them, and whose words stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QFrame, QRadioButton, QSizePolicy, QWidget

from app.desktop import style, words
from app.desktop.widgets import field
from app.desktop.widgets.basic import Elided, Words, button, clear, column, label, row, scroll

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent

    from memory.records import Fact

HIGHEST = 220
ABOUT = "They say the same, and become one. The others stay in its history; undo brings them back."
ALONE = (
    "Nothing else seems to say this. To merge others, choose two or more with Ctrl and a click, then press M."
)


class MergeForm(QFrame):
    """``merged`` gets the facts' ids, the id of the one whose words stay or 0, and new words for 0."""

    merged = Signal(list, int, str, str)
    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("mergeFacts")
        self.setAccessibleName("Merge facts")
        self.setProperty("kind", "card")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        inside = column(self, margins=(16, 12, 16, 12), gap=8)
        self._title = label("Merge", "heading")
        self._about = Words(ABOUT, "small", "text-muted")
        self._lines = QWidget()
        self._lines.setProperty("kind", "clear")
        self._column = column(self._lines, gap=2)
        self._area = scroll(self._lines, "mergeScroll")
        self._words_stay = QButtonGroup(self)
        self.takes: dict[int, QCheckBox] = {}
        self.stays: dict[int, QRadioButton] = {}
        self._other_line = QWidget()
        self.other = _radio("mergeOther", "Say it in other words")
        self.attribute = field.Checked(field.line("mergeAttribute", "About", "my dog's name"))
        self.value = field.Checked(field.line("mergeValue", "What is so", "Pim"))
        for part in (self._title, self._about, self._area, self._other(), self._foot()):
            inside.addWidget(part)
        self.hide()

    def begin(self, chosen: Sequence[Fact], more: Sequence[Fact] = ()) -> None:
        """Offer these to be merged, and others that seem to say the same."""
        clear(self._column)
        self.takes.clear()
        self.stays.clear()
        for fact in (*chosen, *more):
            self._column.addWidget(self._line(fact, taken=fact in chosen))
        newest = max(chosen, key=lambda fact: (fact.pinned, fact.recorded))
        self.stays[newest.id].setChecked(True)
        self.attribute.field.setText(newest.attribute)
        self.value.field.setText(newest.value)
        alone = len(chosen) + len(more) < 2
        self._about.say(ALONE if alone else ABOUT)
        for part in (self._area, self._other_line, self.yes):
            part.setVisible(not alone)
        self._area.setFixedHeight(min(HIGHEST, self._lines.sizeHint().height() + 4))
        self._count()
        self.show()
        (self.no if alone else self.stays[newest.id]).setFocus()

    def merge(self) -> None:
        """Hand over what was chosen, or say what is missing."""
        ids = self._taken()
        keep = next((number for number, one in self.stays.items() if one.isChecked()), 0)
        about, value = self.attribute.field.text().strip(), self.value.field.text().strip()
        if keep:
            self.merged.emit(ids, keep, "", "")
        elif not about:
            self.attribute.wrong("Say what this is about, for example: my dog's name")
        elif not value:
            self.value.wrong("Say what is so, for example: Pim")
        else:
            self.merged.emit(ids, 0, about, value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.yes.isEnabled():
            self.merge()
        else:
            super().keyPressEvent(event)

    def _line(self, fact: Fact, *, taken: bool) -> QWidget:
        made = QWidget()
        line = row(made, gap=10)
        sentence = words.you(fact.sentence)
        take = QCheckBox()
        take.setObjectName(f"mergeTake{fact.id}")
        take.setAccessibleName(f"Merge: {sentence}")
        take.setChecked(taken)
        take.toggled.connect(lambda _on: self._count())
        stay = _radio(f"mergeStay{fact.id}", f"Keep these words: {sentence}")
        stay.setText("keep these words")
        stay.setEnabled(taken)
        self._words_stay.addButton(stay)
        self.takes[fact.id], self.stays[fact.id] = take, stay
        line.addWidget(take)
        line.addWidget(Elided(sentence), 1)
        line.addWidget(label(words.day(fact.recorded), "small", "text-muted"))
        line.addWidget(stay)
        return made

    def _other(self) -> QWidget:
        line = row(self._other_line, gap=8)
        self.other.setText("other words:")
        self._words_stay.addButton(self.other)
        line.addWidget(self.other, 0, Qt.AlignmentFlag.AlignTop)
        for part, share in ((self.attribute, 2), (self.value, 3)):
            line.addWidget(part, share, Qt.AlignmentFlag.AlignTop)
            part.field.textEdited.connect(lambda _text: self.other.setChecked(True))
            part.field.returnPressed.connect(self.merge)
        return self._other_line

    def _foot(self) -> QWidget:
        made = QWidget()
        line = row(made, gap=8)
        line.addStretch(1)
        self.no = button("Cancel", "mergeCancel", kind="quiet", on=self.cancelled.emit)
        self.yes = button("Merge", "mergeYes", kind="primary", icon="ph.git-merge", on=self.merge)
        line.addWidget(self.no)
        line.addWidget(self.yes)
        return made

    def _taken(self) -> list[int]:
        return [number for number, take in self.takes.items() if take.isChecked()]

    def _count(self) -> None:
        taken = self._taken()
        for number, one in self.stays.items():
            one.setEnabled(number in taken)
            if one.isChecked() and number not in taken:
                self.other.setChecked(True)
        self.yes.setEnabled(len(taken) > 1)
        self._title.setText(f"Merge {len(taken)} facts into one" if len(taken) > 1 else "Merge facts")


def _radio(name: str, words_of_it: str) -> QRadioButton:
    made = QRadioButton()
    made.setObjectName(name)
    made.setAccessibleName(words_of_it)
    style.sized(made, height=28)
    style.font(made, "small")
    return made
