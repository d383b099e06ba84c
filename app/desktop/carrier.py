"""What a background thread is told to carry, and is heard from: how far it is, and whether it shall go on."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from pathlib import Path

    from app.desktop.face import Face

STOPPED = "Stopped. What came in stays; bring in the same again, and it goes on from there."


class Stopped(Exception):
    """Thrown through the core to end an import; each conversation is in whole, or not at all."""


class Carrier(QObject):
    """Brings in one thing. ``share`` comes to Qt's thread, at most a hundred times."""

    share = Signal(float)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stopped = threading.Event()
        self._percent = -1

    def stop(self) -> None:
        """Have it end at the next thing it tells."""
        self._stopped.set()

    def bring_in(self, face: Face, path: Path) -> str:
        """What came of it, in a sentence; runs on a background thread."""
        try:
            return face.bring_in(path, self._tell).sentence
        except Stopped:
            return STOPPED

    def _tell(self, share: float) -> None:
        if self._stopped.is_set():
            raise Stopped
        if (percent := int(share * 100)) != self._percent:
            self._percent = percent
            self.share.emit(share)
