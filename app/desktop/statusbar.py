"""The line at the foot: the model, how full its context is, the next sleep, and that all is local."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget

from app.desktop import style, theme, words
from app.desktop.widgets.basic import column, frame, icon_label, label, row
from app.desktop.widgets.meter import Meter


class StatusBar(QFrame):
    """Says in words how things are."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("statusBar")
        style.sized(self, height=theme.current().size("status"))
        inside = row(self, margins=(14, 0, 16, 0), gap=8)
        self._dot = _Dot()
        self.model = label("waking", "small", "text-muted")
        self.model.setObjectName("modelState")
        self._meter = Meter("contextMeter", "Context used", width=72)
        self._figure = label("0%", "small", "text-muted")
        self.reading = label("", "small", "text-muted")
        self.reading.setObjectName("reading")
        self.sleep = label("", "small", "text-muted")
        self.sleep.setObjectName("nextSleep")
        for part in (
            self._dot,
            self.model,
            _bar(),
            label("Context", "small", "text-muted"),
            self._meter,
            self._figure,
        ):
            inside.addWidget(part)
        self.download = self._make_download()
        inside.addWidget(self.download)
        inside.addWidget(self.reading)
        inside.addStretch(1)
        for part in (
            icon_label("ph.moon"),
            self.sleep,
            _bar(),
            icon_label("ph.bag"),
            label("All local", "small", "text-muted"),
        ):
            inside.addWidget(part)

    def show_model(self, text: str, state: str = "") -> None:
        """The model's name and whether it is awake."""
        self.model.setText(text)
        lower = text.casefold()
        down = state == "down" or "down" in lower or "asleep" in lower
        self._dot.show_tone(
            "danger" if down else "warn" if "waking" in lower or "starting" in lower else "good"
        )

    def show_context(self, share: float) -> None:
        self._meter.show_share(share)
        self._figure.setText(f"{share:.0%}")

    def show_download(self, event: object) -> None:
        """A model on its way; nothing once it ended."""
        coming = hasattr(event, "total")
        if coming:
            share = event.done / event.total if event.total else 0.0
            self._coming.setText(f"{event.title or event.name}  {share:.0%}")
        self.download.setVisible(coming)

    def show_index(self, share: float, again: bool) -> None:
        """How much of the memories can be found by meaning, until all of them can."""
        self.reading.setText(f"Reading memories {'again ' if again else ''}{share:.0%}" if share < 1 else "")

    def show_schedule(self, schedule: object) -> None:
        """When the next night begins, and on what conditions."""
        if not schedule.enabled:
            self.sleep.setText("Sleeps only when you say so")
            return
        when = f"{schedule.hour:02}:{schedule.minute:02}"
        if schedule.next_run is not None:
            when = words.clock(schedule.next_run)
        only = [text for on, text in ((schedule.plugged_in, "plugged in"), (schedule.idle, "idle")) if on]
        self.sleep.setText(f"Next sleep {when}" + (f", {' and '.join(only)} only" if only else ""))

    def show_sleep(self, sentence: str) -> None:
        self.sleep.setText(sentence)

    def _make_download(self) -> QWidget:
        made = QWidget()
        made.setObjectName("downloadState")
        inside = row(made, gap=8)
        self._coming = label("", "small", "text-muted")
        for part in (_bar(), icon_label("ph.download-simple"), self._coming):
            inside.addWidget(part)
        made.hide()
        return made


def _bar() -> QWidget:
    holder = QWidget()
    inside = column(holder, margins=(6, 8, 6, 8))
    inside.addWidget(frame("bar"))
    return holder


class _Dot(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(8, 8)
        self._tone = "warn"

    def show_tone(self, tone: str) -> None:
        self._tone = tone
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.current().color(self._tone))
        painter.drawEllipse(QRectF(self.rect()))
