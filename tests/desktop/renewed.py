"""The scripted face's part that makes the memory another one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from memory.records import MemoryRefused


@dataclass(frozen=True)
class Backup:
    chats: int
    messages: int
    facts: int
    newest: datetime | None


class Renewed:
    """Mixed into ``Scripted``: a backup of one chat, and nothing at all."""

    login = False

    def look_at_backup(self, path):
        if "notes" in path.name:
            raise MemoryRefused(f"{path.name} is no backup of Dormouse.")
        said = sum(map(len, self.said.values()))
        here = Backup(len(self.chats), said, len(self.known), datetime.now(UTC))
        return Backup(1, 2, 1, datetime(2025, 5, 12, 9, tzinfo=UTC)), here

    def restore_backup(self, path):
        self.calls.append(f"restore {path.name}")
        self.hold.wait()
        self.chats = {key: one for key, one in self.chats.items() if key == 9}
        self.known = {key: one for key, one in self.known.items() if key == 2}
        return Path("/home/you/.local/share/Dormouse/backups/replaced-20260101-030000.sqlite3")

    def forget_everything(self):
        self.calls.append("forget everything")
        self.chats, self.said, self.known, self.night_rows = {}, {}, {}, []
        return ["my list.txt"]

    def starts_at_login(self):
        return self.login

    def start_at_login(self, on):
        self.login = on
