"""What happened to a fact, newest first: a dated line per change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.desktop import theme, words
from app.desktop.widgets.basic import Words, clear, column, label, row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from memory.records import Fact


def events(history: Sequence[Fact]) -> list[tuple[str, str, bool]]:
    """(when, what, by a night) of each version, newest first."""
    versions = sorted(history, key=lambda fact: (fact.recorded, fact.id))
    made: list[tuple[str, str, bool]] = []
    for at, fact in enumerate(versions):
        day = words.brief(fact.recorded)
        if at:
            made.append((day, f"Changed from “{versions[at - 1].value}” to “{fact.value}”", False))
        else:
            made.append(
                (
                    day,
                    {"typed": "You typed it", "imported": "Imported"}.get(
                        fact.origin, "Noticed in what you said"
                    ),
                    False,
                )
            )
    if versions:
        last = versions[-1]
        made += [("", f"Learned on night {night}", True) for night in sorted(last.nights)]
        if last.retracted is not None:
            made.append((words.brief(last.retracted), "You said that this is not so", False))
        elif last.state == "expired":
            made.append((words.brief(last.valid_to or last.recorded), "Its time was over", False))
        elif last.state == "planned":
            made.append(("", f"Begins on {words.date(last.valid_from or last.recorded)}", False))
        elif last.state == "proposed":
            made.append(("", "Waits for your yes or no", False))
    return made[::-1]


class History(QWidget):
    """A thin line with a dot per event; blue when a night did it."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("factHistory")
        self.setAccessibleName("History")
        self._column = column(self, gap=10)

    def show_facts(self, history: Sequence[Fact]) -> None:
        clear(self._column)
        found = events(history)
        for at, (day, text, night) in enumerate(found):
            line = row(gap=0)
            when = label(day, "small", "text-muted")
            when.setFixedWidth(60)
            when.setAlignment(Qt.AlignmentFlag.AlignTop)
            line.addWidget(when)
            line.addWidget(_Dot(night, last=at == len(found) - 1))
            line.addWidget(Words(text, "small", line=18), 1)
            self._column.addLayout(line)


class _Dot(QWidget):
    def __init__(self, night: bool, *, last: bool) -> None:
        super().__init__()
        self.setFixedWidth(20)
        self._night, self._last = night, last

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if not self._last:
            painter.setBrush(now.color("border-strong"))
            painter.drawRect(QRectF(5.5, 16, 1, max(0, self.height() - 16)))
        painter.setBrush(now.color("learned" if self._night else "before"))
        painter.drawEllipse(QRectF(2.5, 6, 7, 7))
