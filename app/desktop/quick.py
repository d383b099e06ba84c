"""Quick ask: a small window for one question, over whatever one does; the reply is written there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.desktop import icons, style, theme, words
from app.desktop.chat.composer import Composer
from app.desktop.chat.live import Live
from app.desktop.chat.reply import ReplyText
from app.desktop.chat.stateline import StateLine
from app.desktop.chat.talking import FRAME
from app.desktop.widgets.basic import Elided, button, column, frame, row, rule, scroll

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent

    from app import events
    from app.desktop.bridge import Bridge
    from app.desktop.tasks import Tasks
    from memory.records import Conversation

WIDTH, MOST = 600, 380


class Quick(QWidget):
    """Every opening begins a chat of its own; what is asked after that goes on with it."""

    opened = Signal(int, object)  # a chat to be shown in the window, and its reply if that is on its way
    gone = Signal()

    def __init__(self, tasks: Tasks, bridge: Bridge) -> None:
        super().__init__(None, Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint)
        self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint)
        self.setObjectName("quick")
        self.setWindowTitle("Ask Dormouse")
        self.setWindowIcon(icons.app_icon())
        self.setAccessibleName("Ask Dormouse")
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self._tasks = tasks
        self._number: int | None = None
        self._live: Live | None = None
        self._lay_out()
        self._frame = QTimer(self, singleShot=True, interval=FRAME)
        self._frame.timeout.connect(self._draw)
        self.composer.send.connect(self.ask)
        self.composer.stop.connect(self.escape)
        bridge.recalled.connect(self._recalled)
        bridge.reading.connect(self._reading)
        bridge.text.connect(self._text)
        bridge.done.connect(self._done)

    def come(self) -> None:
        """Show it, with an empty line; a reply that is being written stays."""
        if self._live is None:
            self._begin()
        screen = QGuiApplication.screenAt(self.cursor().pos()) or QGuiApplication.primaryScreen()
        place = screen.availableGeometry()
        self._fit()
        self.move(place.x() + (place.width() - self.width()) // 2, place.y() + place.height() // 5)
        self.show()
        self.raise_()
        self.activateWindow()
        self.composer.field.setFocus()

    def ask(self, text: str) -> None:
        """Keep the words and have them answered here."""
        self._live = Live(question=text)
        self._question.say(text)
        self._reply.reset()
        self._answer.show()
        self._state()
        if self._number is not None:
            self._send(self._number, text)
            return
        self._tasks.write(
            lambda face: face.new_conversation(True),
            lambda one: self._begun(one, text),
            owner=self,
            wrong=self._wrong,
        )

    def open_in_window(self) -> None:
        """Go on in the window, with all its room."""
        if self._number is not None:
            self.opened.emit(self._number, self._live)
            self._live = None
            self.leave()

    def escape(self) -> None:
        """Stop the reply that is being written, else go."""
        number = self._number
        if self._live is None or self._live.stopping:
            self.leave()
        elif number is not None:
            self._live.stopping = True
            self._tasks.now(lambda face: face.stop(number))
            self._state()

    def leave(self) -> None:
        self.hide()
        self.gone.emit()

    def forget(self) -> None:
        """Another memory is there: nothing of the one before stays in sight."""
        self._live = None
        self._begin()
        self.composer.put("")

    # -- layout

    def _lay_out(self) -> None:
        outer = column(self)
        self._card = frame("over", "quickCard")
        outer.addWidget(self._card)
        inside = column(self._card, margins=(12, 12, 12, 10), gap=8)
        self.composer, self._state_line, self._reply = Composer(), StateLine(), ReplyText()
        inside.addWidget(self.composer)
        self._answer = QWidget()
        answer = column(self._answer, gap=8)
        answer.addWidget(rule())
        self._question = Elided("", "small", "text-muted")
        self._question.setObjectName("quickQuestion")
        answer.addWidget(self._question)
        body = QWidget()
        body.setProperty("kind", "clear")
        holder = column(body, margins=(4, 4, 8, 4))
        holder.addWidget(self._reply)
        holder.addStretch(1)
        self._scroll = scroll(body, "quickScroll")
        self._reply.installEventFilter(self)
        answer.addWidget(self._scroll)
        foot = row(gap=8)
        foot.addWidget(self._state_line, 1)
        self._open = button(
            "Open in the window", "quickOpen", kind="quiet", icon="ph.arrow-square-out", height=28,
            on=self.open_in_window,
        )  # fmt: skip
        foot.addWidget(self._open)
        answer.addLayout(foot)
        inside.addWidget(self._answer)
        style.sized(self, width=WIDTH)

    def _begin(self) -> None:
        self._number = None
        self._reply.reset()
        self._question.say("")
        self._answer.hide()
        self._state()
        self._fit()

    def _fit(self) -> None:
        """As high as the reply, up to a limit; from there on it scrolls."""
        bar = self._scroll.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - 4
        body = self._scroll.widget()
        body.layout().activate()
        self._scroll.setFixedHeight(min(round(MOST * theme.current().scale), body.sizeHint().height()))
        self.layout().activate()
        self.adjustSize()
        if at_end:
            bar.setValue(bar.maximum())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A reply's parts find their height when they are drawn."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            QTimer.singleShot(0, self, self._fit)
        return super().eventFilter(watched, event)

    # -- one turn

    def _begun(self, one: Conversation, text: str) -> None:
        self._number = one.id
        title = words.title_of(text)
        self._tasks.write(lambda face: face.rename(one.id, title))
        self._send(one.id, text)

    def _send(self, number: int, text: str) -> None:
        self._tasks.talk(lambda face: face.ask(number, text), wrong=self._wrong)

    def _wrong(self, sentence: str) -> None:
        self._live = None
        self._state(sentence)
        self._fit()

    def _mine(self, number: int) -> Live | None:
        return self._live if number == self._number else None

    def _recalled(self, event: events.Recalled) -> None:
        if live := self._mine(event.conversation_id):
            live.notes = event.notes

    def _reading(self, event: events.PromptRead) -> None:
        if live := self._mine(event.conversation_id):
            live.phase, live.share = "reading", event.share
            self._soon()

    def _text(self, event: events.ReplyText) -> None:
        if live := self._mine(event.conversation_id):
            live.add(event.text)
            self._soon()

    def _soon(self) -> None:
        if not self._frame.isActive():
            self._frame.start()

    def _draw(self) -> None:
        if self._live is None:
            return
        self._reply.show_text(self._live.text)
        self._state()
        self._fit()

    def _done(self, event: events.ReplyDone) -> None:
        if self._mine(event.turn.conversation_id):
            self._frame.stop()
            self._live = None
            self._reply.show_text(event.turn.text)
            self._state(event.sentence)
            self._fit()

    def _state(self, sentence: str = "") -> None:
        self.composer.set_busy(self._live is not None)
        self._open.setEnabled(self._number is not None)
        if self._live is not None:
            self._state_line.say(*self._live.state())
        else:
            self._state_line.rest(sentence)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escape()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """It has no title bar: it is moved by its edge."""
        if self.windowHandle() is not None:
            self.windowHandle().startSystemMove()
