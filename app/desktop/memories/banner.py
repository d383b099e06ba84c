"""The line above the memories that says how much waits for a yes or a no."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from app.desktop import words
from app.desktop.widgets.basic import Words, button, icon_label, row


class Banner(QFrame):
    """Offers to review; put off, it stays away until the window is opened again."""

    review = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("reviewBanner")
        self.setProperty("kind", "banner")
        self._later = False
        inside = row(self, margins=(14, 6, 8, 6), gap=12)
        inside.addWidget(icon_label("ph.tray", "accent-ink", 18))
        self._words = Words()
        inside.addWidget(self._words, 1)
        inside.addWidget(button("Later", "reviewLater", kind="quiet", height=28, on=self._put_off))
        inside.addWidget(button("Review", "review", kind="banner", height=28, on=self.review.emit))
        self.hide()

    def show_count(self, count: int) -> None:
        """How much waits; nothing hides it."""
        self.setVisible(count > 0 and not self._later)
        things, verb = words.plural(count, "new thing"), "is" if count == 1 else "are"
        self._words.say(
            f"{things} {verb} waiting for a yes or a no.",
            html=f"<b>{things}</b> {verb} waiting for a yes or a no.",
        )

    def _put_off(self) -> None:
        self._later = True
        self.hide()
