"""Labels, buttons, cards and rows: the small parts every place is made of."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.desktop import icons, style, theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QMouseEvent, QResizeEvent


def label(text: str = "", role: str = "body", color: str = "text", *, px: int = 0, weight: int = 0) -> QLabel:
    """One line of plain text."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("color", color)
    style.font(made, role, px=px, weight=weight)
    return made


class Words(QLabel):
    """Wrapped text with the line height of its role. ``**bold**`` is not read: use ``say(html=...)``."""

    def __init__(
        self,
        text: str = "",
        role: str = "body",
        color: str = "text",
        *,
        px: int = 0,
        line: int = 0,
        weight: int = 0,
    ) -> None:
        super().__init__()
        self._role, self._line, self._html = role, line, ""
        self._laid_out = False
        self.setProperty("color", color)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        style.font(self, role, px=px, weight=weight)
        self.setProperty("say", self._draw)
        self.plain = ""
        self.say(text)

    def say(self, text: str = "", *, html: str = "") -> None:
        """Show a text, or ready HTML."""
        self.plain = text
        self._html = html or escape(text).replace("\n", "<br>")
        self.setAccessibleName(text)
        self._draw()

    def sizeHint(self) -> QSize:
        """As high as it is at this width: Qt's guess of a width would leave gaps and useless scrolling."""
        hint = super().sizeHint()
        return QSize(hint.width(), self.heightForWidth(self.width())) if self._laid_out else hint

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._laid_out = True
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def _draw(self) -> None:
        line = round(self._line * theme.current().scale) or theme.current().line(self._role)
        self.setText(f'<div style="line-height:{line}px">{self._html}</div>')


class Elided(QLabel):
    """A line that ends in an ellipsis where there is no room; its tip has all of it."""

    def __init__(self, text: str = "", role: str = "body", color: str = "text") -> None:
        super().__init__()
        self.whole = text
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("color", color)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        style.font(self, role)
        self.say(text)

    def say(self, text: str) -> None:
        self.whole = text
        self.setToolTip(text)
        self.setAccessibleName(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        self.setText(
            self.fontMetrics().elidedText(self.whole, Qt.TextElideMode.ElideRight, max(0, self.width()))
        )


def chip(text: str, tone: str = "") -> QLabel:
    """A small soft badge; its word says what its colour means."""
    made = QLabel(text)
    made.setProperty("kind", "chip")
    made.setProperty("tone", tone)
    style.sized(made, height=20)
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    style.font(made, "caption")
    return made


def button(
    text: str,
    name: str,
    *,
    kind: str = "",
    icon: str = "",
    color: str = "",
    tip: str = "",
    height: int = 32,
    on: Callable[[], object] | None = None,
) -> QPushButton:
    """A push button with an object name, an accessible name and an icon in its own colour."""
    made = QPushButton(f" {text}" if icon and text else text)  # a little more air behind the icon
    made.setObjectName(name)
    made.setAccessibleName(text or tip or name)
    if tip:
        made.setToolTip(tip)
    if kind:
        made.setProperty("kind", kind)
    style.font(
        made,
        "caption" if kind in ("recalled", "learned") else "body",
        weight=500,
        px=12 if height < 32 and kind not in ("recalled", "learned") else 0,
    )
    if kind in ("primary",):
        style.font(made, "body", weight=600)
    style.sized(made, height=height)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.setAutoDefault(False)
    if icon:
        icons.put(made, icon, color or ink(kind), 14 if height < 32 else 16)
    if on is not None:
        made.clicked.connect(lambda _checked=False: on())
    return made


def icon_button(
    icon: str,
    name: str,
    tip: str,
    *,
    color: str = "text-muted",
    size: int = 16,
    side: int = 28,
    on: Callable[[], object] | None = None,
) -> QPushButton:
    """A button that is only an icon; its tip is its name."""
    made = button("", name, kind="icon", tip=tip, height=side, on=on)
    style.sized(made, width=side, height=side)
    icons.put(made, icon, color, size)
    return made


def ink(kind: str) -> str:
    """The colour of the words on a kind of button."""
    return {
        "primary": "on-accent", "danger": "danger", "quiet-danger": "danger", "quiet": "text-muted",
        "recalled": "accent-ink", "learned": "learned", "keep": "accent-ink", "link": "accent-ink",
    }.get(kind, "text")  # fmt: skip


def icon_label(icon: str, color: str = "text-muted", size: int = 16) -> QLabel:
    """An icon that says nothing by itself."""
    made = QLabel()
    icons.put(made, icon, color, size)
    made.setFixedSize(size, size)
    return made


def beside(icon: str, words: Words, color: str = "text-muted", size: int = 16) -> QHBoxLayout:
    """An icon level with the first line of some words."""
    line, sign = row(gap=12 if size > 16 else 8), icon_label(icon, color, size)
    sign.setContentsMargins(0, 3, 0, 0)
    sign.setFixedHeight(size + 3)
    line.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
    line.addWidget(words, 1)
    return line


def frame(kind: str, name: str = "") -> QFrame:
    """A frame the style sheet knows by its kind."""
    made = QFrame()
    made.setProperty("kind", kind)
    if name:
        made.setObjectName(name)
    return made


def rule() -> QFrame:
    """A divider."""
    made = frame("rule")
    made.setFixedHeight(1)
    return made


def column(
    parent: QWidget | None = None, *, margins: tuple[int, int, int, int] = (0, 0, 0, 0), gap: int = 0
) -> QVBoxLayout:
    """A vertical layout without Qt's own margins."""
    return _layout(QVBoxLayout(), parent, margins, gap)


def row(
    parent: QWidget | None = None, *, margins: tuple[int, int, int, int] = (0, 0, 0, 0), gap: int = 8
) -> QHBoxLayout:
    """A horizontal layout without Qt's own margins."""
    return _layout(QHBoxLayout(), parent, margins, gap)


def _layout(
    made: QBoxLayout, parent: QWidget | None, margins: tuple[int, int, int, int], gap: int
) -> QBoxLayout:
    made.setContentsMargins(*margins)
    made.setSpacing(gap)
    if parent is not None:
        parent.setLayout(made)
    return made


def clear(layout: QLayout) -> None:
    """Take everything out of a layout."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            clear(inner)


def scroll(inside: QWidget, name: str = "") -> QScrollArea:
    """A vertical scroll area around a widget."""
    area = QScrollArea()
    area.setObjectName(name)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inside)
    return area


class Clickable(QFrame):
    """A frame that acts like a button when it is pressed anywhere."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__()
        self._act = act
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self._act()


def empty(title: str, sentence: str, action: QPushButton | None = None, name: str = "empty") -> QFrame:
    """What a place shows while it has nothing: the mark, what will be here, the one next step."""
    box = frame("empty", name)
    inside = row(box, margins=(16, 14, 16, 14), gap=12)
    picture = QLabel()
    picture.setPixmap(icons.mark("dormouse-small", 32))
    inside.addWidget(picture)
    texts = column(gap=0)
    texts.addWidget(label(title, "heading"))
    texts.addWidget(Words(sentence, "small", "text-muted"))
    inside.addLayout(texts, 1)
    if action is not None:
        inside.addWidget(action)
    return box
