"""The window: five places beside the rail, a status bar, a toast. It only arranges and passes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QMainWindow, QStackedWidget, QWidget

from app.desktop import acts, icons, theme
from app.desktop.actions import ACTIONS
from app.desktop.chat.page import ChatPage
from app.desktop.models import ModelsPage, in_use
from app.desktop.rail import Rail
from app.desktop.statusbar import StatusBar
from app.desktop.widgets.basic import Words, column, frame, icon_label, row
from app.desktop.widgets.toast import Toast

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.desktop.bridge import Bridge
    from app.desktop.face import Face
    from app.desktop.tasks import Tasks
    from app.desktop.widgets.overlay import Overlay
    from app.events import Changed, EngineState, Failed, NightEnded, NightProgress

SOON = 60
ABOVE_COMPOSER = 120
LONG = 15_000


class Window(QMainWindow):
    """The chat is there at once; the other places are made when they are first looked at."""

    def __init__(self, tasks: Tasks, bridge: Bridge) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setWindowTitle("Dormouse")
        self.setWindowIcon(icons.app_icon())
        self.resize(1280, 820)
        self.setMinimumSize(640, 480)
        self.tasks, self.bridge = tasks, bridge
        self.pages: dict[str, Any] = {}
        self._over: Overlay | None = None
        self.rail, self.status, self._stack = Rail(), StatusBar(), QStackedWidget()
        self._banner, self._banner_words = _problem()
        self.setCentralWidget(self._body())
        self.toast = Toast(self.centralWidget())
        self._stale: set[str] = set()
        self._refresh = QTimer(self, singleShot=True, interval=SOON)
        self._refresh.timeout.connect(self._read_again)
        self._wire()
        self.go("chat")
        self.chat.pane.composer.field.setFocus()

    @property
    def chat(self) -> ChatPage:
        return self.page("chat")

    def page(self, key: str) -> Any:
        """A place, made when it is first asked for."""
        if key not in self.pages:
            made = self._make(key)
            self.pages[key] = made
            self._stack.addWidget(made)
        return self.pages[key]

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

    def shown(self) -> Any:
        """The place that is shown."""
        return self._stack.currentWidget()

    def rail_place(self) -> str:
        """Its name."""
        return next(key for key, page in self.pages.items() if page is self.shown())

    def cover(self, kind: Callable[[Window], Overlay]) -> None:
        """Lay something over the window; asked for a second time, it goes."""
        before = self._over
        self.uncover()
        if type(before) is not kind:
            self._over = kind(self)
            self._over.closed.connect(lambda over=self._over: self._bare(over))
            self._over.show()

    def uncover(self) -> bool:
        """Take away what lies over the window; whether there was anything."""
        over, self._over = self._over, None
        if over is not None:
            over.leave()
        return over is not None

    def _bare(self, over: Overlay) -> None:
        if self._over is over:
            self._over = None

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

    def closeEvent(self, event: QCloseEvent) -> None:
        """Whatever waited for its ten seconds is done now; nothing is lost by closing."""
        self.toast.settle()
        if "settings" in self.pages:
            self.page("settings").moving.stop()
        self.bridge.close()
        self.hide()
        self.tasks.close()
        super().closeEvent(event)

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

    def _make(self, key: str) -> QWidget:
        return getattr(self, f"_make_{key}")()

    def _make_chat(self) -> ChatPage:
        page = ChatPage(self.tasks, self.bridge, self.toast)
        page.edit_fact.connect(lambda number: self.show_fact(number, edit=True))
        page.forget_fact.connect(lambda number, _words: self.page("memories").forget(number))
        page.open_night.connect(self.show_night)
        page.used.connect(lambda: self._mark("status"))
        return page

    def _make_memories(self) -> QWidget:
        from app.desktop.memories.page import MemoriesPage

        page = MemoriesPage(self.tasks, self.toast)
        page.open_chat.connect(self.open_chat)
        page.open_night.connect(self.show_night)
        page.changed.connect(lambda: self._mark("status", "noticed"))
        return page

    def _make_nights(self) -> QWidget:
        from app.desktop.nights.page import NightsPage

        page = NightsPage(self.tasks, self.bridge, self.toast)
        page.changed.connect(lambda: self._mark("status"))
        return page

    def _make_models(self) -> QWidget:
        page = ModelsPage(self.tasks, self.bridge, self.toast)
        page.changed.connect(lambda: self._mark("status"))
        return page

    def _make_settings(self) -> QWidget:
        from app.desktop.settings.page import SettingsPage

        page = SettingsPage(self.tasks, self.toast)
        page.shortcuts.connect(lambda: acts.shortcuts(self))
        page.renewed.connect(self.begin_anew)
        page.changed.connect(lambda: self._mark("status", "conversations", "facts", "nights"))
        return page

    def show_fact(self, number: int, *, edit: bool = False) -> None:
        """One memory, whatever was shown before."""
        self.go("memories")
        self.page("memories").choose(number, edit=edit)

    def show_night(self, number: int) -> None:
        """One night's report."""
        self.go("nights")
        self.page("nights").choose(number)

    def open_chat(self, conversation: int, turn: object) -> None:
        """A chat, at a turn or at its end."""
        self.go("chat")
        self.chat.open(conversation, turn)

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
        if "settings" in self.pages:
            self.page("settings").refresh()

    def _settle(self, settings: object) -> None:
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
        self.toast.say(event.sentence or "The night is over.")


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
