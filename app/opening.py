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


WAYS = {(): "", ("quick",): "quick", ("--in-tray",): "in-tray"}


def asks_for_window(arguments: Sequence[str]) -> bool:
    """Whether a home, and how to open, is all that is named, and a window can be shown."""
    return way(arguments)[1] in WAYS and has_display()


def way(arguments: Sequence[str]) -> tuple[Path | None, tuple[str, ...]]:
    """The home that is named, and the rest."""
    from pathlib import Path

    if len(arguments) > 1 and arguments[0] == "--home":
        return Path(arguments[1]), tuple(arguments[2:])
    return None, tuple(arguments)


def has_display() -> bool:
    """Whether a window can be shown."""
    if sys.platform in ("win32", "darwin"):
        return True
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return any(os.environ.get(name) for name in named)


def open_window(folder: Path | None, how: str = "") -> int:
    """Show the window, or have the one that is open come up; the assistant starts behind it."""
    from app.home import Home

    try:
        home = Home(folder)
        if home.busy() and _knock(home, how):
            return 0
        return _show(home, how)
    except OSError as problem:
        sys.stderr.write(f"{refusal(problem)}\n")
        return 1


def _knock(home: Home, how: str) -> bool:
    """Whether an open window of this home heard us."""
    from app.desktop.door import QUICK, RAISE, knock

    return knock(home.path, QUICK if how == "quick" else RAISE)


def refusal(problem: OSError) -> str:
    """What to tell a person when the system refuses a file or folder."""
    place = f" with {problem.filename}" if problem.filename else ""
    why = problem.strerror or type(problem).__name__
    return f"That cannot be done{place}: {why}. Check permissions and free space, or name another place."


def _show(home: Home, how: str) -> int:
    from app.desktop.main import AGAIN
    from app.desktop.main import run as show
    from app.events import Bus

    bus = Bus()

    def assistant() -> Dormouse:
        from app.core import Dormouse  # heavy, and the window is there first

        return Dormouse(home, bus)

    settings = home.settings
    with home.logging():
        code = show(
            assistant, bus, home=home.path, log_file=home.log_file("dormouse"), look=settings.theme,
            font_scale=settings.font_scale, how=how,
        )  # fmt: skip
    return _start_anew(home) if code == AGAIN else code


def _start_anew(home: Home) -> int:
    """This program once more, in its own place: the home is let go as this one ends."""
    from app.login import command

    arguments = command(home.path)
    if os.name == "nt":
        import subprocess

        subprocess.Popen(arguments)
        return 0
    os.execv(arguments[0], arguments)  # noqa: S606
