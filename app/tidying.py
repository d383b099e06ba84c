"""What forgetting does outside the database: adapters taken off, files wiped."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from app.settings import write_private
from consolidation.nights import Nights
from memory.copies import forget_in, holds
from memory.forget import BLANK, blank_json, wording

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable
    from pathlib import Path

    from app.home import Home
    from memory.records import Forgotten
    from memory.store import Store

UNDONE = "Taken off, because something it had learned was forgotten. The next night learns the rest again."
ASIDE = "replaced-"  # how the files are called in which a restore keeps what it replaces
WRITTEN = frozenset({".json", ".jsonl", ".md", ".txt", ".log"})


def take_off(home: Home, store: Store, nights: Iterable[int]) -> None:
    """Nights that learned what is now forgotten lose their adapters, files included."""
    register = Nights(store, home.adapters)
    for number in nights:
        register.take_off(number, UNDONE)
    _clear_folders(home, register)


def _clear_folders(home: Home, register: Nights) -> None:
    """A night that was cancelled, failed or cut off may have left weights that know what is forgotten."""
    open_night = register.open()
    kept = f"{open_night.id:04}" if open_night is not None else ""
    for folder in (home.path / "nights").glob("[0-9]*"):
        if folder.is_dir() and folder.name != kept:
            shutil.rmtree(folder, ignore_errors=True)


def sweep(home: Home) -> None:
    """Half copies of the memory that a kill left: no forgetting could look into them."""
    for path in home.backups.glob("*.partial*"):
        path.unlink(missing_ok=True)
    for folder in home.path.glob("restoring-*"):
        shutil.rmtree(folder, ignore_errors=True)


def wipe(home: Home, gone: Forgotten) -> list[Path]:
    """Blank the words in the home's text files and remove copies of the memory that hold what is gone.

    A memory that a restore set aside keeps the rest, where that can be.
    """
    sweep(home)
    pattern = wording(gone.words)
    folders = (home.reports, home.logs, home.backups, home.adapters)
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    return [path for path in files if _wipe_file(path, pattern, gone)]


def _wipe_file(path: Path, pattern: re.Pattern[str] | None, gone: Forgotten) -> bool:
    if path.suffix in WRITTEN and pattern is not None:
        text = path.read_text("utf-8", errors="replace")
        blanked = blank_json(text, pattern, indent=1) if path.suffix == ".json" else pattern.sub(BLANK, text)
        if blanked != text:
            write_private(path, blanked)
        return blanked != text
    if path.suffix == ".sqlite3" and _holds(path, pattern, gone):
        if not _is_spared(path, pattern, gone):
            for each in (path, *path.parent.glob(f"{path.name}-*")):
                each.unlink(missing_ok=True)
        return True
    return False


def _is_spared(path: Path, pattern: re.Pattern[str] | None, gone: Forgotten) -> bool:
    """Whether a memory that a restore set aside, the only one of its kind, could forget it and keep the rest.

    A chat may have gone on there otherwise than here, and so cannot be known by its messages.
    """
    if gone.whole_chat or not path.name.startswith(ASIDE):
        return False
    return forget_in(path, gone) and not _holds(path, pattern, gone)


def _holds(path: Path, pattern: re.Pattern[str] | None, gone: Forgotten) -> bool:
    return _is_in(path, pattern) or holds(path, gone)


def _is_in(path: Path, pattern: re.Pattern[str] | None) -> bool:
    if pattern is None:
        return False
    return pattern.search(path.read_bytes().decode("utf-8", errors="replace")) is not None
