"""The bus as Qt signals: the only place where plain events meet Qt."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.events import (
    Bus,
    Changed,
    DownloadEnded,
    DownloadProgress,
    EngineState,
    Event,
    Failed,
    IndexProgress,
    NightEnded,
    NightProgress,
    Noticed,
    PromptRead,
    Recalled,
    ReplyDone,
    ReplyText,
    TurnLogged,
)


class Bridge(QObject):
    """Repeats every event of the bus as a signal; Qt carries it to the window's own thread."""

    engine = Signal(object)
    logged = Signal(object)
    recalled = Signal(object)
    reading = Signal(object)
    text = Signal(object)
    done = Signal(object)
    noticed = Signal(object)
    changed = Signal(object)
    indexed = Signal(object)
    night = Signal(object)
    night_ended = Signal(object)
    download = Signal(object)
    download_ended = Signal(object)
    failed = Signal(object)

    def __init__(self, bus: Bus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._signals = {
            EngineState: self.engine, TurnLogged: self.logged, Recalled: self.recalled,
            PromptRead: self.reading, ReplyText: self.text, ReplyDone: self.done,
            Noticed: self.noticed, Changed: self.changed, NightProgress: self.night,
            NightEnded: self.night_ended, IndexProgress: self.indexed,
            DownloadProgress: self.download, DownloadEnded: self.download_ended, Failed: self.failed,
        }  # fmt: skip
        self._stop = bus.listen(self._tell)

    def close(self) -> None:
        """Stop listening."""
        self._stop()

    def _tell(self, event: Event) -> None:
        self._signals[type(event)].emit(event)
