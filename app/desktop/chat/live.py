"""A reply on its way: what has come so far, per conversation, whoever is looking. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from memory.records import Note


@dataclass(slots=True)
class Live:
    """``phase`` is waking, reading or writing."""

    question: str = ""
    phase: str = "waking"
    share: float = 0.0
    pieces: list[str] = field(default_factory=list)
    notes: tuple[Note, ...] = ()
    stopping: bool = False

    @property
    def text(self) -> str:
        if len(self.pieces) > 1:
            self.pieces = ["".join(self.pieces)]
        return self.pieces[0] if self.pieces else ""

    def add(self, piece: str) -> None:
        self.phase = "writing"
        self.pieces.append(piece)

    def state(self) -> tuple[str, str]:
        """The state line: a word, and what it is about."""
        if self.stopping:
            return "stopping", ""
        if self.phase == "reading":
            return f"reading {self.share:.0%}", _with(len(self.notes))
        if self.phase == "writing":
            count = len(self.text.split())
            return "writing", f"{count} {'word' if count == 1 else 'words'} so far"
        return "waking", "the model is getting ready"


def _with(count: int) -> str:
    if not count:
        return ""
    return f"with {count} {'memory' if count == 1 else 'memories'} in mind"
