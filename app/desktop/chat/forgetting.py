"""Forgetting a chat for good: first what goes with it, then the question, then nothing of it is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.desktop import words
from app.desktop.widgets.question import Question

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.desktop.face import Face
    from app.desktop.tasks import Tasks
    from app.desktop.widgets.toast import Toast

WARNING = (
    "There is no undo for this. Replies that quote it elsewhere go too; backups and exports made before "
    "stay. To have it only out of the list, delete it: that can be undone."
)


@dataclass(frozen=True, slots=True)
class Goes:
    """How much goes with a chat: messages, facts with their history, the nights that learned them."""

    messages: int
    facts: int
    nights: tuple[int, ...]


def goes_with(face: Face, conversation_id: int) -> Goes:
    """Counts what forgetting reaches; belongs on a background thread."""
    said = [fact for fact in face.facts() if fact.conversation_id == conversation_id]
    lines = {old.id: old for fact in said for old in face.history(fact.id)}
    nights = {night for fact in lines.values() for night in fact.nights}
    return Goes(len(face.turns(conversation_id)), len(lines), tuple(sorted(nights)))


def sentences(goes: Goes) -> list[tuple[str, str]]:
    """What goes, each as an icon and a sentence."""
    noticed = (
        f"{words.plural(goes.facts, 'fact')}: what was noticed in them, and what came before or after it."
    )
    return [
        ("ph.chats-circle", f"{words.plural(goes.messages, 'message')}, yours and mine."),
        ("ph.bookmark-simple", noticed if goes.facts else "No facts: nothing was noticed in them."),
        ("ph.magnifying-glass", "Their place in search and in the index that recall looks through."),
        ("ph.moon", _nights(goes.nights)),
    ]


def _nights(nights: tuple[int, ...]) -> str:
    if not nights:
        return "No adapter: no night has learned from it."
    if len(nights) == 1:
        return (
            f"The adapter of night {nights[0]}, which learned from it. The next night learns the rest anew."
        )
    return f"The adapters of {len(nights)} nights that learned from it. The next night learns the rest anew."


class Forgetting(QObject):
    """Asks, and tells when a chat is going."""

    going = Signal(int)
    gone = Signal()

    def __init__(self, tasks: Tasks, toast: Toast, over: QWidget) -> None:
        super().__init__(over)
        self._tasks, self._toast, self._over = tasks, toast, over

    def ask(self, conversation_id: int, title: str) -> None:
        """Ask, once it is known what would go."""
        self._tasks.read(
            lambda face: goes_with(face, conversation_id),
            lambda goes: self._ask(conversation_id, title, goes),
            owner=self,
        )

    def _ask(self, number: int, title: str, goes: Goes) -> None:
        named = f"“{words.title_of(title)}”" if title else "this chat"
        Question(
            self._over,
            f"Forget {named} for good?",
            sentences(goes),
            WARNING,
            "Forget for good",
            lambda: self._forget(number, named),
        ).open()

    def _forget(self, number: int, named: str) -> None:
        self.going.emit(number)
        self._toast.say(f"Forgetting {named}, everywhere.")
        self._tasks.write(
            lambda face: face.forget_conversation(number),
            lambda gone: self._done(f"Forgot {named} for good: {_count(gone)}."),
            owner=self,
            wrong=self._done,
        )

    def _done(self, sentence: str) -> None:
        self._toast.say(sentence)
        self.gone.emit()


def _count(gone: object) -> str:
    parts = [words.plural(len(gone.turns), "message"), words.plural(len(gone.facts), "fact")]
    return " and ".join(parts) + (", with what nights learned of it" if gone.nights else "")
