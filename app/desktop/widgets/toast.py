"""A line at the bottom of the window that says what was done and offers to undo it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEasingCurve, QPropertyAnimation, QTimer
from PySide6.QtWidgets import QFrame, QGraphicsOpacityEffect, QWidget

from app.desktop import theme
from app.desktop.widgets.basic import button, icon_button, label, row

if TYPE_CHECKING:
    from collections.abc import Callable

STAYS = 10_000
WIDEST = 760


class Toast(QFrame):
    """One message at a time. When it goes without Undo, ``after`` is done (at the latest on close)."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("toast")
        self.setProperty("kind", "toast")
        self._undo: Callable[[], None] | None = None
        self.lift = 0
        self._after: Callable[[], None] | None = None
        inside = row(self, margins=(16, 8, 8, 8), gap=12)
        self.text = label()
        inside.addWidget(self.text)
        self._act: Callable[[], object] | None = None
        self.act_button = button("", "toastAct", kind="link", height=28, on=self._do)
        inside.addWidget(self.act_button)
        self.undo_button = button(
            "Undo", "toastUndo", kind="link", icon="ph.arrow-counter-clockwise", height=28, on=self.undo
        )
        inside.addWidget(self.undo_button)
        inside.addWidget(icon_button("ph.x", "toastClose", "Close this message", on=self.settle))
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.settle)
        self.hide()

    def say(
        self,
        text: str,
        undo: Callable[[], None] | None = None,
        after: Callable[[], None] | None = None,
        stays: int = STAYS,
        act: tuple[str, Callable[[], object]] | None = None,
    ) -> None:
        """Show a message, perhaps with something to do; an earlier one is settled first."""
        self.settle()
        self._undo, self._after = undo, after
        words, self._act = act or ("", None)
        self.act_button.setText(words)
        self.act_button.setAccessibleName(words)
        self.act_button.setVisible(act is not None)
        self.text.setText(text)
        self.setAccessibleName(text)
        self.undo_button.setVisible(undo is not None)
        self.place()
        self._fade()
        self._timer.start(stays)

    def tell(self, text: str, undo: Callable[[], None] | None = None, stays: int = STAYS) -> None:
        """Say what came of something, unless what was asked for since waits here to be done for good."""
        if self._after is None:
            self.say(text, undo, stays=stays)

    def pending(self) -> bool:
        """Whether something can still be taken back here."""
        return self._undo is not None

    def undo(self) -> None:
        """Take it back."""
        act, self._undo, self._after = self._undo, None, None
        self.settle()
        if act is not None:
            act()

    def _do(self) -> None:
        act = self._act
        self.settle()
        if act is not None:
            act()

    def settle(self) -> None:
        """Nobody took it back: make it so, and go."""
        self._timer.stop()
        self.hide()
        after, self._after, self._undo = self._after, None, None
        if after is not None:
            after()

    def place(self) -> None:
        """Bottom middle, above the status bar."""
        over = self.parentWidget()
        self._wrap(False)
        natural = self.sizeHint()
        width = min(natural.width(), over.width() - 32, WIDEST)
        self._wrap(natural.width() > width)  # a label that wraps asks for less than it could have
        height = self.layout().totalHeightForWidth(width) if self.text.wordWrap() else natural.height()
        self.setGeometry((over.width() - width) // 2, over.height() - 48 - self.lift - height, width, height)
        self.raise_()

    def _wrap(self, on: bool) -> None:
        self.text.setWordWrap(on)
        self.layout().invalidate()

    def _fade(self) -> None:
        effect = QGraphicsOpacityEffect(self)
        self.setGraphicsEffect(effect)
        fade = QPropertyAnimation(effect, b"opacity", self)
        fade.setDuration(theme.current().fade())
        fade.setEasingCurve(QEasingCurve.Type.OutCubic)
        fade.setStartValue(0.0)
        fade.setEndValue(1.0)
        fade.finished.connect(lambda: self.setGraphicsEffect(None))
        self.show()
        fade.start(QPropertyAnimation.DeletionPolicy.DeleteWhenStopped)
