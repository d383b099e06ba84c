"""The models: the one in use, the others that are here, and a file of one's own."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QWidget

from app.desktop import style, words
from app.desktop.widgets.basic import (
    Words,
    button,
    chip,
    clear,
    column,
    frame,
    icon_label,
    label,
    row,
    rule,
    scroll,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent

    from app.desktop.face import ModelCard, Settings
    from app.desktop.tasks import Tasks


class ModelsPage(QWidget):
    """Cards, and a place to drop a GGUF."""

    changed = Signal()

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._tasks = tasks
        self.drop = Drop()
        self.drop.chosen.connect(self.use)
        outer = column(self, margins=(24, 16, 24, 16), gap=14)
        head = row(gap=16)
        head.addWidget(label("Models", "title"), 1)
        self._machine = row(gap=6)
        head.addLayout(self._machine)
        outer.addLayout(head)
        line = row(gap=16)
        body = QWidget()
        body.setProperty("kind", "clear")
        self._cards = column(body, gap=16)
        self._cards.setAlignment(Qt.AlignmentFlag.AlignTop)
        line.addWidget(scroll(body, "modelCards"), 1)
        self._side = QWidget()
        side = column(self._side, gap=16)
        side.addWidget(self.drop)
        side.addWidget(_together())
        side.addStretch(1)
        line.addWidget(self._side)
        outer.addLayout(line, 1)

    def refresh(self) -> None:
        self._tasks.read(lambda face: machine(Path(face.home.path)), self._show_machine, owner=self)
        self._tasks.read(
            lambda face: (face.models(), face.settings(), face.model_state(), len(worn(face.nights()))),
            lambda got: self._show(*got),
            owner=self,
        )

    def arrange(self) -> None:
        self._side.setFixedWidth(340 if self.window().width() >= 1000 else 280)

    def use(self, path: Path) -> None:
        """Answer with this file from now on, or say why not."""
        self.drop.busy(path.name)

        def done(_value: object) -> None:
            self.drop.rest()
            self.refresh()
            self.changed.emit()

        self._tasks.write(lambda face: face.use_model(path), done, owner=self, wrong=self.drop.wrong)

    def _show_machine(self, facts: list[tuple[str, str]]) -> None:
        clear(self._machine)
        for icon, text in facts:
            self._machine.addWidget(icon_label(icon))
            self._machine.addWidget(label(text, "small", "text-muted"))
            self._machine.addSpacing(10)

    def _show(self, models: Sequence[ModelCard], settings: Settings, state: str, nights: int) -> None:
        clear(self._cards)
        for model in models:
            now = in_use(model, settings)
            self._cards.addWidget(self._card(model, now, nights if now else 0))

    def _card(self, model: ModelCard, now: bool, nights: int) -> QFrame:
        card = frame("card", "modelCard")
        card.setProperty("chosen", "true" if now else "false")
        inside = column(card, margins=(16, 12, 16, 12), gap=8)
        head = row(gap=8)
        head.addWidget(label(model.name, "title", px=18), 1)
        if model.builtin:
            head.addWidget(chip("built in"))
        if now:
            head.addWidget(chip("in use", "good"))
        elif model.problem or not model.fits:
            head.addWidget(chip("cannot be used" if model.problem else "too large", "danger"))
        inside.addLayout(head)
        learned = f" {words.plural(nights, 'night')} learned on it." if nights else ""
        inside.addWidget(Words((model.about or str(model.path)) + learned, "body", "text-muted"))
        if model.problem:
            inside.addWidget(Words(model.problem, "small", "danger"))
        inside.addWidget(rule())
        foot = row(gap=32)
        for figure, text in figures(model):
            piece = column(gap=0)
            piece.addWidget(label(figure, "body", weight=600))
            piece.addWidget(label(text, "caption", "text-muted"))
            foot.addLayout(piece)
        foot.addStretch(1)
        if not now:
            foot.addWidget(button("Use this", "useModel", on=lambda: self.use(Path(model.path))))
        inside.addLayout(foot)
        return card


class Drop(QFrame):
    """Use a GGUF I have: choose it, or drop it here; a refusal stands in place."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("useOwn")
        self.setProperty("kind", "card")
        self.setAcceptDrops(True)
        inside = column(self, margins=(16, 14, 16, 16), gap=10)
        inside.addWidget(label("Use a GGUF I have", "heading"))
        self._box = frame("drop", "dropZone")
        line = row(self._box, margins=(14, 12, 12, 12), gap=8)
        texts = column(gap=0)
        texts.addWidget(label("Drop a file here"))
        texts.addWidget(label("It stays where it is.", "small", "text-muted"))
        line.addLayout(texts, 1)
        self._choose = button("Choose", "chooseModel", icon="ph.file-arrow-up", on=self.ask)
        line.addWidget(self._choose)
        inside.addWidget(self._box)
        self.words = Words("", "small", "danger")
        self.words.setObjectName("modelProblem")
        self.words.hide()
        inside.addWidget(self.words)

    def ask(self) -> None:
        """Choose a file. Shown without blocking the window."""
        dialog = QFileDialog(self, "Use a GGUF I have", "", "GGUF models (*.gguf);;All files (*)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.chosen.emit(Path(name)))
        dialog.open()

    def busy(self, name: str) -> None:
        self._say(f"Reading {name} …", "text-muted")
        self._choose.setEnabled(False)

    def rest(self) -> None:
        self._choose.setEnabled(True)
        self.words.hide()
        style.restyle(self._box, over="false")

    def wrong(self, sentence: str) -> None:
        """Say why a file was refused; what was in use still is."""
        self._choose.setEnabled(True)
        self._say(sentence, "danger")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
            style.restyle(self._box, over="true")

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        style.restyle(self._box, over="false")

    def dropEvent(self, event: QDropEvent) -> None:
        style.restyle(self._box, over="false")
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            self.chosen.emit(files[0])

    def _say(self, sentence: str, color: str) -> None:
        style.restyle(self.words, color=color)
        self.words.say(sentence)
        self.words.show()


def worn(nights: Sequence[Any]) -> list[Any]:
    return [night for night in nights if night.state == "worn"]


def in_use(model: ModelCard, settings: Settings) -> bool:
    """Whether this is the model that answers: the settings name it, or name none."""
    return str(model.path) == settings.model if settings.model else model.builtin


def figures(model: ModelCard) -> list[tuple[str, str]]:
    """What is known of a model, in words; nothing is made up."""
    known = ((words.size(model.size) if model.size else "", "on disk"), (model.architecture, "kind"))
    return [(figure, text) for figure, text in known if figure]


def machine(folder: Path) -> list[tuple[str, str]]:
    """What this machine has, as icons and words."""
    memory = psutil.virtual_memory()
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return [
        ("ph.cpu", words.plural(os.cpu_count() or 1, "core")),
        ("ph.rows", f"{words.size(memory.total)} memory, {memory.available / 1e9:.1f} free"),
        ("ph.hard-drives", f"{words.size(shutil.disk_usage(folder).free)} disk free"),
    ]


def _together() -> QFrame:
    card = frame("card", "together")
    inside = column(card, margins=(16, 14, 16, 14), gap=10)
    inside.addWidget(label("What belongs together", "heading"))
    inside.addWidget(rule())
    for icon, title, about, state in (
        ("ph.moon-stars", "Nights", "learned on the model in use", "per model"),
        ("ph.magnifying-glass", "MiniLM L6, finds your notes", "built in", "ready"),
    ):
        line = row(gap=12)
        line.addWidget(icon_label(icon, "text-muted", 18))
        texts = column(gap=0)
        texts.addWidget(label(title))
        texts.addWidget(Words(about, "small", "text-muted"))
        line.addLayout(texts, 1)
        line.addWidget(chip(state, "good" if state == "ready" else ""))
        inside.addLayout(line)
    inside.addWidget(
        Words(
            "Another model starts with all your memories, and learns its own nights from them.",
            "small",
            "text-muted",
        )
    )
    return card
