"""A column of messages that is scrolled: what is taken from it or added to it does not move what is read."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, Qt, QTimer
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.desktop import theme
from app.desktop.widgets.basic import button, column, frame, row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from app.desktop.chat.message import Message

NEAR, TOP, GAP = 48, 16, 14
AIR = 7
MOMENT = 1800  # milliseconds
ROUNDS = 16  # at most: heights follow widths follow heights


class Roll(QScrollArea):
    """``messages`` are shown in their order; ``follow`` keeps the foot in sight while they grow.

    ``ends`` says whether the last of all messages is there.
    """

    def __init__(self, name: str, accessible: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.messages: list[Message] = []
        self.follow = self.ends = True
        self._holding = False
        self._ends, self._column = self._make_body()
        self.ground = frame("lit", "pointedOut")
        self.ground.setParent(self.widget())
        self.ground.hide()
        self._dark = QTimer(self, singleShot=True, interval=MOMENT)
        self._dark.timeout.connect(self.ground.hide)
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(self._grown)
        bar.valueChanged.connect(self._scrolled)

    def end_button(self, words: str, name: str, icon: str, on: Callable[[], object]) -> QPushButton:
        """A quiet button above or below the messages: the first that is made stands above."""
        made = button(words, name, kind="quiet", icon=icon, on=on)
        made.hide()
        at = 0 if self._ends.count() == 2 else 2
        self._ends.insertWidget(at, made, 0, Qt.AlignmentFlag.AlignHCenter)
        return made

    def add(self, messages: Sequence[Message], at: int | None = None) -> None:
        """Put messages at the end, or before the one at an index."""
        start = len(self.messages) if at is None else at
        place = self._column.count() if at is None else at
        for number, message in enumerate(messages):
            self._column.insertWidget(place + number, message)
            message.show()  # else Qt shows it later, and until then it has no height
        self.messages[start:start] = messages

    def remove(self, messages: Sequence[Message]) -> None:
        gone = set(messages)
        self.messages = [each for each in self.messages if each not in gone]
        for message in gone:
            self.take_out(message)

    def clear(self) -> None:
        while (item := self._column.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()
        self.messages = []
        self.ground.hide()

    def put_beside(self, message: Message, widget: QWidget) -> None:
        """Something that stands where a message does, until it is taken out."""
        self._column.insertWidget(self._column.indexOf(message), widget)
        widget.show()

    def take_out(self, widget: QWidget) -> None:
        self._column.removeWidget(widget)
        widget.hide()
        widget.deleteLater()

    def settle(self) -> None:
        """Lay everything out now."""
        before = -1
        for _ in range(ROUNDS):
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
            self.widget().layout().activate()
            now = self.widget().sizeHint().height()
            if now == before == self.widget().height():
                return
            before = now

    @contextmanager
    def held(self) -> Iterator[None]:
        """Whatever is done meanwhile, the first message in sight stays where it is."""
        anchor = self._first_in_sight()
        before = self._y(anchor) if anchor is not None else 0
        self.setUpdatesEnabled(False)
        self._holding = True
        try:
            yield
            self.settle()
            if anchor is not None and anchor in self.messages and not self.follow:
                bar = self.verticalScrollBar()
                bar.setValue(bar.value() + self._y(anchor) - before)
            elif self.follow:
                self.to_foot()
        finally:
            self._holding = False
            self.setUpdatesEnabled(True)

    def show_top(self, message: Message) -> None:
        """Scroll so that a message stands near the top."""
        self.follow = False
        bar = self.verticalScrollBar()
        bar.setValue(max(0, bar.value() + self._y(message) - TOP))

    def point_out(self, message: Message) -> None:
        """Put a message on another ground for a moment: it is what was looked for."""
        place = QRect(message.mapTo(self.widget(), QPoint(0, 0)), message.size())
        self.ground.setGeometry(place.adjusted(-AIR, -AIR, AIR, AIR))
        self.ground.lower()
        self.ground.show()
        self._dark.start()

    def to_foot(self) -> None:
        self.follow = True
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    def _first_in_sight(self) -> Message | None:
        return next((each for each in self.messages if self._y(each) + each.height() > 0), None)

    def _y(self, message: QWidget) -> int:
        """Where a message begins, below the upper edge of what is seen."""
        return message.mapTo(self.widget(), QPoint(0, 0)).y() - self.verticalScrollBar().value()

    def _make_body(self) -> tuple[QVBoxLayout, QVBoxLayout]:
        body = QWidget()
        body.setObjectName("transcriptBody")
        self._lines = lines = row(body, margins=(24, TOP, 24, 8), gap=0)
        holder = QWidget()
        holder.setMaximumWidth(theme.current().size("text-column-max"))
        holder.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        outer, made = column(holder, gap=GAP), column(gap=GAP)
        outer.addLayout(made)
        outer.addStretch(1)
        lines.addStretch(1)
        lines.addWidget(holder, 100_000)
        lines.addStretch(1)
        self.setWidget(body)
        return outer, made

    def _grown(self) -> None:
        # the bar takes its room from the margin, so that the words do not move when it comes
        bar = self.verticalScrollBar()
        taken = bar.sizeHint().width() if bar.maximum() else 0
        self._lines.setContentsMargins(24, TOP, 24 - taken, 8)
        if self.follow and not self._holding:
            self.to_foot()

    def _scrolled(self, value: int) -> None:
        if not self._holding:
            self.follow = self.ends and value >= self.verticalScrollBar().maximum() - NEAR
