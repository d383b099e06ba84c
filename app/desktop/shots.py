"""Pictures of the real window: every place, in both themes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QTimer

from app.desktop import theme
from app.desktop.rail import PLACES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.desktop.window import Window

SETTLE = 500


def take(
    window: Window,
    folder: Path,
    *,
    looks: Sequence[str] = ("day", "night"),
    places: Sequence[str] = tuple(key for key, _words, _icon in PLACES),
) -> list[Path]:
    """Save ``chat-day.png`` and so on; what was chosen before is chosen again."""
    folder.mkdir(parents=True, exist_ok=True)
    before, place = theme.current().choice, window.rail_place()
    made: list[Path] = []
    try:
        for look in looks:
            theme.current().choose(look)
            for key in places:
                window.go(key)
                settle(SETTLE)
                made.append(folder / f"{key}-{look}.png")
                window.grab().save(str(made[-1]))
    finally:
        theme.current().choose(before)
        window.go(place)
    return made


def settle(milliseconds: int) -> None:
    """Let the window answer what it was asked."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
