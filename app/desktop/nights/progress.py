"""A night as it goes: its step, how far, how well, how long still."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel

from app.desktop import words
from app.desktop.widgets.basic import button, column, label, row
from app.desktop.widgets.meter import Meter

if TYPE_CHECKING:
    from app.events import NightProgress

STEPS = (("select", "Choosing"), ("dream", "Dreaming"), ("train", "Learning"), ("exam", "Exam"))
SENTENCES = {
    "select": "I choose what is worth learning.",
    "dream": "I turn it over, in many words.",
    "train": "I practise it.",
    "exam": "I check that it is right and nothing else was lost.",
    "done": "Almost awake.",
}


class Progress(QFrame):
    """Where the night is; it can be cancelled, and nothing is lost."""

    cancel = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("nightProgress")
        self.setProperty("kind", "card")
        self.setProperty("chosen", "true")
        inside = column(self, margins=(20, 16, 20, 16), gap=12)
        head = row(gap=12)
        self.title = label("Falling asleep", "title", px=20)
        head.addWidget(self.title, 1)
        self._cancel = button(
            "Cancel", "cancelNight", icon="ph.x", tip="Stop this night; nothing is changed", on=self._stop
        )
        head.addWidget(self._cancel)
        inside.addLayout(head)
        self._steps: dict[str, QLabel] = {}
        line = row(gap=16)
        for key, text in STEPS:
            self._steps[key] = label(text, "small", "text-faint")
            line.addWidget(self._steps[key])
        line.addStretch(1)
        inside.addLayout(line)
        self.meter = Meter("nightMeter", "This step", warns=False)
        inside.addWidget(self.meter)
        foot = row(gap=20)
        self.sentence, self.loss, self.left = (label("", "small", "text-muted") for _ in range(3))
        foot.addWidget(self.sentence, 1)
        foot.addWidget(self.loss)
        foot.addWidget(self.left)
        inside.addLayout(foot)

    def begin(self) -> None:
        """Asked for, not begun yet."""
        self.title.setText("Falling asleep")
        self.sentence.setText("The night is being prepared.")
        self.loss.clear()
        self.left.clear()
        self.meter.show_share(0.0)
        self._cancel.setEnabled(True)

    def show_progress(self, event: NightProgress) -> None:
        self.title.setText(f"Asleep, night {event.night_id}")
        reached = next((n for n, (key, _) in enumerate(STEPS) if key == event.step), len(STEPS))
        for at, (key, text) in enumerate(STEPS):
            piece = self._steps[key]
            piece.setText(f"✓ {text}" if at < reached else text)
            piece.setProperty(
                "color", "good" if at < reached else "accent" if at == reached else "text-faint"
            )
            piece.style().polish(piece)
        self.meter.show_share(event.share)
        self.sentence.setText(event.sentence or SENTENCES.get(event.step, ""))
        self.loss.setText("" if event.loss is None else f"loss {event.loss:.2f}")
        self.left.setText(
            "" if event.seconds_left is None else f"about {words.duration(event.seconds_left)} left"
        )

    def _stop(self) -> None:
        self._cancel.setEnabled(False)
        self.sentence.setText("Waking up; yesterday's is worn.")
        self.cancel.emit()
