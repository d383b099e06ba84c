"""What waits for a yes or a no, one card under the other; with keys, the mouse, or all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from app.desktop import words
from app.desktop.memories import proposals
from app.desktop.memories.proposalcard import ProposalCard
from app.desktop.widgets.basic import button, clear, column, empty, label, row, scroll

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QKeyEvent

    from app.desktop.face import Face
    from app.desktop.memories.acts import Acts
    from app.desktop.memories.proposals import Proposal
    from app.desktop.tasks import Tasks
    from app.desktop.widgets.toast import Toast
    from memory.records import Fact

WIDEST = 760


class Inbox(QWidget):
    """Reads and shows the proposals; says yes and no to them, and takes it back."""

    changed = Signal()
    open_chat = Signal(int, object)
    leave = Signal()

    def __init__(self, tasks: Tasks, toast: Toast, acts: Acts) -> None:
        super().__init__()
        self.setObjectName("inbox")
        self.setAccessibleName("Waiting for you")
        self._tasks, self._toast, self._acts = tasks, toast, acts
        self._asked, self._at = 0, 0
        self._shown: list[Proposal] = []
        self._facts: list[Fact] = []
        self.cards: list[ProposalCard] = []
        body = QWidget()
        body.setProperty("kind", "clear")
        body.setMaximumWidth(WIDEST)
        self._column = column(body, margins=(0, 0, 4, 8), gap=12)
        self._column.setAlignment(Qt.AlignmentFlag.AlignTop)
        outer = column(self, gap=12)
        outer.addWidget(self._head())
        outer.addWidget(scroll(body, "inboxScroll"), 1)

    def refresh(self, search: str = "", *, take_focus: bool = False) -> None:
        """Read what waits."""
        self._asked += 1
        asked = self._asked

        def show(got: tuple[list[Proposal], list[Fact]]) -> None:
            if asked == self._asked:
                self._show(*got, searched=bool(search))
                if take_focus:
                    self.take_focus()

        self._tasks.read(lambda face: proposals.waiting(face, search), show, owner=self)

    def take_focus(self) -> None:
        """The keyboard goes to the card that is next."""
        if self.cards:
            card = self.cards[min(self._at, len(self.cards) - 1)]
            card.show()  # a layout shows what is new to it only later
            card.setFocus()

    def keep(self, facts: Sequence[Fact]) -> None:
        """Yes."""
        if facts:
            self._acts.keep(list(facts))

    def dismiss(self, facts: Sequence[Fact]) -> None:
        """No."""
        if facts:
            self._acts.dismiss(list(facts))

    def escape(self) -> None:
        """Leave the form that is open; else leave the review."""
        editing = [card for card in self.cards if card.form.isVisible()]
        for card in editing:
            card.leave_form()
        if not editing:
            self.leave.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shift = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        if shift and event.key() == Qt.Key.Key_K:
            self.keep(self._facts)
        elif shift and event.key() == Qt.Key.Key_D:
            self.dismiss(self._facts)
        else:
            super().keyPressEvent(event)

    # -- showing

    def _head(self) -> QWidget:
        made = QWidget()
        made.setMaximumWidth(WIDEST)
        line = row(made, margins=(0, 0, 4, 0), gap=8)
        self.count = label("", "body", "text-muted")
        line.addWidget(self.count, 1)
        self.all_buttons: list[QPushButton] = [
            button("Dismiss all", "dismissAll", kind="quiet", icon="ph.x", tip="Dismiss all (Shift+D)"),
            button("Keep all", "keepAll", icon="ph.checks", tip="Keep all (Shift+K)"),
        ]
        for one, act in zip(self.all_buttons, (self.dismiss, self.keep), strict=True):
            one.clicked.connect(lambda _checked=False, act=act: act(self._facts))
            line.addWidget(one)
        return made

    def _show(self, shown: list[Proposal], facts: list[Fact], *, searched: bool) -> None:
        self._facts = facts
        more = f" The newest {len(shown)} are shown." if len(facts) > len(shown) else ""
        verb = "waits" if len(facts) == 1 else "wait"
        self.count.setText(f"{words.plural(len(facts), 'thing')} {verb} for a yes or a no.{more}")
        self.count.parentWidget().setVisible(bool(facts))
        if shown == self._shown and self._column.count():
            return
        focus = self.window().focusWidget()
        had_focus = focus is not None and self.isAncestorOf(focus)
        self._shown = shown
        clear(self._column)
        self.cards = [self._card(number, one) for number, one in enumerate(shown)]
        if not shown:
            self._column.addWidget(self._nothing(searched))
        if had_focus:
            self.take_focus()

    def _card(self, number: int, proposal: Proposal) -> ProposalCard:
        card = ProposalCard(proposal)
        card.keep.connect(lambda fact: self._one(number, fact, self.keep))
        card.dismiss.connect(lambda fact: self._one(number, fact, self.dismiss))
        card.correct.connect(self._correct)
        card.walk.connect(lambda step: self._walk(number + step))
        card.open_chat.connect(self.open_chat)
        self._column.addWidget(card)
        return card

    def _walk(self, to: int) -> None:
        if 0 <= to < len(self.cards):
            self._at = to
            self.cards[to].setFocus()
            area = self.findChild(QWidget, "inboxScroll")
            area.ensureWidgetVisible(self.cards[to])

    def _nothing(self, searched: bool) -> QWidget:
        if searched:
            return empty("Nothing that waits holds these words", "Try other words.", name="noneFound")
        return empty(
            "Nothing waits for you",
            "When I am not sure whether something replaces what I know, it will be listed here.",
            button("What is true now", "leaveInbox", on=self.leave.emit),
            "noneWaiting",
        )

    # -- acts

    def _one(self, number: int, fact: Fact, act: Callable[[Sequence[Fact]], None]) -> None:
        self._at = number
        act([fact])

    def _correct(self, fact_id: int, attribute: str, value: str) -> None:
        self._write(
            lambda face: proposals.correct(face, fact_id, attribute, value),
            lambda fact: self._toast.say(f"Kept: “{words.you(fact.sentence)}”"),
        )

    def _write(self, job: Callable[[Face], object], then: Callable[..., object]) -> None:
        self._toast.settle()
        self._tasks.write(job, lambda got: (then(got), self.changed.emit()), owner=self, wrong=self._refused)

    def _refused(self, sentence: str) -> None:
        self._toast.say(sentence)
        self.changed.emit()
