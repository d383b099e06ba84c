"""Starting with the session: on Linux a file in the folder that every desktop reads at login (XDG autostart).

On macOS and Windows the guide says what to do: a launch agent, or a link in the Startup folder.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from app.settings import write_private

ENTRY = """[Desktop Entry]
Type=Application
Name=Dormouse
Comment=Waits in the tray, and sleeps at night on what you told it
Exec={command}
Icon=dormouse
Terminal=false
X-GNOME-Autostart-enabled=true
"""
SPECIAL = '"`$\\'  # within quotes the desktop entry specification has these behind a backslash


def is_on() -> bool | None:
    """Whether Dormouse starts at login; None on a system where that is not done from here."""
    return entry().exists() if sys.platform.startswith("linux") else None


def switch(home: Path, on: bool) -> None:
    """Start at login with the memory in this folder, or do not."""
    path = entry()
    if not on:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    line = " ".join(quoted(each) for each in command(home, "--in-tray"))
    write_private(path, ENTRY.format(command=line))


def entry() -> Path:
    """The autostart file."""
    folder = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(folder) / "autostart" / "dormouse.desktop"


def command(home: Path, *more: str) -> list[str]:
    """How this same program is started, frozen or not."""
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-P", "-m", "app"]
    return [*program, "--home", str(home), *more]


def quoted(argument: str) -> str:
    """An argument as the Exec line wants it: a backslash is doubled once more by the file's own rules."""
    inside = "".join(f"\\{letter}" if letter in SPECIAL else letter for letter in argument)
    return f'"{inside}"'.replace("\\", "\\\\").replace("%", "%%")
