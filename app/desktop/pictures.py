"""Pictures of the real window over a home, for the demo and the README. Runs in a process of its own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

WAIT = 40_000  # milliseconds for the assistant to start behind the window


def take(folder: Path, target: Path) -> int:
    """Open the window, wait for the assistant, save every place in both themes."""
    from PySide6.QtCore import QEventLoop, QTimer

    from app.core import Dormouse
    from app.desktop import shots
    from app.desktop.main import application, build
    from app.events import Bus
    from app.home import Home

    application()
    bus = Bus()
    window = build(bus)
    window.resize(1280, 800)
    window.show()
    loop, problems = QEventLoop(), []
    window.tasks.ready.connect(loop.quit)
    window.tasks.refused.connect(lambda sentence: (problems.append(sentence), loop.quit()))
    QTimer.singleShot(WAIT, loop.quit)
    window.tasks.open(lambda: Dormouse(Home(folder), bus))
    loop.exec()
    if problems:
        sys.stderr.write(f"{problems[0]}\n")
        return 1
    window.chat.open_latest()
    shots.settle(2500)
    made = shots.take(window, target)
    sys.stdout.write(" ".join(path.name for path in made) + "\n")
    window.tasks.close()
    return 0
