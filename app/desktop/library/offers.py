"""More that you can get: the catalogue as a list, with what fits, and the downloads in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QFrame

from app.desktop import style, theme
from app.desktop.library.offer import WIDTHS, OfferRow
from app.desktop.widgets.basic import Words, button, column, frame, icon_label, label, row
from app.desktop.widgets.field import search
from app.desktop.widgets.switch import Switch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.desktop.library.shapes import Offered
    from app.desktop.tasks import Tasks
    from app.desktop.widgets.toast import Toast
    from app.events import DownloadEnded, DownloadProgress

NETWORK = (
    "Getting a model and looking it up are the only things here that use the network, and only when you ask."
)
NARROW = 640  # pixels at the usual text size


class Offers(QFrame):
    """The list; nothing is asked of the network before a button is pressed."""

    def __init__(self, tasks: Tasks, toast: Toast) -> None:
        super().__init__()
        self.setObjectName("offers")
        self.setProperty("kind", "card")
        self._tasks, self._toast = tasks, toast
        self.rows: dict[str, OfferRow] = {}
        self._given_up: set[str] = set()
        inside = column(self)
        inside.addLayout(self._make_head())
        self.problem = Words("", "small", "danger")
        self.problem.setObjectName("lookUpProblem")
        self.problem.setContentsMargins(16, 0, 16, 8)
        self.problem.hide()
        inside.addWidget(self.problem)
        inside.addWidget(self._make_columns())
        self._list = column()
        inside.addLayout(self._list)
        self.nothing = Words("No model of the list is like this.", "body", "text-muted")
        self.nothing.setContentsMargins(16, 12, 16, 12)
        self.nothing.hide()
        inside.addWidget(self.nothing)
        foot = row(margins=(16, 12, 16, 14), gap=8)
        foot.addWidget(icon_label("ph.wifi-slash"), 0, Qt.AlignmentFlag.AlignTop)
        foot.addWidget(Words(NETWORK, "small", "text-muted"), 1)
        inside.addLayout(foot)

    def show_offers(self, offered: Sequence[Offered]) -> None:
        """What can be had, except what is here already."""
        for each in offered:
            if each.offer.name not in self.rows:
                self._add(each.offer.name)
            self.rows[each.offer.name].show_offer(each)
        self._narrow_down()
        self._settle()

    def show_progress(self, event: DownloadProgress) -> None:
        if event.name in self.rows:
            self.rows[event.name].show_progress(event)

    def show_ended(self, event: DownloadEnded) -> None:
        """It is here, or says why not."""
        if event.name not in self.rows:
            return
        self.rows[event.name].wrong(event.sentence if event.state == "refused" else "")
        if event.state == "here":
            self._toast.say(f"{self.rows[event.name].offered.offer.title} is here. Use it when you like.")

    def look_up(self) -> None:
        """Ask the hub for sizes and licences."""
        self.look.setEnabled(False)
        self.look.setText(" Looking up …")
        self._say("")
        self._tasks.talk(
            lambda face: face.library.look_up(), wrong=self._looked_wrong, then=self._looked, owner=self
        )

    def arrange(self) -> None:
        for each in self.rows.values():
            each.narrow(self._narrow)
        self._speed.setVisible(not self._narrow)

    @property
    def _narrow(self) -> bool:
        return self.width() < NARROW * theme.current().scale

    def _settle(self) -> None:
        """Rows that were filled before they were dressed have to be measured again."""
        for each in self.rows.values():
            each.layout().invalidate()
            each.layout().activate()
        self._list.invalidate()
        self.layout().activate()

    def _looked(self, problems: Sequence[str]) -> None:
        self.look.setEnabled(True)
        self.look.setText(" Look up")
        self._say(" ".join(problems[:3]) + (f" And {len(problems) - 3} more." if len(problems) > 3 else ""))

    def _looked_wrong(self, sentence: str) -> None:
        self._looked([sentence])

    def _say(self, sentence: str) -> None:
        self.problem.say(sentence)
        self.problem.setVisible(bool(sentence))

    def _make_head(self):  # noqa: ANN202
        line = row(margins=(16, 12, 16, 12), gap=12)
        line.addWidget(label("More that you can get", "heading"), 1)
        self.fitting = Switch("onlyFits", "Only what fits", show_words=True)
        self.fitting.toggled.connect(lambda _on: self._narrow_down())
        self.search = search("searchOffers", "Search")
        self.search.setAccessibleName("Search the models that can be downloaded")
        self.search.textChanged.connect(lambda _text: self._narrow_down())
        self.search.setMinimumWidth(84)
        self.search.setMaximumWidth(180)
        self.look = button(
            "Look up", "lookUp", icon="ph.cloud", tip="Ask the hub for sizes and licences", on=self.look_up
        )
        for part in (self.fitting, self.search, self.look):
            line.addWidget(part)
        return line

    def _make_columns(self) -> QFrame:
        made = frame("strip", "offerColumns")
        line = row(made, margins=(16, 4, 16, 4), gap=10)
        line.addWidget(label("Model", "caption", "text-muted"), 1)
        self._speed = label("Likely speed", "caption", "text-muted")
        size, fits = (
            label("Download", "caption", "text-muted"),
            label("This machine", "caption", "text-muted"),
        )
        size.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for part, name in ((size, "size"), (self._speed, "speed"), (fits, "fit"), (label(), "acts")):
            style.sized(part, width=WIDTHS[name])
            line.addWidget(part)
        return made

    def _add(self, name: str) -> None:
        made = self.rows[name] = OfferRow(name)
        made.get.connect(self._get)
        made.pause.connect(lambda name: self._tasks.now(lambda face: face.library.pause(name)))
        made.give_up.connect(self._give_up)
        made.narrow(self._narrow)
        self._list.addWidget(made)

    def _get(self, name: str) -> None:
        self.rows[name].wrong("")
        self._tasks.write(lambda face: face.library.download(name), owner=self, wrong=self.rows[name].wrong)

    def _give_up(self, name: str) -> None:
        """Pause, and throw away what came, unless it is taken back."""
        title = self.rows[name].offered.offer.title
        self._tasks.now(lambda face: face.library.pause(name))
        self._hide(name, True)
        self._toast.say(
            f"Gave up the download of {title}.",
            undo=lambda: self._hide(name, False),
            after=lambda: self._discard(name),
        )

    def _discard(self, name: str) -> None:
        self._tasks.write(lambda face: face.library.discard(name))
        self._hide(name, False)

    def _hide(self, name: str, on: bool) -> None:
        (self._given_up.add if on else self._given_up.discard)(name)
        self._narrow_down()

    def _narrow_down(self) -> None:
        looked_for = self.search.text().casefold()
        some = any(each.offered.fit is not None for each in self.rows.values())
        if not some:
            with QSignalBlocker(self.fitting):
                self.fitting.setChecked(False)
        self.fitting.setEnabled(some)
        self.fitting.setToolTip("" if some else "Look up first: sizes are unknown")
        for name, each in self.rows.items():
            each.setVisible(name not in self._given_up and self._wanted(each.offered, looked_for))
        self.nothing.setVisible(bool(self.rows) and all(each.isHidden() for each in self.rows.values()))

    def _wanted(self, offered: Offered, looked_for: str) -> bool:
        offer = offered.offer
        text = f"{offer.title} {offer.about} {offer.languages} {offer.licence}".casefold()
        too_big = offered.fit is None or offered.fit.word == "too big"
        busy = offered.state in ("loading", "part")
        fits = busy or not (self.fitting.isChecked() and too_big)
        return offered.state != "here" and looked_for in text and fits
