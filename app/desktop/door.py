"""The door of an open window: a second start of Dormouse knocks here instead of opening another.

Two words can be said, and nothing else: whose they are, nobody hears.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

if TYPE_CHECKING:
    from collections.abc import Callable

RAISE, QUICK = "raise", "quick"
WORDS = frozenset({RAISE, QUICK})
HEARD = b"heard"
LONGEST = 16  # bytes of a word
PATIENCE = 5000  # milliseconds: an assistant that just starts keeps its window busy


def name_of(home: Path) -> str:
    """Where the door of a home is: in the session's own folder where there is one."""
    digest = hashlib.sha256(str(home).encode()).hexdigest()[:16]
    if os.name == "nt":
        return f"dormouse-{digest}"
    return str(Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()) / f"dormouse-{digest}")


def knock(home: Path, word: str) -> bool:
    """Say a word to the Dormouse that has this home open; whether one heard it."""
    socket = QLocalSocket()
    socket.connectToServer(name_of(home))
    if not socket.waitForConnected(PATIENCE):
        return False
    socket.write(word.encode())
    if not (socket.waitForBytesWritten(PATIENCE) and socket.waitForReadyRead(PATIENCE)):
        return False
    heard = bytes(socket.readAll().data()) == HEARD
    socket.disconnectFromServer()
    return heard


class Door(QObject):
    """Open for as long as it lives; only this user may knock."""

    knocked = Signal(str)

    def __init__(self, home: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._come_in)
        # whoever has the home's lock has its door: what is left there is of one that was killed
        QLocalServer.removeServer(name_of(home))
        self.is_open = self._server.listen(name_of(home))

    def shut(self) -> None:
        self._server.close()

    def _come_in(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(_hearing(socket, self.knocked.emit))
            socket.disconnected.connect(socket.deleteLater)


def _hearing(socket: QLocalSocket, tell: Callable[[str], None]) -> Callable[[], None]:
    def hear() -> None:
        word = bytes(socket.read(LONGEST).data()).decode("ascii", errors="replace")
        if word not in WORDS:
            socket.abort()
            return
        socket.write(HEARD)
        socket.flush()
        tell(word)

    return hear
