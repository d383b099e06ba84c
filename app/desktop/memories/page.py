"""The memories: everything that is known about the user, to see, change and take away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.desktop import theme, words
from app.desktop.memories import keys
from app.desktop.memories.banner import Banner
from app.desktop.memories.detail import Detail
from app.desktop.memories.filters import Filters, bare
from app.desktop.memories.form import FactForm
from app.desktop.memories.inbox import Inbox
from app.desktop.memories.proposals import take_back
from app.desktop.memories.sheet import Sheet
from app.desktop.widgets.basic import Words, button, column, empty, label, row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.desktop.tasks import Tasks
    from app.desktop.widgets.toast import Toast
    from memory.records import Conversation, Fact

SHOWN = 2000


class MemoriesPage(QWidget):
    """Banner, filters, table, and the chosen fact beside them."""

    open_chat = Signal(int, object)
    open_night = Signal(int)
    changed = Signal()

    def __init__(self, tasks: Tasks, toast: Toast) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._tasks, self._toast = tasks, toast
        self._asked, self._wanted, self._edit_next = 0, 0, False
        self._going: set[int] = set()  # forgotten, while that can still be taken back
        self._facts: list[Fact] = []
        self._titles: dict[int, str] = {}
        self.filters, self._sheet, self.detail = Filters(), Sheet(), Detail()
        self.table = self._sheet.table
        self.search = self.filters.search
        self.form = FactForm("addFact", wide=True, verb="Add")
        self.form.hide()
        self.banner, self.inbox, self._keys = Banner(), Inbox(tasks, toast), keys.Keys()
        line = row(self, gap=0)
        line.addLayout(self._main(), 1)
        line.addWidget(self.detail)
        self._wire()

    def refresh(self) -> None:
        """Read what the filters ask for."""
        self._asked += 1
        asked, (text, state) = self._asked, self.filters.wanted()
        if self.reviewing():
            self.inbox.refresh(text)

        def read(face: object) -> tuple[Sequence[Fact], Sequence[Conversation], int]:
            return face.facts(text, state), face.conversations(""), len(face.facts(state="proposed"))

        self._tasks.read(read, lambda got: self._show(asked, *got), owner=self)

    def choose(self, fact_id: int, *, edit: bool = False) -> None:
        """Show one fact, whatever was filtered before."""
        self._wanted, self._edit_next = fact_id, edit
        self.filters.search.clear()
        self.filters.topic = ""
        if self.filters.wanted()[1] not in ("current", None):
            self.filters.show_state("current")
        self.refresh()

    def forget(self, fact_id: int) -> None:
        """Gone at once; for ten seconds it can come back, then every trace is removed."""
        fact = next((fact for fact in self._facts if fact.id == fact_id), None)
        waited = [fact] if fact is not None and fact.state != "current" else []
        self._going.add(fact_id)
        self._tasks.write(lambda face: face.retract(fact_id), lambda _: self._changed(), owner=self)

        def undo() -> None:
            self._going.discard(fact_id)
            self._write(lambda face: take_back(face, waited) if waited else face.restore(fact_id))

        self._toast.say(
            "Forgotten. In ten seconds no trace is left.",
            undo=undo,
            after=lambda: self._write(lambda face: face.forget(fact_id)),
        )

    def reviewing(self) -> bool:
        """Whether what waits is shown, rather than the table."""
        return self.filters.wanted()[1] == "proposed"

    def arrange(self) -> None:
        wide = self.window().width() >= 1000 * theme.current().scale
        self.detail.setVisible(wide and not self.reviewing())

    def escape(self) -> None:
        """Leave whatever is being edited."""
        self.form.hide()
        if self.reviewing():
            self.inbox.escape()
            return
        self.detail.show_fact(self.detail.fact)
        self._read_history()
        self.table.setFocus()

    # -- layout

    def _main(self):  # noqa: ANN202
        made = column(margins=(24, 16, 24, 12), gap=12)
        head = row(gap=12)
        head.addWidget(label("Memories", "title"), 1)
        head.addWidget(
            button(
                "Add",
                "addFactButton",
                kind="primary",
                icon="ph.plus",
                tip="Add a fact (Ctrl+Shift+A)",
                on=self.add,
            )
        )
        made.addLayout(head)
        made.addWidget(self.banner)
        made.addWidget(self.form)
        made.addWidget(self.filters)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._sheet)
        self._none = self._nothing()
        self._stack.addWidget(self._none)
        self._stack.addWidget(self.inbox)
        made.addWidget(self._stack, 1)
        made.addWidget(self._keys)
        return made

    def _nothing(self) -> QWidget:
        page = QWidget()
        inside = column(page)
        self._none_box = empty(
            "Nothing remembered yet",
            "What you tell me in a chat will be listed here, with your own words.",
            button("Add a fact", "addFirst", icon="ph.plus", on=self.add),
            "noFacts",
        )
        self._none_words = Words("", "body", "text-muted")
        inside.addWidget(self._none_box)
        inside.addWidget(self._none_words)
        inside.addStretch(1)
        return page

    # -- showing

    def _show(self, asked: int, facts: Sequence[Fact], chats: Sequence[Conversation], proposed: int) -> None:
        if asked != self._asked:
            return
        self.banner.show_count(0 if self.reviewing() else proposed)
        facts = [fact for fact in facts if fact.id not in self._going]
        self._facts = sorted(facts, key=lambda fact: (not fact.pinned, -fact.recorded.timestamp()))[:SHOWN]
        self._titles = {chat.id: chat.title for chat in chats}
        self.filters.count(() if self.reviewing() else self._facts)
        self._keys.show_keys(keys.REVIEW if self.reviewing() else keys.TABLE)
        self.arrange()
        if self.reviewing():
            self._keys.count.clear()
            self._stack.setCurrentWidget(self.inbox)
        else:
            self._show_rows()

    def _show_rows(self) -> None:
        topic = self.filters.topic
        rows = [fact for fact in self._facts if not topic or words.topic(fact.topic) == topic]
        keep = self._wanted or (self.detail.fact.id if self.detail.fact else 0)
        self.table.show_facts(rows, self._titles, keep)
        self._sheet.show_last("Night" if self.filters.wanted()[1] == "current" else "State")
        self._keys.count.setText(f"{words.plural(len(rows), 'fact')} shown")
        self._stack.setCurrentIndex(0 if rows else 1)
        self._none_box.setVisible(not rows and bare(self.filters))
        self._none_words.say(
            "" if bare(self.filters) else "Nothing here matches. Try other words, or show everything."
        )
        self.detail.setEnabled(True)
        if self.table.rows.row_of(keep) < 0 and self._missing(rows):
            return
        self._wanted = 0
        if self._edit_next:
            self._edit_next = False
            self.detail.edit()

    def _missing(self, rows: list[Fact]) -> bool:
        """What is looked for is not here: look among everything, or show the first."""
        if self._wanted and self.filters.wanted()[1] == "current":
            self.filters.show_state("")
            return True
        if rows:
            self.table.choose(rows[0].id)
        else:
            self.detail.show_fact(None)
        return False

    def _chosen(self, fact: Fact) -> None:
        self.detail.show_fact(fact)
        self._read_history()

    def _read_history(self) -> None:
        fact = self.detail.fact
        if fact is None:
            return

        def show(history: Sequence[Fact]) -> None:
            if self.detail.fact is fact:
                self.detail.show_history(history)

        self._tasks.read(lambda face: face.history(fact.id), show, owner=self)

    # -- acts

    def add(self) -> None:
        """Open the form above the table."""
        self.form.begin()

    def review(self) -> None:
        """Show what waits for a yes or a no."""
        self.filters.search.clear()
        self._stack.setCurrentWidget(self.inbox)
        self.filters.show_state("proposed")
        self.inbox.refresh(take_focus=True)

    def _wire(self) -> None:
        self.filters.changed.connect(self.refresh)
        self.filters.topic_changed.connect(self._show_rows)
        self.table.chosen.connect(self._chosen)
        self.table.edit_asked.connect(self._edit)
        self.table.forget_asked.connect(self.forget)
        self.table.pin_asked.connect(self._pin)
        self.form.saved.connect(self._add)
        self.form.cancelled.connect(self.form.hide)
        self.detail.save.connect(self._save)
        self.detail.pin.connect(self._pin)
        self.detail.retract.connect(self._retract)
        self.detail.restore.connect(lambda number: self._write(lambda face: face.restore(number)))
        self.detail.see.connect(self.choose)
        self.detail.forget.connect(self.forget)
        self.detail.forget_for_good.connect(lambda number: self._write(lambda face: face.forget(number)))
        self.detail.open_chat.connect(self.open_chat)
        self.detail.open_night.connect(self.open_night)
        for source in (self.detail.keep, self.table.keep_asked):
            source.connect(lambda number: self.inbox.keep(self._named(number)))
        for source in (self.detail.dismiss, self.table.dismiss_asked):
            source.connect(lambda number: self.inbox.dismiss(self._named(number)))
        self.banner.review.connect(self.review)
        self.inbox.changed.connect(self._changed)
        self.inbox.open_chat.connect(self.open_chat)
        self.inbox.leave.connect(lambda: self.filters.show_state("current"))
        for combo, act in (("Ctrl+Z", self._undo), ("Ctrl+Shift+Z", self._redo), ("Ctrl+Shift+A", self.add)):
            QShortcut(QKeySequence(combo), self, act, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _named(self, fact_id: int) -> list[Fact]:
        return [fact for fact in self._facts if fact.id == fact_id]

    def _write(self, job: object) -> None:
        """Change something; what comes back as a sentence is said."""

        def done(got: object) -> None:
            self._changed()
            if got and isinstance(got, str):
                self._toast.say(got)

        self._tasks.write(job, done, owner=self)

    def _changed(self) -> None:
        self.refresh()
        self.changed.emit()

    def _edit(self, _fact_id: int) -> None:
        self.arrange()
        self.detail.show()
        self.detail.edit()

    def _add(self, attribute: str, value: str) -> None:
        def done(fact: Fact) -> None:
            self.form.hide()
            self.table.setFocus()
            self.choose(fact.id)
            self.changed.emit()

        self._toast.settle()
        self._tasks.write(
            lambda face: face.add_fact(attribute, value), done, owner=self, wrong=self.form.value.wrong
        )

    def _save(self, fact_id: int, attribute: str, value: str) -> None:
        self._toast.settle()
        self._tasks.write(
            lambda face: face.edit_fact(fact_id, attribute, value),
            self._saved,
            owner=self,
            wrong=self.detail.form.value.wrong,
        )

    def _saved(self, fact: Fact) -> None:
        self.choose(fact.id)
        self.changed.emit()
        self._toast.say(
            "Changed. What was so before stays in the history.",
            undo=lambda: self._write(lambda face: take_back(face, [fact])),
        )

    def _pin(self, fact_id: int) -> None:
        fact = next((fact for fact in self._facts if fact.id == fact_id), None)
        if fact is not None:
            self._write(lambda face: face.pin(fact_id, not fact.pinned))

    def _retract(self, fact_id: int) -> None:
        self._write(lambda face: face.retract(fact_id))
        self._toast.say(
            "No longer true. It stays in the history.",
            undo=lambda: self._write(lambda face: face.restore(fact_id)),
        )

    def _undo(self) -> None:
        if self._toast.pending():
            self._toast.undo()
            return
        self._tasks.write(lambda face: face.undo(), self._undone, owner=self)

    def _redo(self) -> None:
        self._tasks.write(lambda face: face.redo(), self._undone, owner=self)

    def _undone(self, sentence: str | None) -> None:
        self._toast.say(sentence or "There is nothing to undo.", stays=4000)
        self._changed()
