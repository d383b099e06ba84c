"""What keeps a memory well: settings, backups, what comes and goes, and beginning anew."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from app import login, renewing
from app.home import HomeBusy
from memory import backups
from memory.imports.taking_in import bring_in
from memory.readable import export_markdown
from memory.records import MemoryRefused
from memory.transfer import export

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.home import Home
    from app.remembering import Remembering
    from app.settings import Settings
    from app.sleeping import Sleeping
    from memory.backups import Backup
    from memory.records import BroughtIn
    from memory.store import Store

T = TypeVar("T")
ELSEWHERE = "Another Dormouse has the memory in {} open. Close it first."
EVERYTHING = ("conversations", "turns", "facts", "nights", "models", "settings")


class Care:
    """The part of ``Dormouse`` that is not about talking, knowing or sleeping."""

    home: Home
    store: Store
    memory: Remembering
    sleeping: Sleeping

    if TYPE_CHECKING:  # what the other parts of Dormouse bring

        def _changed(self, *kinds: str) -> None: ...
        def _told(self, result: T, *kinds: str) -> T: ...
        def _shut(self) -> None: ...
        def _reopen(self) -> None: ...

    def settings(self) -> Settings:
        return self.home.settings

    def set_setting(self, name: str, value: object) -> Settings:
        return self._told(self.home.change(name, value), "settings")

    def starts_at_login(self) -> bool | None:
        """Whether Dormouse starts with the session; None where only the user can arrange that."""
        return login.is_on()

    def start_at_login(self, on: bool) -> None:
        login.switch(self.home.path, on)
        self._changed("settings")

    def backup(self, path: Path | None = None) -> Path:
        """A complete copy of the memory, made while it is in use."""
        return self.store.backup(path or self.home.backup_file(datetime.now(UTC)))

    def look_at_backup(self, path: Path) -> tuple[Backup, Backup]:
        """What is in a backup, and what is here now; refused for a file that cannot be restored."""
        found = Path(path).expanduser().absolute()
        if found.exists() and found.samefile(self.home.database):
            raise MemoryRefused(renewing.HERE.format(found.name))
        return backups.look(found), backups.look(self.home.database)

    def restore_backup(self, path: Path) -> Path:
        """Put a backup in the place of the memory; returns where what was here is kept."""
        there, _here = self.look_at_backup(path)
        self._may_begin_anew()
        if self.sleeping.asleep:
            raise MemoryRefused(renewing.NOT_NOW)
        aside = self._anew(lambda: renewing.replace_memory(self.home, there.path))
        self._changed(*EVERYTHING)
        return aside

    def forget_everything(self) -> list[str]:
        """Leave nothing of the user's in the home; returns the names of what else is there."""
        self._may_begin_anew()
        self.sleeping.cancel()
        if self.sleeping.asleep:
            raise MemoryRefused(renewing.NOT_NOW)
        left = self._anew(lambda: renewing.clear_out(self.home))
        self._changed(*EVERYTHING)
        return left

    def bring_in(self, path: Path, progress: Callable[[float], None] = lambda share: None) -> BroughtIn:
        """Take in an export of ChatGPT, Claude or Dormouse, or documents; ``progress`` is told the share."""
        found = Path(path).expanduser().absolute()
        try:
            return bring_in(self.store, found, progress)
        finally:  # what came in before a stop is there
            self._changed("conversations", "facts", "nights")

    def export(self, path: Path, kind: str = "jsonl", force: bool = False) -> str:
        """Write everything to a file (``jsonl``) or a folder (``markdown``); the sentence says what.

        With ``force``, files of the same name are replaced; nothing else in a folder is touched.
        """
        target = Path(path).expanduser().absolute()
        is_folder = kind == "markdown"
        if target.exists() and target.is_dir() != is_folder:
            raise MemoryRefused(f"{target} is {'no' if is_folder else 'a'} folder. Choose another name.")
        if not force and target.exists() and (not is_folder or any(target.iterdir())):
            raise MemoryRefused(f"{target} is there already. Choose another name, or add --force.")
        if is_folder:
            return f"Wrote {export_markdown(self.store, target)} files into {target}"
        return f"Wrote {export(self.store, target)} lines to {target}"

    def _may_begin_anew(self) -> None:
        if not self.home.owned:
            raise HomeBusy(ELSEWHERE.format(self.home.path))

    def _anew(self, work: Callable[[], T]) -> T:
        """Close every part, have the files changed, open every part again; the home stays ours."""
        self._shut()
        try:
            return work()
        finally:
            self._reopen()
