"""The morning report: what was learned, what was refused and why, and the exam."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from app.desktop import style, words
from app.desktop.nights.reading import RUNNING, Line, Reading
from app.desktop.widgets.bars import Bars
from app.desktop.widgets.basic import (
    Words,
    button,
    chip,
    clear,
    column,
    frame,
    icon_label,
    label,
    row,
    rule,
    scroll,
)

if TYPE_CHECKING:
    from memory.records import Night

FEW = 4
STATE = {
    "worn": ("worn", "good"),
    "kept": ("not worn", "danger"),
    "undone": ("undone", ""),
    "cancelled": ("cancelled", ""),
    "failed": ("failed", "danger"),
}


class Report(QFrame):
    """One night, told in the morning."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("report")
        self.setProperty("kind", "card")
        outer = column(self)
        body = QWidget()
        body.setProperty("kind", "clear")
        self._column = column(body, margins=(20, 14, 20, 14), gap=12)
        self._column.setAlignment(Qt.AlignmentFlag.AlignTop)
        outer.addWidget(scroll(body, "reportScroll"))

    def show_night(self, night: Night, reading: Reading) -> None:
        """Tell about a night."""
        clear(self._column)
        self._column.addLayout(self._head(night, reading))
        self._column.addWidget(self._figures(night, reading))
        if reading.exam:
            self._column.addLayout(self._exam(reading))
        if reading.learned or reading.refused:
            self._column.addWidget(rule())
            lists = row(gap=24)
            lists.addLayout(self._list("Learned", list(reading.learned), "ph.check", "good"), 1)
            lists.addLayout(self._list("Refused, and why", list(reading.refused), "ph.x", "danger"), 1)
            self._column.addLayout(lists)

    def _head(self, night: Night, reading: Reading):  # noqa: ANN202
        line = row(gap=12)
        texts = column(gap=0)
        texts.addWidget(Words(reading.headline, "title", px=20, line=28))
        texts.addWidget(
            label(f"Night {night.id}, {words.spans_night(night.started, night.ended)}", "small", "text-muted")
        )
        line.addLayout(texts, 1)
        text, tone = (
            ("in progress", "warn") if night.state in RUNNING else STATE.get(night.state, (night.state, ""))
        )
        line.addWidget(chip(text, tone), 0, Qt.AlignmentFlag.AlignVCenter)
        return line

    def _figures(self, night: Night, reading: Reading) -> QFrame:
        box = frame("inner", "reportFigures")
        style.sized(box, height=62)
        line = row(box, gap=0)
        learned = len(reading.learned) or (len(night.facts) if night.state == "worn" else 0)
        figures = (
            (str(learned), "learned"),
            (str(len(reading.refused)), "refused"),
            (words.duration(reading.minutes * 60), "asleep"),
            (f"{night.scale:g}", "scale worn"),
        )
        for at, (figure, text) in enumerate(figures):
            if at:
                line.addWidget(frame("bar"))
            piece = column(margins=(4, 6, 4, 6), gap=0)
            for part in (label(figure, "title", px=20), label(text, "small", "text-muted")):
                part.setAlignment(Qt.AlignmentFlag.AlignCenter)
                piece.addWidget(part)
            line.addLayout(piece, 1)
        return box

    def _exam(self, reading: Reading) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(0, 168)
        grid.addWidget(label("The exam, percent right", "caption", "text-muted"), 0, 0)
        grid.addWidget(_legend(), 0, 1, 1, 4, Qt.AlignmentFlag.AlignRight)
        for at, line in enumerate(reading.exam, 1):
            self._exam_line(grid, at, line)
        return grid

    def _exam_line(self, grid: QGridLayout, at: int, line: Line) -> None:
        says = (
            f"{line.name}: before {_figure(line.before)}, after {_figure(line.after)}, must reach "
            f"{_figure(line.must)}, {'passed' if line.passed else 'not passed'}"
        )
        grid.addWidget(label(line.name), at, 0)
        grid.addWidget(Bars(line.before, line.after, line.must, says), at, 1)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        grid.addWidget(label(_figure(line.before), "body", "text-muted"), at, 2, right)
        grid.addWidget(label(_figure(line.after), "body", weight=600), at, 3, right)
        icon, color = ("ph.check-circle-fill", "good") if line.passed else ("ph.x-circle-fill", "danger")
        grid.addWidget(icon_label(icon, color), at, 4)

    def _list(self, title: str, items: list[tuple[str, str]], icon: str, color: str):  # noqa: ANN202
        made = column(gap=4)
        made.setAlignment(Qt.AlignmentFlag.AlignTop)
        made.addWidget(label(title, "caption", "text-muted"))
        if not items:
            made.addWidget(label("nothing", "small", "text-muted"))
        more = [_item(text, why, icon, color) for text, why in items]
        for at, part in enumerate(more):
            if at >= FEW:
                part.hide()
            made.addWidget(part)
        if len(items) > FEW:
            show = button(f"{len(items) - FEW} more", f"more{title.split(',')[0]}", kind="link", height=26)
            show.clicked.connect(lambda _checked=False: ([part.show() for part in more], show.hide()))
            made.addWidget(show, 0, Qt.AlignmentFlag.AlignLeft)
        return made


def _item(text: str, why: str, icon: str, color: str) -> QWidget:
    part = QWidget()
    line = row(part, gap=8)
    sign = icon_label(icon, color, 14)
    sign.setFixedHeight(20)
    line.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
    texts = column(gap=0)
    texts.addWidget(Words(text))
    if why:
        texts.addWidget(Words(why, "small", "text-muted"))
    line.addLayout(texts, 1)
    return part


def _legend() -> QWidget:
    made = QWidget()
    line = row(made, gap=6)
    for color, text in (("before", "before"), ("accent", "after")):
        line.addWidget(icon_label("ph.minus-circle-fill", color, 10))
        line.addWidget(label(text, "caption", "text-muted"))
        line.addSpacing(6)
    line.addWidget(label("|", "caption", weight=600))
    line.addWidget(label("must reach", "caption", "text-muted"))
    return made


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}"
