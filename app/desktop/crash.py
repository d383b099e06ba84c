"""When the window itself goes wrong: a calm word, where the log is, and a way to begin again.

The log gets the kind of error and the lines of code. Its text stays out: it may hold the user's words.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QLabel, QWidget

from app.desktop import icons, style
from app.desktop.widgets.basic import Words, button, column, label, row

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from PySide6.QtGui import QShowEvent

log = logging.getLogger(__name__)

ROOT = Path(__file__).parents[2]
WIDTH = 480
TITLE = "Something in this window went wrong."
KEPT = "Nothing that you sent is lost: every message is on disk before it is answered."
NEXT = "You can go on. If something looks odd, start again; it takes a moment."


def trace(kind: type[BaseException], at: TracebackType | None) -> list[str]:
    """The lines of code on the way to an error, and its kind; nothing that anybody wrote."""
    frames = [f"{_short(each.filename)}:{each.lineno} in {each.name}" for each in traceback.extract_tb(at)]
    return [*frames, kind.__name__]


class Alarm:
    """Catches what nobody else did. One word at a time, and once about each place.

    Args:
        over: the window.
        log_file: what to look into.
        again: starts Dormouse anew.
    """

    def __init__(self, over: QWidget, log_file: Path, again: Callable[[], object]) -> None:
        self._over, self._log_file, self._again = over, log_file, again
        self._seen: set[str] = set()
        self.dialog: Crash | None = None
        self._before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._caught
        threading.excepthook = self._in_thread

    def off(self) -> None:
        """As it was before."""
        sys.excepthook, threading.excepthook = self._before

    def _in_thread(self, what: threading.ExceptHookArgs) -> None:
        if not issubclass(what.exc_type, SystemExit):
            log.error("a thread ended: %s", " < ".join(reversed(trace(what.exc_type, what.exc_traceback))))

    def _caught(self, kind: type[BaseException], problem: BaseException, at: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._before[0](kind, problem, at)
            return
        lines = trace(kind, at)
        log.error("the window went wrong: %s", " < ".join(reversed(lines)))
        place = " ".join(lines[-2:])
        if self.dialog is None and place not in self._seen:
            self._seen.add(place)
            self.dialog = Crash(self._over, lines, self._log_file, self._again)
            self.dialog.finished.connect(self._read)
            self.dialog.open()

    def _read(self) -> None:
        self.dialog = None


class Crash(QDialog):
    """Esc and Enter go on."""

    def __init__(self, over: QWidget, lines: list[str], log_file: Path, again: Callable[[], object]) -> None:
        super().__init__(over)
        self.setObjectName("crash")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Dormouse")
        self.setAccessibleName(TITLE)
        self.setAccessibleDescription(f"{KEPT} {NEXT}")
        style.sized(self, width=WIDTH)
        self._again = again
        inside = column(self, margins=(24, 20, 24, 20), gap=12)
        head = row(gap=12)
        mark = QLabel()
        mark.setPixmap(icons.mark("dormouse", 40))
        head.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(Words(TITLE, "title", px=20, line=27), 1)
        inside.addLayout(head)
        inside.addWidget(Words(KEPT))
        inside.addWidget(Words(NEXT, "body", "text-muted"))
        what = label(
            f"{lines[-1]}, {lines[-2]}" if len(lines) > 1 else lines[-1], "code", "text-muted", px=11
        )
        what.setObjectName("crashWhat")
        what.setWordWrap(True)
        what.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        inside.addWidget(what)
        place = Words(f"The log: {log_file}", "small", "text-muted")
        place.setObjectName("crashLog")
        inside.addWidget(place)
        inside.addSpacing(4)
        inside.addLayout(self._buttons(log_file))

    def showEvent(self, event: QShowEvent) -> None:
        self.setFixedHeight(self.layout().totalHeightForWidth(self.width()))
        super().showEvent(event)

    def _buttons(self, log_file: Path):  # noqa: ANN202
        line = row(gap=8)
        show = button(
            "Open the log", "crashOpenLog", kind="quiet", icon="ph.file-text",
            on=lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_file))),
        )  # fmt: skip
        line.addWidget(show)
        line.addStretch(1)
        again = button("Start again", "crashAgain", icon="ph.arrow-clockwise", on=self._start_again)
        go_on = button("Go on", "crashGoOn", kind="primary", on=self.accept)
        go_on.setDefault(True)
        go_on.setFocus()
        line.addWidget(again)
        line.addWidget(go_on)
        return line

    def _start_again(self) -> None:
        self.accept()
        self._again()


def _short(name: str) -> str:
    """A file of ours by its place among ours, another by its name: no folder of the user's."""
    path = Path(name)
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name
