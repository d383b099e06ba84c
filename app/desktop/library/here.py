"""The models that are here: a card each, and what belongs to them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from app.desktop import theme, words
from app.desktop.library.offer import pace
from app.desktop.widgets.basic import (
    Words,
    button,
    chip,
    clear,
    column,
    frame,
    icon_button,
    icon_label,
    label,
    row,
    rule,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.desktop.face import ModelCard, Settings
    from app.desktop.library.shapes import Learned, Measured, Offered

NARROW = 660  # pixels at the usual text size


class Here(QWidget):
    """Cards, two beside each other where there is room."""

    use = Signal(object)
    remove = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("modelsHere")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(16)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        self.cards: list[QFrame] = []
        self._learned: Mapping[Path, Learned] = {}
        self._given: (
            tuple[Sequence[ModelCard], Settings, Sequence[Offered], Mapping[Path, Measured]] | None
        ) = None

    def show_models(
        self,
        models: Sequence[ModelCard],
        settings: Settings,
        offered: Sequence[Offered],
        measured: Mapping[Path, Measured],
    ) -> None:
        """Everything that can answer."""
        self._given = (models, settings, offered, measured)
        self._fill()

    def show_learned(self, learned: Mapping[Path, Learned]) -> None:
        """The nights of each, which may take a moment to count."""
        self._learned = learned
        self._fill()

    def arrange(self) -> None:
        columns = 1 if self.width() < NARROW * theme.current().scale else 2
        for number, card in enumerate(self.cards):
            wide = columns if len(self.cards) == 1 else 1
            self._grid.addWidget(card, number // columns, number % columns, 1, wide)
        self._grid.setColumnStretch(1, 0 if columns == 1 else 1)

    def _fill(self) -> None:
        if self._given is None:
            return
        models, settings, offered, measured = self._given
        clear(self._grid)
        named = {each.path: each.offer.name for each in offered if each.state == "here"}
        self.cards = [
            self._card(
                model,
                in_use(model, settings),
                named.get(Path(model.path), ""),
                measured.get(Path(model.path)),
            )
            for model in models
        ]
        self.arrange()

    def _card(self, model: ModelCard, now: bool, name: str, measured: Measured | None) -> QFrame:
        card = frame("card", "modelCard")
        card.setProperty("chosen", "true" if now else "false")
        card.setAccessibleName(f"{model.name}{', in use' if now else ''}")
        inside = column(card, margins=(16, 12, 16, 12), gap=8)
        head = row(gap=8)
        head.addWidget(label(model.name, "title", px=18), 1)
        if model.builtin:
            head.addWidget(chip("built in"))
        if now:
            head.addWidget(chip("in use", "good"))
        elif model.problem or not model.fits:
            head.addWidget(chip("cannot be used" if model.problem else "too big", "danger"))
        inside.addLayout(head)
        about = " ".join(
            filter(None, (model.about or str(model.path), nights(self._learned.get(Path(model.path)))))
        )
        inside.addWidget(Words(about, "body", "text-muted"))
        if model.problem:
            inside.addWidget(Words(model.problem, "small", "danger"))
        inside.addStretch(1)
        inside.addWidget(rule())
        foot = row(gap=24)
        for figure, text in figures(model, measured):
            piece = column(gap=0)
            piece.addWidget(label(figure, "body", weight=600))
            piece.addWidget(label(text, "caption", "text-muted"))
            foot.addLayout(piece)
        foot.addStretch(1)
        if not now:
            self._add_acts(foot, model, name)
        inside.addLayout(foot)
        return card

    def _add_acts(self, foot, model: ModelCard, name: str) -> None:  # noqa: ANN001
        if name:
            tip = f"Remove {model.name} from this machine"
            gone = icon_button("ph.trash", "removeModel", tip, on=lambda: self.remove.emit(name, model.name))
            foot.addWidget(gone, 0, Qt.AlignmentFlag.AlignBottom)
        use = button("Use this", "useModel", on=lambda: self.use.emit(Path(model.path)))
        use.setAccessibleName(f"Use {model.name}")
        use.setEnabled(not model.problem)
        foot.addWidget(use, 0, Qt.AlignmentFlag.AlignBottom)


class Together(QFrame):
    """What belongs together: which nights learned on which model, and who finds the notes."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("together")
        self.setProperty("kind", "card")
        inside = column(self, margins=(16, 14, 16, 14), gap=10)
        inside.addWidget(label("What belongs together", "heading"))
        inside.addWidget(rule())
        self._list = column(gap=10)
        inside.addLayout(self._list)
        self._list.addLayout(
            _line("ph.magnifying-glass", "MiniLM L6, finds your notes", "built in", "ready", "good")
        )
        told = "Another model starts with all your memories, and learns its own nights from them."
        inside.addWidget(Words(told, "small", "text-muted"))

    def show_learned(
        self, models: Sequence[ModelCard], settings: Settings, learned: Mapping[Path, Learned]
    ) -> None:
        clear(self._list)
        for model in models:
            own = learned.get(Path(model.path))
            if own is None or not own.nights:
                continue
            state = ("worn", "learned") if own.worn and in_use(model, settings) else ("resting", "")
            title = words.plural(own.nights, "night")
            self._list.addLayout(_line("ph.moon-stars", title, f"learned on {model.name}", *state))
        self._list.addLayout(
            _line("ph.magnifying-glass", "MiniLM L6, finds your notes", "built in", "ready", "good")
        )


def in_use(model: ModelCard, settings: Settings) -> bool:
    """Whether this is the model that answers: the settings name it, or name none."""
    return str(model.path) == settings.model if settings.model else model.builtin


def nights(learned: Learned | None) -> str:
    """How many nights learned on a model, in words."""
    if learned is None or not learned.nights:
        return ""
    worn = {0: "", learned.nights: ""}.get(learned.worn, f", {learned.worn} of them worn")
    return f"{words.plural(learned.nights, 'night')} learned on it{worn}."


def figures(model: ModelCard, measured: Measured | None = None) -> list[tuple[str, str]]:
    """What is known of a model, in words; nothing is made up."""
    known = (
        (words.size(model.size) if model.size else "", "on disk"),
        (model.architecture, "kind"),
        (pace(measured.writing) if measured else "", "tokens/s"),
    )
    return [(figure, text) for figure, text in known if figure]


def _line(icon: str, title: str, about: str, state: str, tone: str):  # noqa: ANN202
    line = row(gap=12)
    line.addWidget(icon_label(icon, "learned" if tone == "learned" else "text-muted", 18))
    texts = column(gap=0)
    texts.addWidget(label(title))
    texts.addWidget(Words(about, "small", "text-muted"))
    line.addLayout(texts, 1)
    line.addWidget(chip(state, tone))
    return line
