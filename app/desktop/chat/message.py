"""What every message of a transcript is: a row that knows its turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from memory.records import Turn


class Message(QWidget):
    """A message; ``turn`` is empty until the core has kept it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.turn: Turn | None = None

    @property
    def turn_id(self) -> int | None:
        return self.turn.id if self.turn is not None else None
