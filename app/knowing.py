"""The memories' part of the face: what is known, and what the user does with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

from app.events import Bus, Changed
from memory.forget import would_forget
from memory.resting import why

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.assistant import Assistant
    from app.jobs import Idle
    from app.remembering import Remembering
    from memory.profile import Line
    from memory.records import Fact, FactState, Forgotten, Place, Step
    from memory.resting import Item
    from memory.store import Store

T = TypeVar("T")


class Knowing:
    """Everything that is known, one by one and several at once; ``app.core`` puts its parts in place."""

    assistant: Assistant
    bus: Bus
    idle: Idle
    memory: Remembering
    store: Store

    def facts(self, search: str = "", state: str | None = None, topic: str | None = None) -> list[Fact]:
        return self.memory.facts.facts(search, cast("FactState | None", state), topic)

    def profile(self) -> list[Line]:
        """What is always in mind, in the order in which every prompt says it."""
        return self.memory.standing()

    def resting(self) -> list[tuple[Item, str]]:
        """What is at rest because nothing ever used it, and why, in a sentence each."""
        return [(item, why(item)) for item in self.memory.resting()]

    def history(self, fact_id: int) -> list[Fact]:
        return self.memory.facts.history(fact_id)

    def map_places(self) -> list[Place] | None:
        """Where facts lie on the map of memories; None while the index is waking."""
        return self.memory.map_places()

    def add_fact(self, attribute: str, value: str) -> Fact:
        return self._told(self.memory.facts.add(attribute, value), "facts")

    def edit_fact(self, fact_id: int, attribute: str, value: str) -> Fact:
        return self._told(self.memory.facts.edit(fact_id, attribute=attribute, value=value), "facts")

    def retract(self, fact_id: int) -> Fact:
        return self._told(self.memory.facts.retract(fact_id), "facts")

    def restore(self, fact_id: int) -> Fact:
        """Take back a retraction."""
        return self._told(self.memory.facts.restore(fact_id), "facts")

    def forget(self, fact_id: int) -> Forgotten:
        """Remove a fact from everywhere: text, index, history, training items, adapters."""
        self.assistant.hush()  # a reply that is being written may hold it, and would be kept anew
        return self.memory.forget(fact_id)

    def noticed_in(self, turn_id: int) -> list[Fact]:
        """The facts that one message told."""
        return self.memory.facts.from_turn(turn_id)

    def pin(self, fact_id: int, on: bool) -> Fact:
        return self._told(self.memory.facts.pin(fact_id, on), "facts")

    def accept(self, fact_id: int) -> Fact:
        return self._told(self.memory.facts.accept(fact_id), "facts")

    def would_replace(self, fact_id: int) -> tuple[Fact | None, bool]:
        """The fact whose place a proposal would take, and whether it only says it more precisely."""
        return self.memory.facts.would_replace(fact_id)

    def dismiss(self, fact_id: int) -> Fact:
        """A proposal was wrong."""
        return self.retract(fact_id)

    # Several at once: each is one step of undo.

    def pin_all(self, fact_ids: Sequence[int], on: bool) -> Step:
        return self._told(self.memory.together.pin(fact_ids, on), "facts")

    def retract_all(self, fact_ids: Sequence[int]) -> Step:
        return self._told(self.memory.together.retract(fact_ids), "facts")

    def restore_all(self, fact_ids: Sequence[int]) -> Step:
        return self._told(self.memory.together.restore(fact_ids), "facts")

    def accept_all(self, fact_ids: Sequence[int]) -> Step:
        return self._told(self.memory.together.accept(fact_ids), "facts")

    def merge(self, fact_ids: Sequence[int], keep: int = 0, attribute: str = "", value: str = "") -> Step:
        """Make several that say the same one: in the words of ``keep``, or in other words."""
        return self._told(self.memory.together.merge(fact_ids, keep, attribute, value), "facts")

    def take_back(self, step: int) -> str | None:
        """Undo this step and no other; nothing, when something else was changed since."""
        return self._told(self.memory.together.take_back(step), "facts", "conversations")

    def would_forget(self, fact_ids: Sequence[int]) -> Forgotten:
        """What forgetting these would reach: their history, the messages that told them, the nights."""
        return would_forget(self.store, fact_ids)

    def forget_all(self, fact_ids: Sequence[int]) -> Forgotten:
        """Remove several facts from everywhere, at once."""
        self.assistant.hush()
        return self.memory.forget_all(fact_ids)

    def _changed(self, *kinds: str) -> None:
        self.bus.tell(Changed(frozenset(kinds)))

    def _told(self, result: T, *kinds: str) -> T:
        self._changed(*kinds)
        self.idle.wake()
        return result
