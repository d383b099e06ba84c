"""How Dormouse opens: the window where there is a display. Kept light, so that it is there at once."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.core import Dormouse


def asks_for_window(arguments: Sequence[str]) -> bool:
    """Whether nothing but a home is named, and a window can be shown."""
    only_home = len(arguments) == 2 and arguments[0] == "--home"
    return (not arguments or only_home) and has_display()


def has_display() -> bool:
    """Whether a window can be shown."""
    if sys.platform in ("win32", "darwin"):
        return True
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return any(os.environ.get(name) for name in named)


def open_window(folder: Path | None) -> int:
    """Show the window; the assistant starts behind it."""
    from app.desktop.main import run as show
    from app.events import Bus
    from app.home import Home, HomeBusy
    from app.settings import SettingRefused

    try:
        home, bus = Home(folder), Bus()
        look, font_scale = home.settings.theme, home.settings.font_scale
    except (HomeBusy, SettingRefused) as problem:
        sys.stderr.write(f"{problem}\n")
        return 1

    def assistant() -> Dormouse:
        from app.core import Dormouse  # heavy, and the window is there first

        return Dormouse(home, bus)

    with home.logging():
        return show(assistant, bus, look=look, font_scale=font_scale)
