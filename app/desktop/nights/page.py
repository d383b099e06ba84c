"""The nights: sleep now or by the clock, watch, read the report, turn down, undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.desktop import theme, words
from app.desktop.nights.calendar import Calendar
from app.desktop.nights.conditions import Conditions
from app.desktop.nights.dials import Dials
from app.desktop.nights.fourways import FourWays
from app.desktop.nights.progress import Progress
from app.desktop.nights.reading import RUNNING, read
from app.desktop.nights.report import Report
from app.desktop.nights.retention import Retention
from app.desktop.nights.tonight import Tonight
from app.desktop.widgets.basic import button, column, empty, label, row, scroll

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.desktop.bridge import Bridge
    from app.desktop.face import Choice, Schedule
    from app.desktop.tasks import Tasks
    from app.desktop.widgets.toast import Toast
    from app.events import NightEnded, NightProgress
    from memory.records import Night

NARROW = 1160


class NightsPage(QWidget):
    """Calendar and tonight on the left, the report in the middle, dials and the clock on the right."""

    changed = Signal()

    def __init__(self, tasks: Tasks, bridge: Bridge, toast: Toast) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._tasks, self._toast = tasks, toast
        self._nights: tuple[Night, ...] = ()
        self._chosen: int | None = None
        self._asleep = False
        self.calendar, self.tonight, self.report = Calendar(), Tonight(), Report()
        self.dials, self.conditions, self.progress = Dials(), Conditions(), Progress()
        self.four, self.retention = FourWays(tasks), Retention()
        outer = column(self, margins=(24, 16, 20, 16), gap=14)
        outer.addLayout(self._header())
        outer.addLayout(self._grid(), 1)
        self._wire(bridge)

    def refresh(self) -> None:
        """Read the register, tonight's list and the clock."""
        self._tasks.read(
            lambda face: (face.nights(), face.tonight(), face.schedule()),
            lambda got: self._show(*got),
            owner=self,
        )

    def choose(self, night_id: int) -> None:
        """Show one night's report."""
        self._four.setChecked(False)
        self._chosen = night_id
        self._show_chosen()

    def choose_latest(self) -> None:
        """Show the newest night that is over."""
        self._chosen = None
        self.refresh()

    def arrange(self) -> None:
        """In a narrow window the right column goes under the left one."""
        narrow = self.window().width() < NARROW * theme.current().scale
        if narrow == (self._right.parentWidget() is self._left_body):
            return
        if narrow:
            self._left.addWidget(self._right)
        else:
            self._grid_row.addWidget(self._right)

    # -- layout

    def _header(self):  # noqa: ANN202
        line = row(gap=8)
        line.addWidget(label("Nights", "title"), 1)
        self._undo = button(
            "Undo", "undoNight", kind="quiet", icon="ph.arrow-counter-clockwise", on=self._undo_night
        )
        self._four = button("Compare", "compareWays", kind="quiet", icon="ph.columns", on=self.compare)
        self._four.setToolTip("Ask the same question with and without memory")
        self._four.setCheckable(True)
        self._sleep = button("Sleep now", "sleepNow", kind="primary", icon="ph.moon-stars", on=self.sleep)
        line.addWidget(self._undo)
        line.addWidget(self._four)
        line.addWidget(self._sleep)
        return line

    def _grid(self):  # noqa: ANN202
        self._left_body = QWidget()
        self._left_body.setProperty("kind", "clear")
        self._left = column(self._left_body, gap=16)
        self._left.addWidget(self.calendar)
        self._left.addWidget(self.tonight, 1)
        left = scroll(self._left_body, "nightsLeft")
        left.setFixedWidth(284)
        self.tonight.setMinimumHeight(260)
        middle = column(gap=16)
        middle.addWidget(self.progress)
        self.progress.hide()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.report)
        none, inside = QWidget(), None
        inside = column(none)
        inside.addWidget(
            empty(
                "No nights yet",
                "The first morning report will be here tomorrow.",
                button("Sleep now", "sleepFirst", on=self.sleep),
                "noNights",
            )
        )
        inside.addStretch(1)
        self._stack.addWidget(none)
        self._stack.addWidget(self.four)
        self._stack.setCurrentIndex(1)
        middle.addWidget(self._stack, 1)
        self._right = QWidget()
        self._right.setMaximumWidth(312)
        right = column(self._right, gap=16)
        right.addWidget(self.dials)
        right.addWidget(self.retention)
        right.addWidget(self.conditions)
        right.addStretch(1)
        self._grid_row = row(gap=16)
        self._grid_row.addWidget(left)
        self._grid_row.addLayout(middle, 1)
        self._grid_row.addWidget(self._right)
        return self._grid_row

    # -- showing

    def _show(self, nights: Sequence[Night], choices: Sequence[Choice], schedule: Schedule) -> None:
        self._nights = tuple(sorted(nights, key=lambda night: night.id))
        number = max((night.id for night in nights), default=0) + 1
        self.tonight.show_choices(choices, number)
        self.conditions.show_schedule(schedule)
        self.calendar.show_tonight(schedule.enabled)
        self.tonight.show_foot(self._when(schedule))
        self.dials.show_nights(self._nights)
        self.retention.show_nights(self._nights)
        done = [night for night in self._nights if night.state not in RUNNING]
        if self._chosen is None or all(night.id != self._chosen for night in self._nights):
            self._chosen = done[-1].id if done else None
        self._choose_middle()
        self._show_chosen()

    def _when(self, schedule: Schedule) -> str:
        took = [(night.ended - night.started).total_seconds() for night in self._nights[-5:] if night.ended]
        if not schedule.enabled:
            return "Begins when you say so."
        at = f"{schedule.hour:02}:{schedule.minute:02}"
        return f"About {words.duration(sum(took) / len(took))} from {at}" if took else f"Begins at {at}"

    def _show_chosen(self) -> None:
        night = next((night for night in self._nights if night.id == self._chosen), None)
        self.calendar.show_nights(self._nights, self._chosen)
        self._undo.setVisible(night is not None and night.state == "worn")
        if night is None:
            return
        self._undo.setText(f"Undo night {night.id}")
        self._undo.setAccessibleName(self._undo.text())
        self._tasks.read(
            lambda face: face.report(night.id), lambda report: self._tell(night, report), owner=self
        )

    def _tell(self, night: Night, report: dict) -> None:
        if night.id == self._chosen:
            self.report.show_night(night, read(night, report))
            self._choose_middle()

    def _choose_middle(self) -> None:
        self._stack.setCurrentIndex(2 if self._four.isChecked() else 0 if self._chosen is not None else 1)

    # -- acts

    def compare(self) -> None:
        """Show one question four ways, or the report again."""
        self._choose_middle()
        if self._four.isChecked():
            self.four.question.setFocus()

    def sleep(self) -> None:
        """Start a night now."""
        self._show_asleep(True)
        self.progress.begin()
        self._tasks.talk(lambda face: face.start_night(), wrong=self._no_night)

    def _no_night(self, sentence: str) -> None:
        self._show_asleep(False)
        self._toast.say(sentence)

    def _wire(self, bridge: Bridge) -> None:
        bridge.night.connect(self._goes)
        bridge.night_ended.connect(self._ended)
        self.progress.cancel.connect(lambda: self._tasks.now(lambda face: face.cancel_night()))
        self.calendar.chosen.connect(self.choose)
        self._four.toggled.connect(lambda on: None if on else self.four.stop())
        self.tonight.veto.connect(self._veto)
        self.dials.scaled.connect(self._scale)
        self.conditions.changed.connect(self._plan)

    def _goes(self, event: NightProgress) -> None:
        self._show_asleep(True)
        self.progress.show_progress(event)

    def _ended(self, event: NightEnded) -> None:
        self._show_asleep(False)
        if event.night_id:
            self._chosen = event.night_id
        self.refresh()

    def _show_asleep(self, on: bool) -> None:
        self._asleep = on
        self.progress.setVisible(on)
        self._sleep.setEnabled(not on)
        self._sleep.setToolTip("A night is in progress" if on else "Start a night now")

    def _veto(self, fact_id: int, on: bool) -> None:
        self._tasks.write(lambda face: face.veto(fact_id, on))

    def _scale(self, night_id: int, value: float) -> None:
        self._tasks.write(lambda face: face.set_scale(night_id, value), owner=self)

    def _plan(self, values: dict) -> None:
        self._tasks.write(
            lambda face: face.set_schedule(**values),
            lambda _: (self.refresh(), self.changed.emit()),
            owner=self,
        )

    def _undo_night(self) -> None:
        night = next((night for night in self._nights if night.id == self._chosen), None)
        if night is None:
            return

        def back() -> None:
            self._tasks.write(
                lambda face: face.set_scale(night.id, night.scale), lambda _: self.refresh(), owner=self
            )

        self._tasks.write(lambda face: face.undo_night(night.id), lambda _: self.refresh(), owner=self)
        self._toast.say(f"Night {night.id} is not worn any more.", undo=back)
