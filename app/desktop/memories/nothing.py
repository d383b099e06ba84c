"""What the memories say while they have nothing to show: what will be here, or that nothing matches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.desktop.widgets.basic import button, column, empty

if TYPE_CHECKING:
    from collections.abc import Callable


class Nothing(QWidget):
    """Two boxes, of which one shows.

    Args:
        add: opens the form for the first fact.
        widen: shows everything that is true now.
    """

    def __init__(self, add: Callable[[], object], widen: Callable[[], object]) -> None:
        super().__init__()
        inside = column(self)
        self._first = empty(
            "Nothing remembered yet",
            "What you tell me in a chat will be listed here, with your own words.",
            button("Add a fact", "addFirst", icon="ph.plus", on=add),
            "noFacts",
        )
        self._none = empty(
            "Nothing here matches",
            "Try other words, or look at everything that is true now.",
            button("Clear the filters", "clearFilters", icon="ph.funnel", on=widen),
            "noneMatch",
        )
        for box in (self._first, self._none):
            inside.addWidget(box)
        inside.addStretch(1)

    def explain(self, *, bare: bool) -> None:
        """Nothing is known at all, or nothing that is looked for."""
        self._first.setVisible(bare)
        self._none.setVisible(not bare)
