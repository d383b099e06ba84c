"""Use a GGUF I have: choose it, or drop it here; a refusal stands in place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QFrame

from app.desktop import style
from app.desktop.widgets.basic import Words, button, column, frame, label, row

if TYPE_CHECKING:
    from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent


class Drop(QFrame):
    """A button and a place to drop on."""

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
