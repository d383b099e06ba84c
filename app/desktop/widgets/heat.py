"""What later nights kept of earlier ones: a square for each pair, the darker the more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.desktop import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QHelpEvent

STEPS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)  # where each colour after the first begins
CELL, GAP, LABEL = 20, 3, 24


@dataclass(frozen=True, slots=True)
class Kept:
    """How many of the facts that one night brought another still gave by heart."""

    night: int
    brought_by: int
    right: int
    asked: int

    @property
    def share(self) -> float:
        return self.right / self.asked if self.asked else 0.0

    @property
    def sentence(self) -> str:
        known = f"{self.right} of {self.asked} by heart"
        return f"Night {self.night} gave {known} that night {self.brought_by} brought."


class Heat(QWidget):
    """Nights downwards, and across the nights that brought what they were asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("retention")
        self._cells: dict[tuple[int, int], Kept] = {}
        self._nights: list[int] = []
        self._brought: list[int] = []
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)

    def show_kept(self, kept: Sequence[Kept]) -> None:
        """Draw these."""
        self._cells = {(one.night, one.brought_by): one for one in kept}
        self._nights = sorted({one.night for one in kept})
        self._brought = sorted({one.brought_by for one in kept})
        self.setAccessibleName(" ".join(one.sentence for one in kept))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(LABEL + len(self._brought) * (CELL + GAP), LABEL + len(self._nights) * (CELL + GAP))

    def at(self, x: float, y: float) -> Kept | None:
        """What is drawn at a place."""
        for (night, brought), kept in self._cells.items():
            if self._place(night, brought).contains(x, y):
                return kept
        return None

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip:
            self._tell(event)  # type: ignore[arg-type]
            return True
        return super().event(event)

    def _tell(self, event: QHelpEvent) -> None:
        kept = self.at(event.pos().x(), event.pos().y())
        QToolTip.showText(event.globalPos(), kept.sentence if kept else "", self)

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(now.font("caption"))
        painter.setPen(now.color("text-muted"))
        for number, brought in enumerate(self._brought):
            box = QRectF(LABEL + number * (CELL + GAP), 0, CELL, LABEL - 4)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(brought))
        for number, night in enumerate(self._nights):
            box = QRectF(0, LABEL + number * (CELL + GAP), LABEL - 6, CELL)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, str(night))
        painter.setPen(QPen(now.color("border"), 1))
        for (night, brought), kept in self._cells.items():
            painter.setBrush(now.heat(sum(kept.share >= step for step in STEPS)))
            painter.drawRoundedRect(self._place(night, brought), 4, 4)

    def _place(self, night: int, brought: int) -> QRectF:
        across, down = self._brought.index(brought), self._nights.index(night)
        return QRectF(LABEL + across * (CELL + GAP), LABEL + down * (CELL + GAP), CELL, CELL)
