"""What can be done with facts: each act says what it did, and how to take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.desktop import words
from app.desktop.memories.proposals import take_back

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.desktop.face import Face
    from app.desktop.tasks import Tasks
    from app.desktop.widgets.toast import Toast
    from memory.records import Fact

FORGOTTEN = "Forgotten. In ten seconds no trace is left."


class Acts(QObject):
    """Writes through the tasks, speaks through the toast; ``changed`` after each, ``show`` for one to see."""

    changed = Signal()
    show = Signal(int)

    def __init__(self, tasks: Tasks, toast: Toast, parent: QObject) -> None:
        super().__init__(parent)
        self._tasks, self._toast = tasks, toast
        self.going: set[int] = set()  # forgotten, while that can still be taken back

    def add(self, attribute: str, value: str, then: Callable[[], None], wrong: Callable[[str], None]) -> None:
        """Something typed in; ``wrong`` gets the sentence that says why not."""

        def done(fact: Fact) -> None:
            then()
            self.show.emit(fact.id)

        self._toast.settle()
        self._tasks.write(lambda face: face.add_fact(attribute, value), done, owner=self, wrong=wrong)

    def save(self, fact_id: int, attribute: str, value: str, wrong: Callable[[str], None]) -> None:
        """A fact in other words."""

        def done(fact: Fact) -> None:
            self.show.emit(fact.id)
            self._toast.say(
                "Changed. What was so before stays in the history.",
                undo=lambda: self.write(lambda face: take_back(face, [fact])),
            )

        self._toast.settle()
        self._tasks.write(
            lambda face: face.edit_fact(fact_id, attribute, value), done, owner=self, wrong=wrong
        )

    def pin(self, facts: Sequence[Fact]) -> None:
        """Always in mind, or no longer."""
        fact = facts[0]
        self.write(lambda face: face.pin(fact.id, not fact.pinned))

    def retract(self, facts: Sequence[Fact]) -> None:
        """No longer true."""
        fact = facts[0]
        self.write(lambda face: face.retract(fact.id))
        self._toast.say(
            "No longer true. It stays in the history.",
            undo=lambda: self.write(lambda face: face.restore(fact.id)),
        )

    def restore(self, facts: Sequence[Fact]) -> None:
        """True after all."""
        self.write(lambda face: face.restore(facts[0].id))

    def forget(self, fact_id: int, fact: Fact | None) -> None:
        """Gone at once; for ten seconds it can come back, then every trace is removed."""
        waited = [fact] if fact is not None and fact.state != "current" else []
        self.going.add(fact_id)
        self.write(lambda face: face.retract(fact_id) and None)

        def undo() -> None:
            self.going.discard(fact_id)
            self.write(lambda face: take_back(face, waited) if waited else face.restore(fact_id))

        self._toast.say(FORGOTTEN, undo=undo, after=lambda: self.write(lambda face: face.forget(fact_id)))

    def forget_for_good(self, fact_id: int) -> None:
        """At once, and for good."""
        self.write(lambda face: face.forget(fact_id))

    def undo(self) -> None:
        """Take back the last change, and say which."""
        if self._toast.pending():
            self._toast.undo()
            return
        self._turn_over(lambda face: face.undo(), "There is nothing to undo.")

    def redo(self) -> None:
        """Do the last undone change again, and say which."""
        self._turn_over(lambda face: face.redo(), "There is nothing to do again.")

    def write(self, job: Callable[[Face], object]) -> None:
        """Change something; what comes back as a sentence is said."""

        def done(got: object) -> None:
            self.changed.emit()
            if got and isinstance(got, str):
                self._toast.say(got)

        self._tasks.write(job, done, owner=self)

    def _turn_over(self, job: Callable[[Face], str | None], nothing: str) -> None:
        def done(sentence: str | None) -> None:
            self._toast.say(words.you(sentence) if sentence else nothing, stays=4000)
            self.changed.emit()

        self._tasks.write(job, done, owner=self)
