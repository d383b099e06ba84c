"""The models: those that are here, those that can be had, a file of one's own, and how quick they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.desktop import theme, words
from app.desktop.library.drop import Drop
from app.desktop.library.here import Here, Together, in_use
from app.desktop.library.measured import MeasuredCard
from app.desktop.library.offers import Offers
from app.desktop.widgets.basic import clear, column, icon_label, label, row, scroll

if TYPE_CHECKING:
    from pathlib import Path

    from app.desktop.bridge import Bridge
    from app.desktop.face import Face
    from app.desktop.library.shapes import Machine
    from app.desktop.tasks import Tasks
    from app.desktop.widgets.toast import Toast

__all__ = ["ModelsPage", "in_use"]

WIDE, BESIDE = 920, 820  # pixels at the usual text size


class ModelsPage(QWidget):
    """Cards of what is here, the list of what can be had, and the side."""

    changed = Signal()

    def __init__(self, tasks: Tasks, bridge: Bridge, toast: Toast) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._tasks, self._toast = tasks, toast
        self._removing: set[str] = set()
        self._told: list[QWidget] = []
        self.here, self.offers, self.measured = Here(), Offers(tasks, toast), MeasuredCard(tasks)
        self.drop, self.together = Drop(), Together()
        self.search = self.offers.search
        self.drop.chosen.connect(self.use)
        self.here.use.connect(self.use)
        self.here.remove.connect(self.remove)
        bridge.download.connect(self.offers.show_progress)
        bridge.download_ended.connect(self.offers.show_ended)
        outer = column(self, margins=(24, 16, 24, 16), gap=14)
        head = row(gap=16)
        head.addWidget(label("Models", "title"), 1)
        self._machine = row(gap=18)
        head.addLayout(self._machine)
        outer.addLayout(head)
        line = row(gap=16)
        self._more = stack(self.measured, self.drop, self.together)
        self._main = stack(self.here, self.offers)
        self._side = scroll(self._more, "modelSide")
        line.addWidget(scroll(self._main, "modelCards"), 1)
        line.addWidget(self._side)
        outer.addLayout(line, 1)

    def refresh(self) -> None:
        """Read everything anew; what takes longer comes after."""
        self._tasks.read(lambda face: face.library.machine(), self._show_machine, owner=self)
        self._tasks.read(_known, lambda got: self._show(*got), owner=self)
        self._tasks.read(
            lambda face: (face.models(), face.settings(), face.library.learned()),
            lambda got: self._show_learned(*got),
            owner=self,
        )

    def arrange(self) -> None:
        """The side stands beside the rest where there is room for both, else below it."""
        room = self.width() / theme.current().scale
        self._side.setFixedWidth(340 if room >= WIDE else 280)
        narrow = room < BESIDE
        if narrow != self._side.isHidden():
            self._side.setHidden(narrow)
            if narrow:
                self._main.layout().insertWidget(2, self._side.takeWidget())
                self._more.show()
            else:
                self._side.setWidget(self._more)
        self._show_some()
        self.here.arrange()
        self.offers.arrange()

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self.arrange()

    def use(self, path: Path) -> None:
        """Answer with this file from now on, or say why not."""
        self.drop.busy(path.name)

        def done(_value: object) -> None:
            self.drop.rest()
            self.refresh()
            self.changed.emit()

        self._tasks.write(lambda face: face.use_model(path), done, owner=self, wrong=self.drop.wrong)

    def remove(self, name: str, title: str) -> None:
        """Delete a downloaded model once nobody took it back."""
        self._removing.add(name)
        self.refresh()

        def back() -> None:
            self._removing.discard(name)
            self.refresh()

        def gone() -> None:
            self._tasks.write(
                lambda face: face.library.remove(name), lambda _done: back(), wrong=self._stays(name)
            )

        self._toast.say(f"{title} was removed.", undo=back, after=gone)

    def _stays(self, name: str) -> Any:
        def say(sentence: str) -> None:
            self._removing.discard(name)
            self._toast.say(sentence)
            self.refresh()

        return say

    def _show_machine(self, machine: Machine) -> None:
        clear(self._machine)
        self._told = []
        for icon, text in told(machine):
            piece = QWidget()
            inside = row(piece, gap=6)
            inside.addWidget(icon_label(icon))
            inside.addWidget(label(text, "small", "text-muted"))
            self._machine.addWidget(piece)
            self._told.append(piece)
        self._show_some()

    def _show_some(self) -> None:
        """Of the machine, what there is room for: memory and disk first."""
        for number, piece in enumerate(self._told):
            piece.setVisible(number in (1, 2) or not self._side.isHidden())

    def _show(self, models: Any, settings: Any, offered: Any, measured: Any) -> None:
        going = {each.path for each in offered if each.offer.name in self._removing}
        self.here.show_models(
            [each for each in models if each.path not in going], settings, offered, measured
        )
        self.offers.show_offers(offered)
        self.measured.show_measured(measured.values())

    def _show_learned(self, models: Any, settings: Any, learned: Any) -> None:
        self.here.show_learned(learned)
        self.together.show_learned(models, settings, learned)


def told(machine: Machine) -> list[tuple[str, str]]:
    """What this machine has, as icons and words."""
    cards = [f"{card.name}, {words.size(card.memory)}" for card in machine.cards]
    return [
        ("ph.cpu", words.plural(machine.cores, "core")),
        ("ph.rows", f"{words.size(machine.memory)} memory, {machine.available / 1e9:.1f} free"),
        ("ph.hard-drives", f"{words.size(machine.disk)} disk free"),
        *([("ph.monitor", ", ".join(cards))] if cards else [("ph.prohibit", "no graphics card")]),
    ]


def _known(face: Face) -> tuple[Any, ...]:
    library = face.library
    return face.models(), face.settings(), library.offers(), library.measured()


def stack(*parts: QWidget) -> QWidget:
    """Parts one under the other, for a scroll area."""
    body = QWidget()
    body.setProperty("kind", "clear")
    inside = column(body, gap=16)
    for part in parts:
        inside.addWidget(part)
    inside.addStretch(1)
    return body
