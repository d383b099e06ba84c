"""Conversations in from elsewhere, everything out: the card in the settings that asks for both."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.desktop import words
from app.desktop.carrier import Carrier
from app.desktop.widgets.basic import Words, button, column, label, row
from app.desktop.widgets.meter import Meter
from app.desktop.widgets.setting import Card

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.desktop.tasks import Tasks
    from app.desktop.widgets.toast import Toast

KINDS = "Conversations and notes (*.zip *.json *.jsonl *.md *.markdown *.txt *.text);;All files (*)"
COMES = (
    "The .zip of a ChatGPT or Claude export, notes in Markdown or text, or an export of mine. "
    "Each thing comes in once. I recall from it; facts are not noticed in it."
)
GOES = "One file that I can read again, or a folder of Markdown for you to read. Only you can open them."
STAYS = 15_000


class Moving(Card):
    """Chooses, carries in the background, says what came of it; only one thing is carried at a time."""

    moved = Signal()

    def __init__(self, tasks: Tasks, toast: Toast) -> None:
        super().__init__("Bring in and take out", "moving")
        self._tasks, self._toast = tasks, toast
        self._carrier: Carrier | None = None
        asked = {
            "bringFile": ("File…", "ph.file-plus", "Choose a file to bring in", self._ask_file),
            "bringFolder": (
                "Folder…",
                "ph.folder-simple-plus",
                "Choose a folder to bring in",
                self._ask_folder,
            ),
            "exportFile": ("One file…", "ph.export", "Export everything to one file", self._ask_export),
            "exportFolder": (
                "Folder to read…",
                "ph.file-text",
                "Export everything as Markdown",
                self._ask_markdown,
            ),
        }
        self._buttons = {name: _button(name, *parts) for name, parts in asked.items()}
        self._progress = self._make_progress()
        brings = [self._buttons[name] for name in ("bringFile", "bringFolder")]
        takes = [self._buttons[name] for name in ("exportFile", "exportFolder")]
        came = self.add("Bring in conversations", COMES, *brings, also="import")
        came.under.addWidget(self._progress)
        went = self.add("Export everything", GOES, *takes, also="save markdown")
        self.result = Words("", "small", "text-muted")
        self.result.setObjectName("movingResult")
        self.result.hide()
        went.under.addWidget(self.result)

    def bring_in(self, path: Path) -> None:
        """Take in what lies at a path."""
        carrier = self._begin(f"Looking at {path.name}.")
        carrier.share.connect(lambda share: self._carried(path.name, share))
        self._tasks.move(
            lambda face: carrier.bring_in(face, path), self._came, owner=self, wrong=self._refused
        )

    def export(self, path: Path, kind: str) -> None:
        """Write everything out; a file of that name was asked about before."""
        self._begin(f"Writing to {path.name}.", stops=False)
        self._tasks.move(
            lambda face: f"{face.export(path, kind, force=kind == 'jsonl')}.",
            self._end,
            owner=self,
            wrong=self._refused,
        )

    def stop(self) -> None:
        """Take in no more than what is being taken in."""
        if self._carrier is not None:
            self._carrier.stop()
            self._stop.setEnabled(False)
            self._doing.setText("Stopping; what came in stays.")

    def _make_progress(self) -> QWidget:
        made = QWidget()
        made.setObjectName("movingProgress")
        inside = column(made, gap=6)
        line = row(gap=12)
        self._doing = label("", "small")
        self._stop = button(
            "Stop", "stopMoving", icon="ph.x", tip="Stop; what came in stays", height=28, on=self.stop
        )
        line.addWidget(self._doing, 1)
        line.addWidget(self._stop)
        inside.addLayout(line)
        self.meter = Meter("movingMeter", "Brought in", warns=False)
        inside.addWidget(self.meter)
        made.hide()
        return made

    def _begin(self, sentence: str, *, stops: bool = True) -> Carrier:
        self._carrier = Carrier(self)
        self._doing.setText(sentence)
        self.meter.show_share(0.0)
        self.meter.setVisible(stops)
        self._stop.setVisible(stops)
        self._stop.setEnabled(True)
        self._busy(True)
        return self._carrier

    def _busy(self, on: bool) -> None:
        self._progress.setVisible(on)
        self.result.setVisible(not on and bool(self.result.plain))
        for one in self._buttons.values():
            one.setEnabled(not on)

    def _carried(self, name: str, share: float) -> None:
        self.meter.show_share(share)
        if self._stop.isEnabled():
            self._doing.setText(f"Bringing in {name}: {share:.0%}")

    def _came(self, sentence: str) -> None:
        self._end(sentence)
        self.moved.emit()

    def _end(self, sentence: str, color: str = "text-muted") -> None:
        self._carrier = None
        self.result.setProperty("color", color)
        self.result.style().polish(self.result)
        self.result.say(sentence)
        self._busy(False)
        self._toast.say(sentence, stays=STAYS)

    def _refused(self, sentence: str) -> None:
        self._end(sentence, "danger")

    # -- asking where

    def _ask_file(self) -> None:
        self._ask("Bring in conversations", KINDS, QFileDialog.FileMode.ExistingFile, self.bring_in)

    def _ask_folder(self) -> None:
        self._ask("Bring in a folder", "", QFileDialog.FileMode.Directory, self.bring_in)

    def _ask_export(self) -> None:
        dialog = self._ask(
            "Export everything to",
            "Exports of Dormouse (*.jsonl)",
            QFileDialog.FileMode.AnyFile,
            lambda path: self.export(path, "jsonl"),
        )
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("jsonl")
        dialog.selectFile(f"{_name()}.jsonl")

    def _ask_markdown(self) -> None:
        self._ask(
            "Export to a new folder in",
            "",
            QFileDialog.FileMode.Directory,
            lambda path: self.export(free(path / _name()), "markdown"),
        )

    def _ask(
        self, title: str, kinds: str, mode: QFileDialog.FileMode, then: Callable[[Path], None]
    ) -> QFileDialog:
        dialog = QFileDialog(self, title, str(Path.home()), kinds)
        dialog.setObjectName("movingDialog")
        dialog.setFileMode(mode)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly, mode == QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda name: then(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog


def free(path: Path) -> Path:
    """The path itself, or with the first number that makes it new: nothing is written among other files."""
    others = (path.with_name(f"{path.name} ({number})") for number in range(2, 1000))
    return path if not path.exists() else next(one for one in others if not one.exists())


def _name() -> str:
    return f"Dormouse {words.now():%Y-%m-%d}"


def _button(name: str, text: str, icon: str, tip: str, on: Callable[[], object]):  # noqa: ANN202
    made = button(text, name, icon=icon, tip=tip, on=on)
    made.setAccessibleName(tip)
    return made
