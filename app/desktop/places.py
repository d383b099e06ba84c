"""The places of the window, each made when it is first looked at, and what may be laid over them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QStackedWidget, QWidget

from app.desktop import acts
from app.desktop.chat.page import ChatPage
from app.desktop.presence import Presence

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.desktop.bridge import Bridge
    from app.desktop.tasks import Tasks
    from app.desktop.widgets.overlay import Overlay
    from app.desktop.widgets.toast import Toast


class Places(Presence):
    """The part of the window that makes its pages and finds things in them."""

    toast: Toast

    def __init__(self, tasks: Tasks, bridge: Bridge) -> None:
        super().__init__()
        self.tasks, self.bridge = tasks, bridge
        self.pages: dict[str, Any] = {}
        self._stack = QStackedWidget()
        self._over: Overlay | None = None

    def go(self, key: str) -> None:
        """Show a place."""
        raise NotImplementedError

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

    def shown(self) -> Any:
        """The place that is shown."""
        return self._stack.currentWidget()

    def rail_place(self) -> str:
        """Its name."""
        return next(key for key, page in self.pages.items() if page is self.shown())

    def cover(self, kind: Callable[[Any], Overlay]) -> None:
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
        from app.desktop.models import ModelsPage

        page = ModelsPage(self.tasks, self.bridge, self.toast)
        page.changed.connect(lambda: self._mark("status"))
        return page

    def _make_settings(self) -> QWidget:
        from app.desktop.settings.page import SettingsPage

        page = SettingsPage(self.tasks, self.toast)
        page.shortcuts.connect(lambda: acts.shortcuts(self))
        page.renewed.connect(self.begin_anew)
        page.kept.connect(self.settings_changed)
        page.changed.connect(lambda: self._mark("status", "conversations", "facts", "nights"))
        return page

    def _mark(self, *kinds: str) -> None:
        """These are to be read again."""
        raise NotImplementedError
