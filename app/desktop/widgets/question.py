"""A question before something that has no way back: what goes, and a yes that is never the default."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from app.desktop import style
from app.desktop.widgets import field
from app.desktop.widgets.basic import Words, beside, button, column, frame, label, row

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
        no: the word on the button that does not.
        icon: the yes's picture.
        typed: words without which there is no yes.
    """

    def __init__(
        self,
        over: QWidget,
        title: str,
        lines: Sequence[tuple[str, str]],
        warning: str,
        yes: str,
        on: Callable[[], object],
        *,
        no: str = "Keep it",
        icon: str = "ph.eraser",
        typed: str = "",
    ) -> None:
        super().__init__(over)
        self.setObjectName("question")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Dormouse")
        self.setAccessibleName(title)
        self.setAccessibleDescription(" ".join([*(text for _sign, text in lines), warning]))
        style.sized(self, width=WIDTH)
        self._on = on
        inside = column(self, margins=(24, 20, 24, 20), gap=14)
        inside.addWidget(Words(title, "title", px=20, line=27))
        for sign, text in lines:
            inside.addLayout(beside(sign, Words(text), size=18))
        inside.addWidget(_warning(warning))
        inside.addSpacing(4)
        buttons = self._buttons(yes, no, icon)
        if typed:
            inside.addLayout(self._typing(typed))
        inside.addLayout(buttons)
        (self.typed if typed else self.no).setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        self.setFixedHeight(self.layout().totalHeightForWidth(self.width()))
        super().showEvent(event)

    def _typing(self, wanted: str):  # noqa: ANN202
        """A line to type the words in; the yes waits for them."""
        made = column(gap=6)
        self.typed = field.line("questionTyped", f"Type “{wanted}”")
        made.addWidget(label(f"Type “{wanted}” to go on", "small", "text-muted"))
        made.addWidget(self.typed)
        self.yes.setEnabled(False)
        self.typed.textChanged.connect(
            lambda text: self.yes.setEnabled(" ".join(text.casefold().split()) == wanted)
        )
        return made

    def _buttons(self, yes: str, no: str, icon: str):  # noqa: ANN202
        line = row(gap=8)
        line.addStretch(1)
        self.yes = button(yes, "questionYes", kind="danger", icon=icon, on=self._do)
        self.no = button(no, "questionNo", tip=f"{no} (Esc)", on=self.reject)
        self.no.setDefault(True)
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
