"""What can be done with facts: each act says what it did, and how to take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.desktop import undoing, words
from app.desktop.memories import forgetting
from app.desktop.memories.proposals import CHANGED_SINCE, dismiss, keep, take_back

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QWidget

    from app.desktop.face import Face
    from app.desktop.tasks import Tasks
    from app.desktop.widgets.toast import Toast
    from memory.records import Fact, Step

BROUGHT_BACK = "Brought back. Nothing was forgotten."
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
            self._toast.tell(
                "Changed. What was so before stays in the history.",
                undo=lambda: self.write(
                    lambda face: take_back(face, [fact]) or f"Undid: changed: {fact.sentence}"
                ),
            )

        self._toast.settle()
        self._tasks.write(
            lambda face: face.edit_fact(fact_id, attribute, value), done, owner=self, wrong=wrong
        )

    def pin(self, facts: Sequence[Fact]) -> None:
        """Always in mind, or no longer where all of them are."""
        on = not all(fact.pinned for fact in facts)
        verb = "Pinned: always in mind" if on else "No longer pinned"
        self._step(lambda face: face.pin_all(ids(facts), on), lambda step: f"{verb}{_of(step)}.")

    def retract(self, facts: Sequence[Fact]) -> None:
        """No longer true."""

        def again(face: Face, step: Step) -> object:
            return face.take_back(step.id) or face.restore_all(step.facts)

        said = "No longer true{of}. {it} in the history."
        self._step(
            lambda face: face.retract_all(ids(facts)),
            lambda step: said.format(of=_of(step), it="They stay" if len(step.facts) > 1 else "It stays"),
            again,
        )

    def restore(self, facts: Sequence[Fact]) -> None:
        """True after all."""
        self._step(lambda face: face.restore_all(ids(facts)), lambda step: f"True after all{_of(step)}.")

    def keep(self, facts: Sequence[Fact]) -> None:
        """A yes to those that wait."""
        what = _named(facts)
        self._step(lambda face: keep(face, facts), lambda _step: f"Kept: {what}")

    def dismiss(self, facts: Sequence[Fact]) -> None:
        """A no to those that wait."""
        what = _named(facts)
        self._step(lambda face: dismiss(face, facts), lambda _step: f"Turned down: {what}")

    def merge(
        self,
        fact_ids: list[int],
        keep: int,
        attribute: str,
        value: str,
        then: Callable[[], None],
        wrong: Callable[[str], None],
    ) -> None:
        """Several made one, in the words of ``keep`` or in new words."""

        def done(step: Step) -> None:
            then()
            self.show.emit(step.facts[0])

        self._step(
            lambda face: face.merge(fact_ids, keep, attribute, value),
            lambda _step: f"Merged {len(fact_ids)} facts into one. The others stay in its history.",
            done=done,
            wrong=wrong,
        )

    def ask_to_forget(self, facts: Sequence[Fact], over: QWidget) -> None:
        """Several go after a question that says what goes with them, and for good."""
        self._tasks.read(
            lambda face: face.would_forget(ids(facts)),
            lambda gone: forgetting.ask(over, facts, gone, lambda: self.forget_all(facts)),
            owner=self,
        )

    def forget_all(self, facts: Sequence[Fact]) -> None:
        """Several for good, after the question."""
        numbers = ids(facts)

        def done(sentence: str) -> None:
            self.going.difference_update(numbers)
            self._toast.say(sentence)
            self.changed.emit()

        self._toast.settle()
        self.going.update(numbers)
        self.changed.emit()
        self._toast.say(f"Forgetting {len(numbers)} facts, everywhere.")
        self._tasks.write(
            lambda face: forgetting.said(face.forget_all(numbers)), done, owner=self, wrong=done
        )

    def forget(self, fact_id: int, fact: Fact | None) -> None:
        """Gone at once; for ten seconds it can come back, then every trace is removed."""
        waited = [fact] if fact is not None and fact.state != "current" else []
        self.going.add(fact_id)
        self.write(lambda face: face.retract(fact_id) and None)

        def bring_back(face: Face) -> str:
            if waited:
                return take_back(face, waited) or BROUGHT_BACK
            face.restore(fact_id)
            return BROUGHT_BACK

        def undo() -> None:
            self.going.discard(fact_id)
            self.write(bring_back)

        self._toast.say(FORGOTTEN, undo=undo, after=lambda: self.write(lambda face: face.forget(fact_id)))

    def forget_for_good(self, fact_id: int) -> None:
        """At once, and for good."""
        self.write(lambda face: face.forget(fact_id))

    def undo(self) -> None:
        """Take back the last change, and say which."""
        undoing.undo(self._tasks, self._toast, self)

    def redo(self) -> None:
        """Do the last undone change again, and say which."""
        undoing.redo(self._tasks, self._toast, self)

    def write(self, job: Callable[[Face], object]) -> None:
        """Change something; what comes back as a sentence is said."""

        def done(got: object) -> None:
            self.changed.emit()
            if not isinstance(got, str) or not got:
                return
            if got.startswith("Undid"):
                undoing.say(self._toast, got)
            else:
                self._toast.tell(got)

        self._tasks.write(job, done, owner=self)

    def _step(
        self,
        job: Callable[[Face], Step],
        said: Callable[[Step], str],
        again: Callable[[Face, Step], object] | None = None,
        *,
        done: Callable[[Step], None] | None = None,
        wrong: Callable[[str], None] | None = None,
    ) -> None:
        """One step of undo; the message that tells it offers to take it back."""

        def take_back(face: Face, step: Step) -> str:
            done = again(face, step) if again else face.take_back(step.id)
            return f"Undid: {step.sentence}" if done else CHANGED_SINCE

        def tell(step: Step) -> None:
            if done is not None:
                done(step)
            self.changed.emit()
            if step.facts:
                self._toast.tell(said(step), undo=lambda: self.write(lambda face: take_back(face, step)))

        self._toast.settle()
        self._tasks.write(job, tell, owner=self, wrong=wrong or self._refused)

    def _refused(self, sentence: str) -> None:
        self._toast.say(sentence)
        self.changed.emit()


def ids(facts: Sequence[Fact]) -> list[int]:
    """Their numbers."""
    return [fact.id for fact in facts]


def _of(step: Step) -> str:
    return f": {len(step.facts)} facts" if len(step.facts) > 1 else ""


def _named(facts: Sequence[Fact]) -> str:
    if len(facts) == 1:
        return f"“{words.you(facts[0].sentence)}”"
    return words.plural(len(facts), "thing")
