"""What stands in the list of chats: pinned ones, folders, the others by when, and what was found."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from app.desktop import words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from memory.records import Conversation, Turn

Index = QModelIndex | QPersistentModelIndex
ROW = Qt.ItemDataRole.UserRole
PINNED, FOUND = "Pinned", "In messages"
REACH = 24  # characters before what was found
MARKS = re.compile(r"\*\*|[`#|]|^[-*>] |-{3,}", re.MULTILINE)  # Markdown's, which say nothing in one line


@dataclass(frozen=True, slots=True)
class Row:
    """A heading, a folder, a conversation, or a message that was found.

    ``count`` is how many conversations a closed folder hides; ``sought`` are the words that were searched.
    """

    heading: str = ""
    folder: str = ""
    count: int = 0
    conversation: Conversation | None = None
    turn: Turn | None = None
    title: str = ""
    sought: str = ""

    @property
    def name(self) -> str:
        """What it says."""
        if self.conversation is not None:
            return self.conversation.title
        return self.heading or self.folder or (self.turn.text if self.turn is not None else "")


def rows_of(
    conversations: Sequence[Conversation],
    found: Sequence[Turn] = (),
    sought: str = "",
    closed: Collection[str] = (),
) -> list[Row]:
    """Conversations under their headings, then messages that hold the searched words."""
    made = _under(PINNED, [one for one in conversations if one.pinned])
    loose = [one for one in conversations if not one.pinned]
    for folder in sorted({one.folder for one in loose if one.folder}, key=str.casefold):
        inside = [one for one in loose if one.folder == folder]
        hidden = folder in closed and not sought
        made.append(Row(folder=folder, count=len(inside) if hidden else 0))
        made += [] if hidden else [Row(conversation=one) for one in inside]
    heading = ""
    for one in (one for one in loose if not one.folder):
        if (group := words.group(one.updated)) != heading:
            heading = group
            made.append(Row(heading=group))
        made.append(Row(conversation=one))
    titles = {one.id: one.title for one in conversations}
    hits = [Row(turn=turn, title=titles.get(turn.conversation_id, ""), sought=sought) for turn in found]
    return [*made, *([Row(heading=FOUND)] if hits else []), *hits]


def _under(heading: str, conversations: Iterable[Conversation]) -> list[Row]:
    rows = [Row(conversation=one) for one in conversations]
    return [Row(heading=heading), *rows] if rows else []


def excerpt(text: str, sought: str) -> tuple[str, str, str]:
    """One line of a message in three parts, of which the second is what was searched for, if it is there."""
    line = " ".join(MARKS.sub(" ", text).split())
    wanted = sorted(re.findall(r"\w+", sought), key=len, reverse=True)
    hit = next((found for word in wanted if (found := re.search(rf"\b{re.escape(word)}", line, re.I))), None)
    if hit is None:
        return line, "", ""
    start = line.rfind(" ", 0, max(0, hit.start() - REACH)) + 1
    before = ("… " if start else "") + line[start : hit.start()]
    return before, hit.group(), line[hit.end() :]


class ChatModel(QAbstractListModel):
    """Rows for the view."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []

    def show(self, rows: list[Row]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role == ROW:
            return row
        if role in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.AccessibleTextRole,
            Qt.ItemDataRole.EditRole,
        ):
            return row.name
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        row = self.rows[index.row()]
        if row.heading:
            return Qt.ItemFlag.NoItemFlags
        able = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return able | Qt.ItemFlag.ItemIsEditable if row.conversation or row.folder else able

    def row_of(self, conversation_id: int | None) -> int:
        return next(
            (
                n
                for n, row in enumerate(self.rows)
                if row.conversation and row.conversation.id == conversation_id
            ),
            -1,
        )

    def row_of_folder(self, folder: str) -> int:
        return next((n for n, row in enumerate(self.rows) if row.folder == folder), -1)
