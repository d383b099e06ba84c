"""What forgetting does outside the database: adapters taken off, files wiped."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from app.settings import write_private
from consolidation.nights import Nights

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from app.home import Home
    from memory.store import Store

BLANK = "(forgotten)"
UNDONE = "Taken off, because something it had learned was forgotten. The next night learns the rest again."
WRITTEN = frozenset({".json", ".jsonl", ".md", ".txt", ".log"})


def take_off(home: Home, store: Store, nights: Iterable[int]) -> None:
    """Nights that learned what is now forgotten lose their adapters, files included."""
    register = Nights(store, home.adapters)
    for number in nights:
        register.take_off(number, UNDONE)


def wipe(home: Home, words: Iterable[str]) -> list[Path]:
    """Blank the words in the home's text files and remove copies of the memory that hold them."""
    wanted = sorted({word for word in words if len(word) > 1}, key=len, reverse=True)
    if not wanted:
        return []
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in wanted), re.IGNORECASE)
    folders = (home.reports, home.logs, home.backups, home.adapters)
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    return [path for path in files if _wipe_file(path, pattern)]


def _wipe_file(path: Path, pattern: re.Pattern[str]) -> bool:
    if path.suffix in WRITTEN:
        text = path.read_text("utf-8", errors="replace")
        blanked = _blank_json(text, pattern) if path.suffix == ".json" else pattern.sub(BLANK, text)
        if blanked != text:
            write_private(path, blanked)
        return blanked != text
    if path.suffix == ".sqlite3" and pattern.search(path.read_bytes().decode("utf-8", errors="replace")):
        path.unlink()
        return True
    return False


def _blank_json(text: str, pattern: re.Pattern[str]) -> str:
    """Only the values: a key may be the same word."""
    try:
        content = json.loads(text)
    except ValueError:
        return pattern.sub(BLANK, text)
    if not pattern.search(text):
        return text
    return json.dumps(_blank_values(content, pattern), ensure_ascii=False, indent=1) + "\n"


def _blank_values(content: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(content, str):
        return pattern.sub(BLANK, content)
    if isinstance(content, list):
        return [_blank_values(each, pattern) for each in content]
    if isinstance(content, dict):
        return {key: _blank_values(each, pattern) for key, each in content.items()}
    return content
