"""The memory map: what means nearly the same lies near. What draws it is loaded at the first look."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.desktop import words
from app.desktop.memories.topiclooks import looks
from app.desktop.widgets.basic import clear, column, empty, frame, icon_button, label, row
from app.desktop.widgets.flow import Flow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.desktop.face import Face
    from app.desktop.tasks import Tasks
    from memory.records import Fact, Place

AGAIN, TRIES = 2000, 30  # milliseconds, and how often what has no place yet is asked for again
WAKING = (
    "The map is being drawn",
    "What I know is still being put in order. The map will be here in a moment.",
)
NONE = ("Nothing on the map yet", "What you tell me is placed here by what it means, soon after you told me.")
CANNOT = "The map cannot be drawn here"


class MemoryMap(QStackedWidget):
    """The map in its frame, with what the shapes mean under it; or words, while there is none.

    ``chosen`` and ``opened`` are those of ``mapview.MapPlot``.
    """

    chosen = Signal(object)
    opened = Signal(object)
    asked = Signal(str, list)

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self._tasks = tasks
        self.plot: Any = None
        self._sign: Any = None
        self._facts: Sequence[Fact] = ()
        self._every: Sequence[Fact] = ()
        self._chosen, self._tries = 0, 0
        self._places: dict[int, Place] = {}
        self._again = QTimer(self, singleShot=True, interval=AGAIN)
        self._again.timeout.connect(self._read)
        self._words = QWidget()
        self._said = column(self._words)
        self._card = frame("card", "mapCard")
        self._inside = column(self._card, margins=(2, 2, 2, 2))
        self._signs = Flow(gap=14)
        self.note = label("", "small", "text-muted")
        self._page = QWidget()
        whole = column(self._page, gap=8)
        whole.addWidget(self._card, 1)
        whole.addLayout(self._foot())
        self.addWidget(self._words)
        self.addWidget(self._page)
        self._explain(*WAKING)

    def show_facts(self, facts: Sequence[Fact], every: Sequence[Fact], chosen: int) -> None:
        """Show these; ``every`` is what they were narrowed from, and settles what each topic looks like."""
        self._facts, self._every, self._chosen, self._tries = facts, every, chosen, 0
        self._draw()
        self._read()

    def focus(self) -> None:
        """The keyboard goes to the points."""
        (self.plot or self).setFocus()

    def _foot(self):  # noqa: ANN202
        foot, signs = row(gap=4), QWidget()
        signs.setLayout(self._signs)
        foot.addWidget(signs, 1)
        foot.addWidget(self.note)
        for icon, name, tip, act in (
            ("ph.magnifying-glass-minus", "mapFurther", "Further away (-)", lambda: self.plot.zoom(1.25)),
            ("ph.magnifying-glass-plus", "mapNearer", "Nearer (+)", lambda: self.plot.zoom(0.8)),
            ("ph.arrows-out", "mapAll", "Show all (Home)", lambda: self.plot.show_all()),
        ):
            foot.addWidget(icon_button(icon, name, tip, on=act))
        return foot

    def _read(self) -> None:
        def read(face: Face) -> Sequence[Place] | None:
            import_module("pyqtgraph")  # takes most of a second, which Qt's thread should not wait for
            return face.map_places()

        self._tasks.read(read, self._got, owner=self, wrong=lambda why: self._explain(CANNOT, why))

    def _got(self, places: Sequence[Place] | None) -> None:
        self._tries += 1
        if places is not None:
            self._places = {place.fact_id: place for place in places}
            self._draw()
        missing = places is None or any(fact.id not in self._places for fact in self._facts)
        if missing and self._tries < TRIES and self.isVisible():
            self._again.start()
        if places is not None and not self._places:
            self._explain(*NONE)

    def _draw(self) -> None:
        if not self._places:
            return
        plot, topics = self._made(), looks(self._every)
        plot.show_facts(self._facts, self._places, topics, self._chosen)
        clear(self._signs)
        shown = {words.topic(fact.topic) for fact in plot.facts}
        for name, look in topics.items():
            if name in shown:
                self._signs.addWidget(self._sign(name, look))
        without = len(self._facts) - len(plot.facts)
        self.note.setText(
            f"{words.plural(without, 'fact has', 'facts have')} no place yet" if without else ""
        )
        self.note.setToolTip("A fact has its place soon after it was told, while it is used.")
        self.setCurrentWidget(self._page)

    def _made(self) -> Any:
        if self.plot is None:
            from app.desktop.memories.mapview import MapPlot, Sign

            self.plot, self._sign = MapPlot(), Sign
            self._inside.addWidget(self.plot)
            self.plot.chosen.connect(self.chosen)
            self.plot.opened.connect(self.opened)
            self.plot.asked.connect(self.asked)
        return self.plot

    def _explain(self, title: str, sentence: str) -> None:
        clear(self._said)
        self._said.addWidget(empty(title, sentence, name="noMap"))
        self._said.addStretch(1)
        self.setCurrentWidget(self._words)
