"""How quick the models are on this machine: reading and writing, measured with one click."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame

from app.desktop import style, words
from app.desktop.library.offer import pace
from app.desktop.widgets.basic import Words, button, clear, column, label, row, rule
from app.desktop.widgets.meter import Meter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.desktop.library.shapes import Measured
    from app.desktop.tasks import Tasks

NOTHING = "Not measured yet. It takes some seconds, and tells how quick other models would be."


class MeasuredCard(QFrame):
    """Bars for what was measured, and the button that measures."""

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self.setObjectName("measured")
        self.setProperty("kind", "card")
        self._tasks = tasks
        inside = column(self, margins=(16, 12, 16, 14), gap=10)
        head = row(gap=8)
        head.addWidget(label("Measured on this machine", "heading"), 1)
        self.measure = button(
            "Measure",
            "measureMachine",
            kind="quiet",
            icon="ph.gauge",
            tip="Measure how quickly the model in use reads and writes",
            height=28,
            on=self._measure,
        )
        head.addWidget(self.measure)
        inside.addLayout(head)
        inside.addWidget(rule())
        self._body = column(gap=8)
        inside.addLayout(self._body)
        self.problem = Words("", "small", "danger")
        self.problem.setObjectName("measureProblem")
        self.problem.hide()
        inside.addWidget(self.problem)

    def show_measured(self, found: Iterable[Measured]) -> None:
        """Every model that was measured, newest first."""
        clear(self._body)
        rows = sorted(found, key=lambda one: one.when, reverse=True)
        if not rows:
            self._body.addWidget(Words(NOTHING, "small", "text-muted"))
            return
        best = max(max(one.reading, one.writing) for one in rows)
        for number, one in enumerate(rows):
            if number:
                self._body.addWidget(rule())
            self._body.addWidget(label(one.name, weight=600))
            self._bar("reading", one.name, one.reading, best)
            self._bar("writing", one.name, one.writing, best)
        latest = datetime.fromisoformat(rows[0].when)
        told = f"{words.day(latest)}, {words.clock(latest)}, {words.plural(rows[0].threads, 'thread')}"
        self._body.addWidget(Words(told, "small", "text-muted"))

    def _bar(self, what: str, name: str, value: float, best: float) -> None:
        line = row(gap=10)
        title, meter = (
            label(what, "small", "text-muted"),
            Meter(f"{what}Speed", f"{name}, {what}", warns=False),
        )
        style.sized(title, width=48)
        meter.show_share(value / best if best else 0.0)
        meter.setAccessibleName(f"{name}, {what}: {pace(value)} tokens a second")
        figure = label(f"{pace(value)} tokens/s", "small")
        figure.setAlignment(Qt.AlignmentFlag.AlignRight)
        style.sized(figure, width=88)
        line.addWidget(title)
        line.addWidget(meter, 1)
        line.addWidget(figure)
        self._body.addLayout(line)

    def _measure(self) -> None:
        self.measure.setEnabled(False)
        self.measure.setText(" Measuring …")
        self.problem.hide()
        self._tasks.talk(
            lambda face: face.library.measure(),
            wrong=self._wrong,
            then=lambda _found: self._rest(),
            owner=self,
        )

    def _rest(self) -> None:
        self.measure.setEnabled(True)
        self.measure.setText(" Measure")

    def _wrong(self, sentence: str) -> None:
        self._rest()
        self.problem.say(sentence)
        self.problem.show()
