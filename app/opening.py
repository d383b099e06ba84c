"""How Dormouse opens: the window where there is a display. Kept light, so that it is there at once."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.core import Dormouse
    from app.home import Home


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
    from app.home import Home

    try:
        return _show(Home(folder))
    except OSError as problem:
        sys.stderr.write(f"{refusal(problem)}\n")
        return 1


def refusal(problem: OSError) -> str:
    """What to tell a person when the system refuses a file or folder."""
    place = f" with {problem.filename}" if problem.filename else ""
    why = problem.strerror or type(problem).__name__
    return f"That cannot be done{place}: {why}. Check permissions and free space, or name another place."


def _show(home: Home) -> int:
    from app.desktop.main import run as show
    from app.events import Bus

    bus = Bus()

    def assistant() -> Dormouse:
        from app.core import Dormouse  # heavy, and the window is there first

        return Dormouse(home, bus)

    with home.logging():
        return show(assistant, bus, look=home.settings.theme, font_scale=home.settings.font_scale)
