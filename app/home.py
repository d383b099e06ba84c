"""Where one person's Dormouse lives: a folder, its files, and the lock that keeps it to one owner."""

from __future__ import annotations

import json
import logging
import os
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs
from filelock import FileLock, Timeout

from app.settings import SettingsFile, write_private

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from app.settings import Settings

ENVIRONMENT = "DORMOUSE_HOME"
LONGEST_LOG = 1_000_000  # bytes; then a new one is begun and one old one kept


class HomeBusy(Exception):
    """Another Dormouse has this home open; the text is a sentence for the user."""


def default_folder() -> Path:
    """The home on this platform, unless the environment names another."""
    named = os.environ.get(ENVIRONMENT)
    return Path(named) if named else platformdirs.user_data_path("Dormouse", appauthor=False)


class Home:
    """A folder of the user's own. Making one creates it, private, where it is missing.

    Args:
        path: the folder; the platform's usual place by default.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = (path or default_folder()).expanduser().absolute()
        self.database = self.path / "memory.sqlite3"
        self.index = self.path / "index"
        self.adapters = self.path / "adapters"
        self.logs = self.path / "logs"
        self.backups = self.path / "backups"
        self.reports = self.path / "reports"
        self.states = self.path / "states"
        self.models = self.path / "models"
        inner = (self.index, self.adapters, self.logs, self.backups, self.reports, self.states, self.models)
        for folder in (self.path, *inner):
            _make_private(folder)
        self.settings_file = SettingsFile(self.path / "settings.toml")
        self._marks, self._marking = self.path / "marks.json", threading.Lock()
        # The system drops the lock with the process that holds it, kill -9 included.
        self._lock = FileLock(self.path / "open.lock", mode=0o600, thread_local=False)

    @property
    def settings(self) -> Settings:
        return self.settings_file.values

    def change(self, name: str, value: Any) -> Settings:
        """Set one setting and keep it."""
        return self.settings_file.change(name, value)

    def lock(self) -> None:
        """Become the owner, or raise ``HomeBusy``."""
        try:
            self._lock.acquire(blocking=False)
        except Timeout:
            raise HomeBusy(
                f"Dormouse is already open with the memory in {self.path}. "
                "Close it first, or choose another folder with --home."
            ) from None

    def busy(self) -> bool:
        """Whether another process is the owner just now."""
        try:
            self.lock()
        except HomeBusy:
            return True
        self.unlock()
        return False

    def unlock(self) -> None:
        self._lock.release()

    @property
    def owned(self) -> bool:
        """Whether this process holds the lock through this object."""
        return self._lock.is_locked

    def mark(self, name: str) -> Any:
        """A small thing to remember between starts, such as how far noticing has come."""
        return self._read_marks().get(name)

    def set_mark(self, name: str, value: Any) -> None:
        with self._marking:
            marks = self._read_marks() | {name: value}
            write_private(self._marks, json.dumps(marks, indent=1) + "\n")

    def log_file(self, name: str) -> Path:
        """A log of that name, private from its first byte."""
        path = self.logs / f"{name}.log"
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        return path

    @contextmanager
    def logging(self) -> Iterator[None]:
        """Keep this process's log in the home; it never holds what was said in a chat."""
        path = self.log_file("dormouse")
        if path.stat().st_size > LONGEST_LOG:
            with suppress(OSError):  # Windows moves no file that another Dormouse has open
                path.replace(path.with_suffix(".old.log"))
        handler = logging.FileHandler(self.log_file("dormouse"), encoding="utf-8")
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        logging.getLogger().addHandler(handler)
        try:
            yield
        finally:
            logging.getLogger().removeHandler(handler)
            handler.close()

    def backup_file(self, now: datetime) -> Path:
        """Where a backup of this moment goes when the user names no place."""
        return self.backups / f"dormouse-{now:%Y%m%d-%H%M%S}.sqlite3"

    def _read_marks(self) -> dict[str, Any]:
        try:
            marks = json.loads(self._marks.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return marks if isinstance(marks, dict) else {}


def _make_private(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.name == "posix" and folder.stat().st_mode & 0o077:
        folder.chmod(0o700)
