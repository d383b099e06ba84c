"""One fact in full: your words, where it is kept, its history, and what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from app.desktop import style, words
from app.desktop.memories.foot import Foot
from app.desktop.memories.form import FactForm
from app.desktop.memories.history import History
from app.desktop.memories.quote import Quote, chat_link, span_in
from app.desktop.memories.states import STATES
from app.desktop.widgets.basic import (
    Words,
    button,
    chip,
    clear,
    column,
    frame,
    icon_button,
    label,
    row,
    scroll,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import SignalInstance

    from app.desktop.tasks import Tasks
    from memory.records import Fact

WIDTH = 344
EACH_KEEPS = "Each of these keeps what was so in the history. Forgetting leaves nothing."


class Detail(QFrame):
    """The side panel of the memories."""

    save = Signal(int, str, str)
    pin = Signal(int)
    merge = Signal(int)
    retract = Signal(int)
    restore = Signal(int)
    see = Signal(int)
    forget = Signal(int)
    forget_for_good = Signal(int)
    keep = Signal(int)
    dismiss = Signal(int)
    open_chat = Signal(int, object)
    open_night = Signal(int)

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self._tasks = tasks
        self.setObjectName("factPanel")
        self.setAccessibleName("The chosen fact")
        style.sized(self, width=WIDTH)
        self.fact: Fact | None = None
        outer = column(self)
        self._body = QWidget()
        self._body.setProperty("kind", "clear")
        self._column = column(self._body, margins=(20, 20, 19, 16), gap=12)
        self._column.setAlignment(Qt.AlignmentFlag.AlignTop)
        outer.addWidget(scroll(self._body, "factScroll"), 1)
        self._foot = Foot()
        self._foot.forget.connect(self.forget)
        self._foot.forget_for_good.connect(self.forget_for_good)
        outer.addWidget(self._foot)
        self.form = FactForm("editFact", wide=False, verb="Save")
        self.form.saved.connect(self._save)
        self.form.cancelled.connect(self._stop_editing)
        self.form.hide()
        self.history = History()
        self._head = QWidget()
        self._head_column = column(self._head, gap=12)
        self._rest = QWidget()
        self._rest_column = column(self._rest, gap=12)
        for part in (self._head, self.form, self._rest):
            self._column.addWidget(part)
        self.show_fact(None)

    def show_fact(self, fact: Fact | None) -> None:
        """Show a fact, or what will be here."""
        self.fact = fact
        self.form.hide()
        self._head.show()
        clear(self._head_column)
        clear(self._rest_column)
        self._foot.show_fact(fact)
        if fact is None:
            self._head_column.addWidget(
                Words(
                    "Choose a fact to see your words, its history, and what you can do with it.",
                    "small",
                    "text-muted",
                )
            )
            return
        self._fill_head(fact)
        self._fill_rest(fact)
        self._read_history(fact)

    def _read_history(self, fact: Fact) -> None:
        def show(history: Sequence[Fact]) -> None:
            if self.fact is fact:
                self.history.show_facts(history)

        self._tasks.read(lambda face: face.history(fact.id), show, owner=self)

    def edit(self) -> None:
        """Edit where it stands."""
        if self.fact is not None:
            self._head.hide()
            self.form.begin(self.fact)

    def _save(self, attribute: str, value: str) -> None:
        if self.fact is not None:
            self.save.emit(self.fact.id, attribute, value)

    def _stop_editing(self) -> None:
        self.form.hide()
        self._head.show()

    def _fill_head(self, fact: Fact) -> None:
        top = row(gap=6)
        for text in dict.fromkeys(
            filter(None, (words.topic(fact.topic), "" if fact.subject == "user" else fact.subject))
        ):
            top.addWidget(chip(text, "selected"))
        top.addStretch(1)
        pin = icon_button(
            "ph.push-pin-simple-fill" if fact.pinned else "ph.push-pin-simple",
            "pinFact",
            "Unpin (P)" if fact.pinned else "Always have this in mind (P)",
            size=18,
            color="accent" if fact.pinned else "text-muted",
            on=lambda: self.pin.emit(fact.id),
        )
        top.addWidget(pin)
        self._head_column.addLayout(top)
        self._head_column.addWidget(Words(words.you(fact.sentence), "title", px=22, line=30))
        self._head_column.addWidget(label(self._validity(fact), "small", "text-muted"))
        line = row(gap=8)
        for part in self._buttons(fact):
            line.addWidget(part)
        line.addStretch(1)
        if sentence := STATES[fact.state].sentence:
            self._head_column.addWidget(Words(sentence, "small", "text-muted"))
        self._head_column.addLayout(line)
        if fact.state in ("current", "planned"):
            self._head_column.addWidget(Words(EACH_KEEPS, "small", "text-muted"))

    def _buttons(self, fact: Fact) -> list[QPushButton]:
        edit = button(
            "Edit", "editFactButton", icon="ph.pencil-simple", tip="Change what is so (F2)", on=self.edit
        )
        if fact.state == "proposed":
            keep = self._button("keepFact", "Keep", self.keep, kind="primary", tip="Keep (K)")
            no = self._button(
                "dismissFact", "Dismiss", self.dismiss, kind="quiet", icon="ph.x", tip="Dismiss (D)"
            )
            return [keep, edit, no]
        if fact.state in ("current", "planned"):
            tip = "Make it one with another that says the same (M)"
            merge = self._button("mergeFact", "Merge", self.merge, icon="ph.git-merge", tip=tip)
            return [edit, merge, self._button("retractFact", "No longer true", self.retract)]
        if fact.state == "retracted":
            icon = "ph.arrow-counter-clockwise"
            return [self._button("restoreFact", "True after all", self.restore, icon=icon)]
        if fact.superseded_by is not None:
            number = fact.superseded_by
            return [
                button("What is so now", "seeNow", icon="ph.arrow-right", on=lambda: self.see.emit(number))
            ]
        return []

    def _button(self, name: str, text: str, signal: SignalInstance, **looks: str) -> QPushButton:
        number = self.fact.id if self.fact else 0
        return button(text, name, on=lambda: signal.emit(number), **looks)

    def _validity(self, fact: Fact) -> str:
        since = words.date(fact.valid_from or fact.recorded)
        if fact.state == "planned":
            return f"True from {since}"
        if fact.state in ("current", "proposed"):
            return f"True since {since}, and still"
        end = fact.valid_to or fact.retracted
        return f"True from {since}" + (f" to {words.date(end)}" if end else "")

    def _fill_rest(self, fact: Fact) -> None:
        if fact.quote:
            self._rest_column.addWidget(self._quote(fact))
        self._rest_column.addWidget(self._kept(fact))
        self._rest_column.addSpacing(4)
        self._rest_column.addWidget(label("History", "caption", "text-muted", weight=600))
        self.history = History()
        self._rest_column.addWidget(self.history)

    def _quote(self, fact: Fact) -> QFrame:
        card = frame("card", "quoteCard")
        inside = column(card, margins=(16, 12, 16, 8), gap=8)
        inside.addWidget(label("Your words", "caption", "text-muted"))
        line = row(gap=12)
        bar = QFrame()
        bar.setFixedWidth(3)
        bar.setStyleSheet("")
        bar.setProperty("kind", "quote-bar")
        line.addWidget(bar)
        text = Quote("", "quote", px=17, line=25)
        text.show_quote(fact.quote, span_in(fact))
        line.addWidget(text, 1)
        inside.addLayout(line)
        foot = row(gap=8)
        foot.addWidget(
            label(f"{words.date(fact.recorded)}, {words.clock(fact.recorded)}", "small", "text-muted"), 1
        )
        if fact.conversation_id is not None:
            place = (fact.conversation_id, fact.turn_id)
            foot.addWidget(chat_link("openChat", lambda: self.open_chat.emit(*place)))
        inside.addLayout(foot)
        return card

    def _kept(self, fact: Fact) -> QFrame:
        card = frame("card", "keptCard")
        inside = column(card, margins=(16, 12, 16, 12), gap=6)
        state = STATES[fact.state]
        inside.addLayout(_line("In the store", chip(state.word, state.tone)))
        for night in sorted(fact.nights)[-3:]:
            go = button(
                f"night {night}",
                "openNight",
                kind="learned",
                icon="ph.moon-fill",
                height=20,
                tip="Open this night",
                on=lambda night=night: self.open_night.emit(night),
            )
            inside.addLayout(_line("In the weights", go))
        if not fact.nights:
            inside.addLayout(_line("In the weights", chip("not yet")))
        return card


def _line(text: str, end: QWidget):  # noqa: ANN202
    line = row(gap=8)
    line.addWidget(label(text), 1)
    line.addWidget(end)
    return line
