"""Start-up: from a fresh process to the first paint, ours beside a bare window with SQLAlchemy imported."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

WATCH = """
import os, sys
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication


class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, painted)
        return False


def look():
    shown = [window for window in QApplication.topLevelWidgets() if window.isVisible()]
    if not shown:
        QTimer.singleShot(1, look)
    for window in shown[:1]:  # only the window: watching every widget would cost most where there are most
        window.installEventFilter(watch)
        window.update()


def painted():
    sys.stdout.write("painted\\n")
    sys.stdout.flush()
    os._exit(0)


watch = Watch()
"""
BARE = (
    WATCH
    + """
import sqlalchemy
from PySide6.QtWidgets import QMainWindow

application = QApplication([])
QTimer.singleShot(0, look)
window = QMainWindow()
window.resize(1280, 820)
window.show()
application.exec()
"""
)
OURS = (
    WATCH
    + """
from app.desktop.main import application

qt = application()
QTimer.singleShot(0, look)
from app.__main__ import main

main(["--home", sys.argv[1]])
"""
)


def rounds(model: Path, folder: Path, options: argparse.Namespace) -> list[dict[str, float]]:
    """Both windows in turns; the first of each is not counted."""
    started(BARE, folder), started(OURS, folder)
    return [one_round(number, folder) for number in range(options.rounds)]


def one_round(number: int, folder: Path) -> dict[str, float]:
    pairs = [("bare_window_start", BARE), ("window_start", OURS)]
    return {name: started(script, folder) for name, script in (pairs if number % 2 else reversed(pairs))}


def started(script: str, folder: Path) -> float:
    """Seconds from the start of a process to its first paint."""
    environment = {**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed app has its modules compiled
    command = [sys.executable, "-c", script, str(folder / "home")]
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as child:
        assert child.stdout is not None
        line = child.stdout.readline()
        spent = time.perf_counter() - began
    if line.strip() != b"painted":
        raise RuntimeError("The window did not open; run it by hand to see why.")
    return spent
