"""One model that can be had: what it is, whether it fits, and how far its download is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from app.desktop import icons, style, words
from app.desktop.widgets.basic import (
    Elided,
    Words,
    button,
    chip,
    clear,
    column,
    icon_button,
    icon_label,
    label,
    row,
    rule,
)
from app.desktop.widgets.meter import Meter

if TYPE_CHECKING:
    from app.desktop.library.shapes import Fit, Offered
    from app.events import DownloadProgress

UNKNOWN = "unknown"
WIDTHS = {"size": 68, "speed": 122, "fit": 76, "acts": 118}
TONES = {"fits": "good", "tight": "warn", "too big": ""}
LICENCES = {
    "apache-2.0": "Apache 2.0",
    "mit": "MIT",
    "gemma": "Gemma licence",
    "llama3.2": "Llama 3.2 licence",
}
SAFE = "checked as it comes, goes on after a restart"


class OfferRow(QWidget):
    """A row of the list; what can be done with it is asked by name."""

    get = Signal(str)
    pause = Signal(str)
    give_up = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name, self.offered = name, None
        self._fitted: Fit | None = None
        self._acted: tuple[str, bool] | None = None
        self.setObjectName("offer")
        outer = column(self)
        body = QWidget()
        inside = column(body, margins=(16, 10, 16, 10), gap=6)
        line = row(gap=10)
        texts, head = column(gap=0), row(gap=8)
        self._title, self._nights = label("", weight=600), chip("nights", "learned")
        self._licence = Elided("", "small", "text-faint")
        head.addStrut(20)
        head.addWidget(self._title)
        head.addWidget(self._nights)
        head.addWidget(self._licence, 1)
        self._about = Elided("", "small", "text-muted")
        texts.addLayout(head)
        texts.addWidget(self._about)
        line.addLayout(texts, 1)
        self._size, self._speed = _cell("size"), _cell("speed")
        self._size.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._fit_place, self._acts_place = QWidget(), QWidget()
        style.sized(self._fit_place, width=WIDTHS["fit"])
        style.sized(self._acts_place, width=WIDTHS["acts"])
        self._fit, self._acts = row(self._fit_place), row(self._acts_place, gap=4)
        for part in (self._size, self._speed, self._fit_place, self._acts_place):
            line.addWidget(part)
        inside.addLayout(line)
        self._bar = self._make_bar()
        inside.addWidget(self._bar)
        self.problem = Words("", "small", "danger")
        self.problem.setObjectName("offerProblem")
        self.problem.hide()
        inside.addWidget(self.problem)
        outer.addWidget(body)
        outer.addWidget(rule())

    def show_offer(self, offered: Offered) -> None:
        """Everything that is known of it now."""
        self.offered = offered
        offer, found = offered.offer, offered.found
        licence = (found.licence if found else "") or offer.licence
        self._title.setText(offer.title)
        self._nights.setVisible(offered.learns)
        self._nights.setToolTip(offered.learning)
        self._licence.say(LICENCES.get(licence, licence) or "licence unknown")
        about = offer.about
        if offered.fit is not None and offered.fit.word == "too big":
            about = offered.fit.why
        self._about.say(about)
        languages = f"{offer.languages[0].upper()}{offer.languages[1:]}"
        self._about.setToolTip("\n".join((about, f"{languages}.", offered.learning)))
        self._size.setText(words.size(found.size) if found else UNKNOWN)
        self._size.setProperty("color", "text" if found else "text-faint")
        self._speed.setText(f"about {pace(offered.speed)} tokens/s" if offered.speed else "")
        self._show_fit()
        self._show_acts()
        self._show_bar()
        self.setAccessibleName(
            f"{offer.title}, {self._size.text()}, {offered.fit.word if offered.fit else ''}"
        )

    def show_progress(self, event: DownloadProgress) -> None:
        """How far it is."""
        if self.offered is None or self.offered.state != "loading":
            return
        share = event.done / event.total if event.total else 0.0
        self.meter.show_share(share)
        self._figure.setText(f"{share:.0%}")
        told = [f"{_gb(event.done)} of {_gb(event.total)} GB"]
        if event.rate:
            told.append(f"{event.rate / 1e6:.1f} MB/s")
        self._told.setText("    ".join(told))
        left = event.seconds_left
        self._left.setText(f"{words.duration(left)} left" if left is not None and event.rate else "")

    def wrong(self, sentence: str) -> None:
        """Why it could not be had; nothing clears it."""
        self.problem.say(sentence)
        self.problem.setVisible(bool(sentence))

    def narrow(self, on: bool) -> None:
        self._speed.setVisible(not on)
        self._safe.setVisible(not on)

    def _make_bar(self) -> QWidget:
        made = QWidget()
        inside = column(made, gap=4)
        line = row(gap=12)
        self.meter, self._figure = Meter("offerMeter", "Downloaded", warns=False), label("", "caption")
        line.addWidget(self.meter, 1)
        line.addWidget(self._figure)
        inside.addLayout(line)
        below = row(gap=16)
        self._told, self._left = label("", "small", "text-muted"), label("", "small", weight=500)
        below.addWidget(self._told)
        below.addWidget(self._left)
        below.addStretch(1)
        self._safe = QWidget()
        safe = row(self._safe, gap=6)
        safe.addWidget(icon_label("ph.shield-check", "good", 14))
        safe.addWidget(label(SAFE, "small", "text-muted"))
        below.addWidget(self._safe)
        inside.addLayout(below)
        return made

    def _show_fit(self) -> None:
        fit = self.offered.fit
        if fit == self._fitted and self._fit.count():
            return
        self._fitted = fit
        clear(self._fit)
        if fit is not None:
            badge = chip(fit.word, TONES[fit.word])
            badge.setObjectName("fitBadge")
            badge.setToolTip(fit.why)
            self._fit.addWidget(badge)
        self._fit.addStretch(1)

    def _show_acts(self) -> None:
        offered, title = self.offered, self.offered.offer.title
        able = offered.fit is None or offered.fit.word != "too big"
        if self._acted == (offered.state, able):  # what has the focus keeps it
            return
        self._acted = offered.state, able
        clear(self._acts)
        self._acts.addStretch(1)
        if offered.state == "loading":
            self._act("Pause", "pauseOffer", "ph.pause", self.pause, f"Pause {title}; what came is kept")
        elif offered.state == "part":
            self._act("Go on", "resumeOffer", "ph.play", self.get, f"Go on with {title}")
        else:
            self._act("Get", "getOffer", "ph.download-simple", self.get, f"Download {title}", able)
        if offered.state in ("loading", "part"):
            tip = f"Give up the download of {title}"
            self._acts.addWidget(
                icon_button("ph.x", "dropOffer", tip, on=lambda: self.give_up.emit(self.name))
            )

    def _act(self, text: str, name: str, icon: str, signal: Signal, tip: str, able: bool = True) -> None:
        made = button(text, name, icon=icon, tip=tip, height=32, on=lambda: signal.emit(self.name))
        made.setAccessibleName(tip)
        made.setEnabled(able)
        if not able:
            icons.put(made, icon, "text-disabled", 16)
        self._acts.addWidget(made)

    def _show_bar(self) -> None:
        offered = self.offered
        self._bar.setVisible(offered.state in ("loading", "part"))
        if offered.state == "loading":
            self._told.setText("Asking the hub …" if offered.found is None else "Starting …")
            self._left.setText("")
            if offered.progress is not None:
                self.show_progress(offered.progress)
            elif not offered.done:
                self.meter.show_share(0.0)
                self._figure.setText("0%")
        elif offered.state == "part":
            total = offered.found.size if offered.found else 0
            share = offered.done / total if total else 0.0
            self.meter.show_share(share)
            self._figure.setText(f"{share:.0%}" if total else "")
            self._told.setText(f"Paused at {_gb(offered.done)}{f' of {_gb(total)}' if total else ''} GB")
            self._left.setText("")


def pace(speed: float) -> str:
    """Tokens a second, as exact as it can be said."""
    return f"{speed:.0f}" if speed >= 9.5 else f"{speed:.1f}"


def _gb(count: int) -> str:
    return f"{count / 1e9:.2f}"


def _cell(name: str) -> QLabel:
    made = label()
    style.sized(made, width=WIDTHS[name])
    return made
