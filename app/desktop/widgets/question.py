"""A question before something that has no way back: what goes, and a yes that is never the default."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from app.desktop import style
from app.desktop.widgets.basic import Words, beside, button, column, frame, row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QShowEvent

WIDTH = 468


class Question(QDialog):
    """Esc and Enter say no; the yes must be meant.

    Args:
        over: what it is asked over.
        title: the question.
        lines: what goes, each an icon and a sentence.
        warning: what cannot be undone.
        yes: the word on the button that does it.
        on: does it.
    """

    def __init__(
        self,
        over: QWidget,
        title: str,
        lines: Sequence[tuple[str, str]],
        warning: str,
        yes: str,
        on: Callable[[], object],
    ) -> None:
        super().__init__(over)
        self.setObjectName("question")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Dormouse")
        self.setAccessibleName(title)
        self.setAccessibleDescription(" ".join([*(text for _icon, text in lines), warning]))
        style.sized(self, width=WIDTH)
        self._on = on
        inside = column(self, margins=(24, 20, 24, 20), gap=14)
        inside.addWidget(Words(title, "title", px=20, line=27))
        for icon, text in lines:
            inside.addLayout(beside(icon, Words(text), size=18))
        inside.addWidget(_warning(warning))
        inside.addSpacing(4)
        inside.addLayout(self._buttons(yes))

    def showEvent(self, event: QShowEvent) -> None:
        self.setFixedHeight(self.layout().totalHeightForWidth(self.width()))
        super().showEvent(event)

    def _buttons(self, yes: str):  # noqa: ANN202
        line = row(gap=8)
        line.addStretch(1)
        self.yes = button(yes, "questionYes", kind="danger", icon="ph.eraser", on=self._do)
        self.no = button("Keep it", "questionNo", tip="Keep it (Esc)", on=self.reject)
        self.no.setDefault(True)
        self.no.setFocus()
        line.addWidget(self.yes)
        line.addWidget(self.no)
        return line

    def _do(self) -> None:
        self.accept()
        self._on()


def _warning(text: str) -> QWidget:
    box = frame("problem", "questionWarning")
    inside = row(box, margins=(12, 8, 12, 10))
    inside.addLayout(beside("ph.warning", Words(text, "body", "danger"), "danger", 18))
    return box
