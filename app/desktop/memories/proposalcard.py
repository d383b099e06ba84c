"""One thing that waits: what it says, what it would replace, your words, and yes or no."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QWidget

from app.desktop import style, words
from app.desktop.memories.form import FactForm
from app.desktop.memories.quote import Quote, chat_link, span_in
from app.desktop.widgets.basic import Elided, Words, beside, button, column, row

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent

    from app.desktop.memories.proposals import Proposal

KEYS = {Qt.Key.Key_K: "keep", Qt.Key.Key_D: "dismiss", Qt.Key.Key_F2: "edit"}
STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class ProposalCard(QFrame):
    """K keeps, D dismisses, F2 changes before keeping, the arrows walk."""

    keep = Signal(object)
    dismiss = Signal(object)
    correct = Signal(int, str, str)
    walk = Signal(int)
    open_chat = Signal(int, object)

    def __init__(self, proposal: Proposal) -> None:
        super().__init__()
        self.proposal = proposal
        fact = proposal.fact
        self.setObjectName("proposal")
        self.setProperty("kind", "card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(words.you(fact.sentence))
        self.setAccessibleDescription(f"{proposal.change}. You said: {fact.quote}".lstrip(". "))
        inside = column(self, margins=(16, 12, 12, 10), gap=8)
        inside.addWidget(Words(words.you(fact.sentence), "title", px=18, line=25))
        if proposal.old is not None:
            inside.addLayout(_change(proposal))
        if fact.quote:
            inside.addLayout(_quote(proposal))
        self.form = FactForm(f"correct{fact.id}", wide=True, verb="Keep it so")
        self.form.setProperty("kind", "clear")  # never a card in a card
        self.form.layout().setContentsMargins(0, 4, 4, 4)
        self.form.hide()
        self.form.saved.connect(lambda about, value: self.correct.emit(fact.id, about, value))
        self.form.cancelled.connect(self.leave_form)
        inside.addWidget(self.form)
        self._foot = self._make_foot()
        inside.addWidget(self._foot)

    def edit(self) -> None:
        """Change it before it is kept."""
        self._foot.hide()
        self.form.begin(self.proposal.fact)

    def leave_form(self) -> None:
        """As it was."""
        self.form.hide()
        self._foot.show()
        self.setFocus()

    def _make_foot(self) -> QWidget:
        fact = self.proposal.fact
        made = QWidget()
        line = row(made, gap=8)
        yes, no = (lambda: self.keep.emit(fact)), (lambda: self.dismiss.emit(fact))
        for part in (
            button("Keep", "keepProposal", kind="keep", icon="ph.check", tip="Keep (K)", height=28, on=yes),
            button(
                "Dismiss", "dismissProposal", kind="quiet", icon="ph.x", tip="Dismiss (D)", height=28, on=no
            ),
            button(
                "Change",
                "changeProposal",
                kind="quiet",
                icon="ph.pencil-simple",
                tip="Change it, then keep it (F2)",
                height=28,
                on=self.edit,
            ),
        ):
            line.addWidget(part)
        when = ", ".join(filter(None, (words.day(fact.recorded), self.proposal.source)))
        source = Elided(when, "small", "text-muted")
        source.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(source, 1)
        if fact.conversation_id is not None:
            line.addWidget(self._link())
        return made

    def _link(self) -> QWidget:
        fact = self.proposal.fact
        return chat_link("openProposal", lambda: self.open_chat.emit(fact.conversation_id, fact.turn_id))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key = Qt.Key(event.key())
        if plain and key in STEPS:
            self.walk.emit(STEPS[key])
        elif plain and KEYS.get(key) == "edit":
            self.edit()
        elif plain and key in KEYS:
            getattr(self, KEYS[key]).emit(self.proposal.fact)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        style.restyle(self, chosen="true")
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        style.restyle(self, chosen="false")
        super().focusOutEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus()


def _change(proposal: Proposal):  # noqa: ANN202
    parts = (proposal.fact.attribute, proposal.old.value, proposal.fact.value)
    about, old, new = map(escape, parts)
    ends = "only says it more precisely" if proposal.finer else "the old one stays in the history"
    if proposal.day:
        ends = f"only on {escape(words.date(proposal.day))}: until then nothing changes"
    text = Words()
    text.setObjectName("wouldReplace")
    text.say(proposal.change, html=f"{about}: <s>{old}</s> → <b>{new}</b>, and {ends}")
    return beside("ph.arrows-clockwise", text, "accent-ink")


def _quote(proposal: Proposal):  # noqa: ANN202
    line = row(gap=12)
    bar = QFrame()
    bar.setFixedWidth(3)
    bar.setProperty("kind", "quote-bar")
    line.addWidget(bar)
    text = Quote("", "quote", px=15, line=22)
    text.show_quote(proposal.fact.quote, span_in(proposal.fact))
    line.addWidget(text, 1)
    return line
