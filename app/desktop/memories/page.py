"""The memories: everything that is known about the user, to see, change and take away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from app.desktop import theme
from app.desktop.memories.acts import Acts
from app.desktop.memories.banner import Banner
from app.desktop.memories.detail import Detail
from app.desktop.memories.filters import Filters
from app.desktop.memories.forms import Forms
from app.desktop.memories.inbox import Inbox
from app.desktop.memories.keys import Keys
from app.desktop.memories.looking import Looking
from app.desktop.memories.selection import SelectionBar
from app.desktop.memories.views import Views
from app.desktop.widgets.basic import button, column, label, row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.desktop.tasks import Tasks
    from app.desktop.widgets.toast import Toast
    from memory.records import Conversation, Fact

SHOWN = 2000
NARROW = 700


class MemoriesPage(QWidget):
    """Banner, filters, the facts in one of the views, and the chosen fact beside them."""

    open_chat = Signal(int, object)
    open_night = Signal(int)
    changed = Signal()

    def __init__(self, tasks: Tasks, toast: Toast) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._tasks = tasks
        self._asked, self._wanted, self._edit_next = 0, 0, False
        self._facts: list[Fact] = []
        self._titles: dict[int, str] = {}
        self.acts = Acts(tasks, toast, self)
        self.views, self.filters, self.detail = Views(), Filters(), Detail(tasks)
        self.looking = Looking(tasks, self.add, self.filters.clear)
        self.table, self.cards = self.looking.table, self.looking.cards
        self.search = self.filters.search
        self.forms, self.bar = Forms(self.acts), SelectionBar()
        self.form = self.forms.add
        self.banner, self.inbox, self._keys = Banner(), Inbox(tasks, toast, self.acts), Keys()
        self.looking.addWidget(self.inbox)
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
        self.filters.widen()
        if self.filters.wanted()[1] not in ("current", None):
            self.filters.show_state("current")
        self.refresh()

    def forget(self, fact_id: int) -> None:
        """Gone at once; for ten seconds it can come back."""
        self.acts.forget(fact_id, next(iter(self._named(fact_id)), None))

    def reviewing(self) -> bool:
        """Whether what waits is shown, rather than the facts."""
        return self.filters.wanted()[1] == "proposed"

    def arrange(self) -> None:
        scale = theme.current().scale
        wide = self.window().width() >= 1000 * scale
        self.detail.setVisible(wide and not self.reviewing())
        room = self.window().width() - (self.detail.width() if self.detail.isVisibleTo(self) else 0)
        self.views.fold(room < NARROW * scale)

    def escape(self) -> None:
        """Leave whatever is being edited."""
        closed = self.forms.close_all()
        if self.reviewing():
            self.inbox.escape()
        elif closed:
            self._focus()
        elif self.bar.isVisible():
            self._choose_one()
        else:
            self._stop_editing()

    def _stop_editing(self) -> None:
        self.detail.show_fact(self.detail.fact)
        self._focus()

    def add(self) -> None:
        """Open the form above the facts."""
        self.forms.begin_add()

    def review(self) -> None:
        """Show what waits for a yes or a no."""
        self.filters.search.clear()
        if self.views.key == "timeline":
            self.views.choose("table")
        self.looking.setCurrentWidget(self.inbox)
        self.filters.show_state("proposed")
        self.inbox.refresh(take_focus=True)

    # -- layout

    def _main(self):  # noqa: ANN202
        made = column(margins=(24, 16, 24, 12), gap=12)
        head = row(gap=12)
        head.addWidget(label("Memories", "title"), 1)
        head.addWidget(self.views)
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
        for part in (self.banner, self.forms, self.filters):
            made.addWidget(part)
        made.addWidget(self.looking, 1)
        made.addWidget(self.bar)
        made.addWidget(self._keys)
        return made

    # -- showing

    def _show(self, asked: int, facts: Sequence[Fact], chats: Sequence[Conversation], proposed: int) -> None:
        if asked != self._asked:
            return
        self.banner.show_count(0 if self.reviewing() else proposed)
        facts = [fact for fact in facts if fact.id not in self.acts.going]
        self._facts = sorted(facts, key=lambda fact: (not fact.pinned, -fact.recorded.timestamp()))[:SHOWN]
        self._titles = {chat.id: chat.title for chat in chats}
        self._keys.show_keys("review" if self.reviewing() else self.views.key)
        self.arrange()
        if self.reviewing():
            self.bar.hide()
            self._keys.show()
            self.filters.narrow(())
            self.looking.setCurrentWidget(self.inbox)
        else:
            self._show_facts()

    def _show_facts(self) -> None:
        facts = self.filters.narrow(self._facts)
        keep = self._wanted or (self.detail.fact.id if self.detail.fact else 0)
        last = "Night" if self.filters.wanted()[1] == "current" else "State"
        way, bare = self.views.key, self.filters.bare()
        self._keys.show_keys(way)
        self.looking.show_facts(way, facts, self._facts, self._titles, keep, last=last, bare=bare)
        self._keys.count_facts(len(facts), len(self._facts))
        if self.table.rows.row_of(keep) < 0 and self._missing(facts):
            return
        self._wanted = 0
        if self._edit_next:
            self._edit_next = False
            self.detail.edit()

    def _missing(self, facts: list[Fact]) -> bool:
        """What is looked for is not here: look among everything, or show the first."""
        if self._wanted and self.filters.wanted()[1] == "current":
            self.filters.show_state("")
            return True
        if facts:
            self.table.choose(facts[0].id)
        else:
            self.detail.show_fact(None)
        return False

    def _chosen(self, fact: Fact) -> None:
        if fact == self.detail.fact:  # read again, and unchanged: what is being typed stays
            return
        self.detail.show_fact(fact)

    def _look(self, way: str) -> None:
        """Another view; a timeline shows what is no more, too."""
        if self.reviewing():
            self.filters.show_state("current")
        if self.filters.offer_states(way != "timeline"):
            self.refresh()
        else:
            self._show_facts()
        self._focus()

    def _focus(self) -> None:
        self.looking.focus(self.views.key)

    def _choose_one(self) -> None:
        """The one that is shown beside, and no other."""
        self.table.choose(self.detail.fact.id if self.detail.fact else 0)
        self._focus()

    # -- acts

    def _wire(self) -> None:
        self.filters.changed.connect(self.refresh)
        self.filters.narrowed.connect(self._show_facts)
        self.views.chosen.connect(self._look)
        self.looking.open_chat.connect(self.open_chat)
        self.looking.opened.connect(lambda _fact: self.detail.show())
        self.table.chosen.connect(self._chosen)
        self.looking.asked.connect(self._do)
        self.forms.left.connect(self._focus)
        self.table.selected.connect(self._selected)
        self.bar.asked.connect(lambda act: self._do(act, self.table.facts_chosen()))
        self.bar.leave.connect(self._choose_one)
        self.banner.review.connect(self.review)
        self.inbox.changed.connect(self._changed)
        self.inbox.open_chat.connect(self.open_chat)
        self.inbox.leave.connect(lambda: self.filters.show_state("current"))
        self.acts.changed.connect(self._changed)
        self.acts.show.connect(lambda number: (self.choose(number), self.changed.emit()))
        self._wire_detail()
        act = self.acts
        for combo, do in (("Ctrl+Z", act.undo), ("Ctrl+Shift+Z", act.redo), ("Ctrl+Shift+A", self.add)):
            # the page's own while it is shown, wherever the keyboard is
            QShortcut(QKeySequence(combo), self, do, context=Qt.ShortcutContext.WindowShortcut)

    def _wire_detail(self) -> None:
        detail = self.detail
        for name in ("pin", "retract", "restore", "keep", "dismiss", "merge"):
            getattr(detail, name).connect(lambda number, name=name: self._do(name, self._named(number)))
        detail.save.connect(
            lambda number, about, value: self.acts.save(number, about, value, detail.form.value.wrong)
        )
        detail.see.connect(self.choose)
        detail.forget.connect(self.forget)
        detail.forget_for_good.connect(self.acts.forget_for_good)
        detail.open_chat.connect(self.open_chat)
        detail.open_night.connect(self.open_night)

    def _do(self, act: str, facts: Sequence[Fact]) -> None:
        """What a key or a button asks for."""
        facts = list(facts)
        if not facts:
            return
        if act == "edit":
            self._edit()
        elif act == "forget" and len(facts) == 1:
            self.forget(facts[0].id)
        elif act == "forget":
            self.acts.ask_to_forget(facts, self)
        elif act == "merge":
            self.forms.begin_merge(facts, self._facts)
        else:
            getattr(self.acts, act)(facts)

    def _selected(self, facts: list[Fact]) -> None:
        self.bar.show_facts(facts)
        self._keys.setVisible(len(facts) < 2)

    def _named(self, fact_id: int) -> list[Fact]:
        return [fact for fact in self._facts if fact.id == fact_id]

    def _changed(self) -> None:
        self.refresh()
        self.changed.emit()

    def _edit(self) -> None:
        self.arrange()
        self.detail.show()
        self.detail.edit()
