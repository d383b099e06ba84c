"""The window: five places beside the rail, a status bar, a toast. It only arranges and passes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QWidget

from app.desktop import icons, theme
from app.desktop.actions import ACTIONS
from app.desktop.models import in_use
from app.desktop.places import Places
from app.desktop.presence import LONG
from app.desktop.rail import Rail
from app.desktop.statusbar import StatusBar
from app.desktop.widgets.basic import Words, column, frame, icon_label, row
from app.desktop.widgets.toast import Toast

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.desktop.bridge import Bridge
    from app.desktop.face import Face
    from app.desktop.tasks import Tasks
    from app.events import Changed, EngineState, Failed, NightEnded, NightProgress

SOON = 60
ABOVE_COMPOSER = 120


class Window(Places):
    """The chat is there at once; the other places are made when they are first looked at."""

    def __init__(self, tasks: Tasks, bridge: Bridge) -> None:
        super().__init__(tasks, bridge)
        self.setObjectName("window")
        self.setWindowTitle("Dormouse")
        self.setWindowIcon(icons.app_icon())
        self.resize(1280, 820)
        self.setMinimumSize(640, 480)
        self.rail, self.status = Rail(), StatusBar()
        self._banner, self._banner_words = _problem()
        self.setCentralWidget(self._body())
        self.toast = Toast(self.centralWidget())
        self._stale: set[str] = set()
        self._refresh = QTimer(self, singleShot=True, interval=SOON)
        self._refresh.timeout.connect(self._read_again)
        self._wire()
        self.go("chat")
        self.chat.pane.composer.field.setFocus()

    def go(self, key: str) -> None:
        """Show a place."""
        self.uncover()
        page = self.page(key)
        self.rail.choose(key)
        self._stack.setCurrentWidget(page)
        self.toast.lift = ABOVE_COMPOSER if key == "chat" else 0
        page.arrange()
        if key != "chat":
            page.refresh()

    def begin_anew(self, sentence: str) -> None:
        """Another memory is there, or an empty one: nothing of the one before stays in sight."""
        for key in ("memories", "nights"):
            page = self.pages.pop(key, None)
            if page is not None:
                self._stack.removeWidget(page)
                page.deleteLater()
        self.chat.live.clear()
        self.chat.new()
        self.chat.pane.composer.put("")
        self.chat.chats.search.clear()
        if self._quick is not None:
            self._quick.forget()
        self.go("chat")
        self._started()
        self.settings_changed()
        self.toast.say(sentence, stays=LONG)

    def problem(self, sentence: str) -> None:
        """A sentence above everything, until it is no longer so."""
        self._banner_words.say(sentence)
        self._banner.setVisible(bool(sentence))

    def refresh_status(self) -> None:
        """Read what the status bar says."""
        self.tasks.read(model_line, self.status.show_model, owner=self)
        self.tasks.read(lambda face: face.context_used(), self.status.show_context, owner=self)
        self.tasks.read(lambda face: face.schedule(), self.status.show_schedule, owner=self)
        self.tasks.read(
            lambda face: len(face.facts(state="proposed")),
            lambda count: self.rail.wait("memories", count),
            owner=self,
        )

    def _shut(self) -> None:
        if "settings" in self.pages:
            self.page("settings").moving.stop()
        super()._shut()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        for page in self.pages.values():
            page.arrange()
        if self.toast.isVisible():
            self.toast.place()

    def _body(self) -> QWidget:
        body = QWidget()
        outer = column(body)
        outer.addWidget(self._banner)
        middle = row(gap=0)
        middle.addWidget(self.rail)
        middle.addWidget(self._stack, 1)
        outer.addLayout(middle, 1)
        outer.addWidget(self.status)
        return body

    def _wire(self) -> None:
        self.rail.chosen.connect(self.go)
        theme.current().changed.connect(self._arrange)
        self.tasks.ready.connect(self._started)
        self.tasks.refused.connect(self.problem)
        self.tasks.failed.connect(lambda sentence: self.toast.say(sentence))
        self.bridge.changed.connect(self._changed)
        self.bridge.indexed.connect(lambda event: self.status.show_index(event.share, event.again))
        self.bridge.engine.connect(self._engine)
        self.bridge.failed.connect(self._failed)
        self.bridge.night.connect(self._sleeping)
        self.bridge.night_ended.connect(self._woke)
        self.bridge.download.connect(self.status.show_download)
        self.bridge.download_ended.connect(self.status.show_download)
        for action in ACTIONS:
            if action.act is not None and not action.local:
                for keys in action.keys:
                    self._key(keys, action.act)

    def _key(self, keys: str, act: Callable[[Window], object]) -> None:
        QShortcut(QKeySequence(keys), self, lambda: act(self), context=Qt.ShortcutContext.WindowShortcut)

    def _started(self) -> None:
        self.chat.refresh()
        self.chat.open_latest()
        self.refresh_status()
        page = self.shown()
        if page is not self.chat:
            page.refresh()
        self.tasks.read(lambda face: face.settings(), self._settle, owner=self)

    def settings_changed(self) -> None:
        """A setting was changed elsewhere than on its page."""
        self.tasks.read(lambda face: face.settings(), self._settle, owner=self)
        if "settings" in self.pages:
            self.page("settings").refresh()

    def _settle(self, settings: object) -> None:
        self.keeps = settings.stay
        theme.current().choose(settings.theme)
        theme.current().set_scale(settings.font_scale)

    def _changed(self, event: Changed) -> None:
        self._mark("status", *event.kinds)

    def _mark(self, *kinds: str) -> None:
        self._stale.update(kinds)
        if not self._refresh.isActive():
            self._refresh.start()

    def _read_again(self) -> None:
        """Views refresh what was written, once for many writes that come together."""
        stale, self._stale = self._stale, set()
        self.refresh_status()
        if stale & {"conversations", "turns"}:
            self.chat.chats.refresh()
        if stale & {"facts", "noticed"}:
            self.chat.read_noticed()
        page = self.shown()
        if page is not self.chat and stale - {"status", "noticed", "turns"}:
            page.refresh()

    def _engine(self, event: EngineState) -> None:
        self._mark("status")
        if event.state == "down":
            self.status.show_model(event.sentence or "The model is down", "down")

    def _failed(self, event: Failed) -> None:
        self.toast.say(f"{event.title}. {event.sentence}")

    def _sleeping(self, event: NightProgress) -> None:
        self.status.show_sleep(f"Asleep: {event.sentence or event.step}, {event.share:.0%}")

    def _woke(self, event: NightEnded) -> None:
        self._mark("status", "nights", "facts")
        self._tell_morning(event)


def model_line(face: Face) -> str:
    """The model's name and how it is."""
    settings = face.settings()
    name = next((model.name for model in face.models() if in_use(model, settings)), "The model")
    return f"{name} · {face.model_state()}"


def _problem() -> tuple[QFrame, Words]:
    box = frame("problem", "problem")
    inside = row(box, margins=(16, 8, 16, 8), gap=12)
    inside.addWidget(icon_label("ph.warning-circle", "danger"))
    words = Words("", "body", "danger")
    inside.addWidget(words, 1)
    box.hide()
    return box, words
