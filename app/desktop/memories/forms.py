"""The two forms above the facts: one more fact, and one made of several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.desktop.memories.alike import alike
from app.desktop.memories.form import FactForm
from app.desktop.memories.merge import MergeForm
from app.desktop.widgets.basic import column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.desktop.memories.acts import Acts
    from memory.records import Fact


class Forms(QWidget):
    """Shows one at a time; ``left`` when the keyboard may go back to the facts."""

    left = Signal()

    def __init__(self, acts: Acts) -> None:
        super().__init__()
        self._acts = acts
        self.add = FactForm("addFact", wide=True, verb="Add")
        self.merge = MergeForm()
        inside = column(self)
        for form in (self.add, self.merge):
            inside.addWidget(form)
            form.cancelled.connect(self._leave)
        self.add.saved.connect(lambda about, value: acts.add(about, value, self._leave, self.add.value.wrong))
        self.merge.merged.connect(
            lambda numbers, keep, about, value: acts.merge(
                numbers, keep, about, value, self._leave, self.merge.value.wrong
            )
        )
        self.close_all()

    def begin_add(self) -> None:
        self.close_all()
        self.show()
        self.add.begin()

    def begin_merge(self, chosen: Sequence[Fact], facts: Sequence[Fact]) -> None:
        """Merge what is chosen; for one, those of ``facts`` are offered that seem to say the same."""
        self.close_all()
        self.show()
        self.merge.begin(chosen, alike(chosen[0], facts) if len(chosen) == 1 else ())

    def close_all(self) -> bool:
        """Whether there was anything to close."""
        was_open = self.add.isVisible() or self.merge.isVisible()
        for part in (self.add, self.merge, self):
            part.hide()
        return was_open

    def _leave(self) -> None:
        self.close_all()
        self.left.emit()
