"""When nights begin by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTime, QTimer, Signal
from PySide6.QtWidgets import QFrame, QTimeEdit

from app.desktop import style, words
from app.desktop.widgets.basic import Words, column, label, row, rule
from app.desktop.widgets.switch import Switch

if TYPE_CHECKING:
    from app.desktop.face import Schedule

ROWS = (
    ("enabled", "Sleep by itself", ""),
    ("plugged_in", "Only when plugged in", "Learning takes power."),
    ("idle", "Only when idle", "Quiet for ten minutes."),
)


class Conditions(QFrame):
    """A time and three switches; written as soon as they are changed."""

    changed = Signal(dict)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("conditions")
        self.setProperty("kind", "card")
        self._loading = False
        inside = column(self, margins=(16, 14, 16, 14), gap=8)
        inside.addWidget(label("When I sleep", "heading"))
        self.next = Words("", "small", "text-muted")
        inside.addWidget(self.next)
        inside.addWidget(rule())
        self.time = QTimeEdit()
        self.time.setObjectName("sleepTime")
        self.time.setAccessibleName("Time to fall asleep")
        self.time.setDisplayFormat("HH:mm")
        style.sized(self.time, width=76, height=32)
        self.time.setAlignment(Qt.AlignmentFlag.AlignCenter)
        style.font(self.time, "body")
        line = row(gap=8)
        line.addWidget(label("At"), 1)
        line.addWidget(self.time)
        self.switches: dict[str, Switch] = {}
        for at, (key, text, about) in enumerate(ROWS):
            inside.addLayout(self._row(key, text, about))
            if at == 0:
                inside.addLayout(line)
        self._pause = QTimer(self, singleShot=True, interval=400)
        self._pause.timeout.connect(self._tell)
        self.time.timeChanged.connect(lambda _time: self._soon())

    def show_schedule(self, schedule: Schedule) -> None:
        """Show the clock, unless it was just changed here and that is not written yet."""
        if self._pause.isActive():
            return
        self._loading = True
        for key, switch in self.switches.items():
            switch.setChecked(bool(getattr(schedule, key)))
        if not self.time.hasFocus():
            self.time.setTime(QTime(schedule.hour, schedule.minute))
        self._loading = False
        self._able()
        at = schedule.next_run or words.next_time(schedule.hour, schedule.minute)
        self.next.say(
            f"Next: {words.day(at) if words.local(at).date() <= words.now().date() else _coming(at)}, "
            f"{words.clock(at)}"
            if schedule.enabled
            else "Only when you say so."
        )

    def _row(self, key: str, text: str, about: str):  # noqa: ANN202
        line = row(gap=8)
        texts = column(gap=0)
        texts.addWidget(label(text))
        if about:
            texts.addWidget(label(about, "caption", "text-muted"))
        line.addLayout(texts, 1)
        switch = Switch(f"sleep_{key}", text)
        switch.toggled.connect(lambda _on: self._soon())
        self.switches[key] = switch
        line.addWidget(switch)
        return line

    def _able(self) -> None:
        on = self.switches["enabled"].isChecked()
        self.time.setEnabled(on)
        for key in ("plugged_in", "idle"):
            self.switches[key].setEnabled(on)

    def _soon(self) -> None:
        if not self._loading:
            self._able()
            self._pause.start()

    def _tell(self) -> None:
        time = self.time.time()
        self.changed.emit(
            {"hour": time.hour(), "minute": time.minute()}
            | {key: switch.isChecked() for key, switch in self.switches.items()}
        )


def _coming(when: object) -> str:
    days = (words.local(when).date() - words.now().date()).days
    return (
        "tonight"
        if days == 1 and words.local(when).hour < 6
        else "tomorrow"
        if days == 1
        else words.date(when)
    )
