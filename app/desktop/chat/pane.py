"""The middle of the chat: header, transcript or welcome, state line, composer."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QStackedWidget, QWidget

from app.desktop import icons, style, theme
from app.desktop.chat.composer import Composer
from app.desktop.chat.stateline import StateLine
from app.desktop.chat.transcript import Transcript
from app.desktop.widgets.basic import Elided, Words, column, icon_button, label, row
from app.desktop.widgets.switch import Switch


class Pane(QFrame):
    """One conversation."""

    columns = Signal()
    find = Signal()
    more = Signal()
    remembered = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("chatPane")
        self.setMinimumWidth(320)
        self.transcript, self.composer, self.state = Transcript(), Composer(), StateLine()
        self._stack = QStackedWidget()
        self._stack.addWidget(welcome())
        self._stack.addWidget(self.transcript)
        outer = column(self)
        outer.addWidget(self._header())
        outer.addWidget(self._stack, 1)
        outer.addWidget(self._foot())

    def show_begun(self, begun: bool = True) -> None:
        """The transcript, or the welcome while nothing was said."""
        self._stack.setCurrentIndex(1 if begun else 0)

    def show_remembered(self, on: bool) -> None:
        self.remember.blockSignals(True)
        self.remember.setChecked(on)
        self.remember.blockSignals(False)
        self.remember.update()

    def show_columns(self, on: bool) -> None:
        """The button that brings the side panel back."""
        self._columns.setVisible(on)

    def _header(self) -> QFrame:
        head = QFrame()
        head.setObjectName("chatHeader")
        style.sized(head, height=theme.current().size("header"))
        line = row(head, margins=(24, 0, 16, 0), gap=4)
        self.title = Elided("New chat", "heading")
        self.title.setObjectName("chatTitle")
        self.remember = Switch("remember", "Remember this chat", show_words=True)
        self.remember.setToolTip("When off, nothing said here is noticed, recalled or learned")
        self.remember.setChecked(True)
        self.remember.toggled.connect(self.remembered)
        self.more_button = icon_button(
            "ph.dots-three", "chatMore", "More for this chat", size=18, on=self.more.emit
        )
        self._columns = icon_button(
            "ph.columns", "unfoldMind", "Show what was in mind (Ctrl+J)", size=18, on=self.columns.emit
        )
        line.addWidget(self.title, 1)
        line.addWidget(self.remember)
        line.addSpacing(8)
        line.addWidget(
            icon_button(
                "ph.magnifying-glass", "findInChats", "Search all chats (Ctrl+F)", size=18, on=self.find.emit
            )
        )
        line.addWidget(self.more_button)
        line.addWidget(self._columns)
        return head

    def _foot(self) -> QWidget:
        foot = QWidget()
        foot.setObjectName("composerArea")
        line = row(foot, margins=(24, 0, 24, 16), gap=0)
        holder = QWidget()
        holder.setMaximumWidth(theme.current().size("text-column-max"))
        inside = column(holder)
        inside.addWidget(self.state)
        inside.addWidget(self.composer)
        line.addStretch(1)
        line.addWidget(holder, 100_000)
        line.addStretch(1)
        return foot


def welcome() -> QWidget:
    """What stands in a chat before the first word."""
    page = QWidget()
    page.setObjectName("welcome")
    inside = column(page, margins=(24, 24, 24, 24), gap=12)
    mark = QLabel()
    mark.setPixmap(icons.mark("dormouse", 108))
    mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
    title = label("Hello. I am Dormouse.", "hero")
    title.setAlignment(Qt.AlignmentFlag.AlignCenter)
    about = Words(
        "We talk by day. By night, while your computer is plugged in and idle,\n"
        "I sleep on what you told me, and know you a little better in the morning.",
        "reading",
        "text-muted",
    )
    about.setAlignment(Qt.AlignmentFlag.AlignCenter)
    inside.addStretch(2)
    for part in (mark, title, about):
        inside.addWidget(part)
    inside.addStretch(3)
    return page
