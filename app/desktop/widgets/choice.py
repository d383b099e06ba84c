"""A list to choose one thing from; it shows when it is not at rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QComboBox

from app.desktop import style
from app.desktop.widgets.basic import icon_label, row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QLabel

BESIDE = 56  # the margins and the caret


class Choice(QComboBox):
    """Chooses among ``{key: words}``; the first is where it rests.

    Args:
        name: the object's name.
        words: the accessible name.
        options: what can be chosen.
    """

    chosen = Signal(str)

    def __init__(self, name: str, words: str, options: Mapping[str, str]) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(words)
        style.sized(self, height=32)
        style.font(self, "body", weight=500)
        caret: QLabel = icon_label("ph.caret-down", size=12)
        inside = row(self, margins=(0, 0, 10, 0))
        inside.addStretch(1)
        inside.addWidget(caret)
        self.offer(options)
        self.currentIndexChanged.connect(self._told)

    def offer(self, options: Mapping[str, str]) -> None:
        """Offer other things; what was chosen stays if it is among them, and nobody is told."""
        if list(options) == [self.itemData(at) for at in range(self.count())]:
            return
        before = self.currentData()
        self.blockSignals(True)
        self.clear()
        for key, words in options.items():
            self.addItem(words, key)
        self.setCurrentIndex(max(0, self.findData(before) if before is not None else 0))
        self.blockSignals(False)
        self._mark()

    def sizeHint(self) -> QSize:
        """As wide as what is chosen, not as the longest that could be."""
        hint = super().sizeHint()
        return QSize(self.fontMetrics().horizontalAdvance(self.currentText()) + BESIDE, hint.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def showPopup(self) -> None:
        view = self.view()
        view.setMinimumWidth(max(self.width(), view.sizeHintForColumn(0) + BESIDE))
        super().showPopup()

    def key(self) -> str:
        """What is chosen."""
        return str(self.currentData() or "")

    def choose(self, key: str) -> None:
        """Choose something; tells, if it was not chosen before."""
        self.setCurrentIndex(max(0, self.findData(key)))

    def rest(self) -> None:
        """Back to the first, without telling."""
        self.blockSignals(True)
        self.setCurrentIndex(0)
        self.blockSignals(False)
        self._mark()

    def _told(self, _index: int) -> None:
        self._mark()
        self.chosen.emit(self.key())

    def _mark(self) -> None:
        self.updateGeometry()
        style.restyle(self, chosen="true" if self.currentIndex() > 0 else "false")
