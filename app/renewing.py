"""The memory made another: a backup put in its place, or everything forgotten.

All but ``settle`` work on a home whose parts are closed.
"""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.sleeping import CANCELLED, VETOED
from app.tidying import ASIDE
from consolidation.nights import Nights
from memory.backups import put_back, sentences
from models import states
from models.catalogue import sha256

if TYPE_CHECKING:
    from pathlib import Path

    from app.home import Home
    from memory.store import Store

NOT_NOW = "A night is in progress. Cancel it, or wait until it is over; nothing was changed."
REPLACING = "replacing"  # the mark that holds the name of the copy of what is being replaced
HERE = "{} is the memory in use. Choose a backup."
NOT_ITS_OWN = "Taken off, because another memory was put in place. The next night learns anew."
FOLDERS = ("index", "adapters", "backups", "reports", "states", "nights", "logs")
FILES = (
    "memory.sqlite3*",
    "schedule.sqlite3*",
    "settings*.toml*",
    "marks.json*",
    "restoring-*",
    "forgetting-*",
)
KEPT = frozenset({"models", "open.lock"})  # what was downloaded is nobody's words; the lock is held


def replace_memory(home: Home, backup: Path) -> Path:
    """Put a backup in the place of the memory; returns where the old one is kept.

    A mark stands from before this until ``settle`` is through: a kill in between mixes no two memories.
    """
    aside = home.backups / f"{ASIDE}{datetime.now(UTC):%Y%m%d-%H%M%S}.sqlite3"
    home.set_mark(REPLACING, aside.name)
    try:
        put_back(backup, home.database, aside)
    except Exception:  # nothing was replaced
        home.set_mark(REPLACING, None)
        raise
    return aside


def make_room(home: Home) -> None:
    """The index, saved states and unfinished nights of a replaced memory go; the index is filled again."""
    if home.mark(REPLACING) is None:
        return
    if not (home.backups / home.mark(REPLACING)).exists():  # it was cut off before anything was replaced
        home.set_mark(REPLACING, None)
        return
    _empty(home.index)
    _empty(home.path / "nights")
    states.clear(home.states)


def settle(home: Home, store: Store) -> None:
    """What lies beside a memory that was put in place must be its own: adapters, an open night, vetoes."""
    if (replaced := home.mark(REPLACING)) is None:
        return
    before, after = sentences(home.backups / replaced), sentences(home.database)
    register = Nights(store, home.adapters)
    if (night := register.open()) is not None:
        register.end(night.id, "cancelled", CANCELLED)
    for night in store.nights():
        path = home.adapters / night.adapter
        if night.adapter and not (path.is_file() and sha256(path) == night.adapter_sha256):
            register.take_off(night.id, NOT_ITS_OWN)
    own = {night.adapter for night in store.nights()}
    for path in home.adapters.glob("*.gguf"):
        if path.name not in own:  # it may know what is not in this memory, and nothing would ever forget it
            path.unlink()
    vetoed = [fact for fact in home.mark(VETOED) or () if fact in after and before.get(fact) == after[fact]]
    home.set_mark(VETOED, vetoed)
    home.set_mark(REPLACING, None)


def clear_out(home: Home) -> list[str]:
    """Delete everything of the user's in a home; returns the names of what else is there."""
    for name in FOLDERS:
        _empty(home.path / name)
    for pattern in FILES:
        for path in list(home.path.glob(pattern)):
            _remove(path)
    return sorted(path.name for path in home.path.iterdir() if path.name not in {*KEPT, *FOLDERS})


def _empty(folder: Path) -> None:
    """The folder stays, and so do logs that are open, without a word in them."""
    for path in list(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix == ".log":
            os.truncate(path, 0)
        else:
            _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
