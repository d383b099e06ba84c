"""A reply while it is written: shown some thirty times a second, kept twice a second."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from app.editing import Editor
from app.events import Bus, Changed, ReplyDone, ReplyText
from app.loops import unlooped
from app.restating import asks_to_make
from memory.manner import NOTHING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from memory.manner import Manner
    from memory.records import Note, Turn, TurnState
    from memory.store import Store

SAVE_EVERY = 0.5  # seconds of words that a crash may cost
SHOW_EVERY = 1 / 30


class Reply:
    """Grows in the store and on the bus, edited to the manner that the user asked for."""

    def __init__(
        self,
        store: Store,
        bus: Bus,
        question: Turn,
        notes: Sequence[Note],
        worn: Sequence[str],
        instead_of: int | None = None,
        manner: Manner = NOTHING,
    ) -> None:
        self._store, self._bus = store, bus
        self.turn = store.add_turn(
            question.conversation_id,
            "assistant",
            "",
            "writing",
            [note.id for note in notes],
            worn,
            answers=question.id,
            instead_of=instead_of,
        )
        making = asks_to_make(question.text)
        self._editor = Editor(manner, making) if manner != NOTHING else None
        self._loops = False
        self._text = ""
        self._unshown = ""
        self._shown = self._saved = time.monotonic()

    @property
    def whole(self) -> bool:
        """Whether there is nothing more to write: it repeats itself, or is as long as it was asked to be."""
        return self._loops or (self._editor is not None and self._editor.done)

    def grow(self, text: str) -> None:
        """More of what is written."""
        self._take(text if self._editor is None else self._editor.feed(text))

    def _take(self, text: str) -> None:
        self._text += text
        self._unshown += text
        now = time.monotonic()
        if now - self._shown >= SHOW_EVERY:
            self._show(now)
        if now - self._saved >= SAVE_EVERY:
            self._cut_loop()
            self.turn = self._store.extend_turn(self.turn.id, self._text, "writing")
            self._saved = now

    def end(self, state: TurnState, sentence: str = "") -> None:
        """Keep the whole reply; only the first call counts."""
        if self.turn.state != "writing":
            return
        if self._editor is not None and not self._loops:
            self._take(self._editor.finish(complete=state == "complete"))
        self._show(time.monotonic())
        self._cut_loop()
        self.turn = self._store.extend_turn(self.turn.id, self._text.strip(), state)
        self._bus.tell(ReplyDone(self.turn, sentence))
        self._bus.tell(Changed(frozenset({"conversations"})))

    def _cut_loop(self) -> None:
        once = unlooped(self._text)
        if once is not None:
            self._text, self._unshown, self._loops = once, "", True

    def _show(self, now: float) -> None:
        if self._unshown:
            self._bus.tell(ReplyText(self.turn.conversation_id, self._unshown))
        self._unshown, self._shown = "", now
