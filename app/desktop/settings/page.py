"""The settings in their cards, and a line to search them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QPushButton, QSystemTrayIcon, QWidget

from app.desktop.acts import CARDS
from app.desktop.settings.data import Data
from app.desktop.settings.everything import Everything
from app.desktop.settings.looks import Looks
from app.desktop.settings.moving import Moving
from app.desktop.settings.switches import Memory, Starting
from app.desktop.widgets import field
from app.desktop.widgets.basic import Words, button, column, label, row, scroll
from app.desktop.widgets.setting import Card, folded

if TYPE_CHECKING:
    from app.desktop.face import Face, Settings
    from app.desktop.tasks import Tasks
    from app.desktop.widgets.toast import Toast

WIDEST = 760
KEYS = "Ctrl+K finds anything by its name; Ctrl+/ shows every key."


class SettingsPage(QWidget):
    """Looks, memory, starting, data, what comes and goes, keys, beginning anew."""

    changed = Signal()
    shortcuts = Signal()
    renewed = Signal(str)
    kept = Signal()

    def __init__(self, tasks: Tasks, toast: Toast) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._tasks = tasks
        self._looks, self._memory = Looks(tasks), Memory(tasks)
        self._starting = Starting(tasks, tray=QSystemTrayIcon.isSystemTrayAvailable())
        self._data, self.moving = Data(tasks, toast), Moving(tasks, toast)
        self._everything = Everything(tasks, toast)
        self._cards: dict[str, Card] = dict(
            zip(
                (key for key, _words, _icon in CARDS),
                (self._looks, self._memory, self._starting, self._data, self.moving, self._keys(),
                 self._everything),
                strict=True,
            )
        )  # fmt: skip
        self._lay_out()
        self.moving.moved.connect(self.changed)
        self._starting.changed.connect(self.kept)
        for one in (self._data, self._everything):
            one.renewed.connect(self.renewed)

    def refresh(self) -> None:
        def read(face: Face) -> tuple[Settings, Path, bool | None]:
            return face.settings(), Path(face.home.path), face.starts_at_login()

        self._tasks.read(read, lambda got: self._show(*got), owner=self)

    def arrange(self) -> None:
        """Cards stand in one column; nothing to fold."""

    def escape(self) -> None:
        """All settings again."""
        self.search.clear()

    def find(self, typed: str) -> None:
        """Show the settings that hold the typed words."""
        wanted = folded(typed).split()
        hits = [card.find(wanted) for card in self._cards.values()]
        self._nothing.say(f"No setting is about “{typed.strip()}”.")
        self._nothing.setVisible(not any(hits))

    def show_card(self, key: str) -> None:
        """Bring one card into sight, its first control with the keyboard."""
        self.search.clear()
        self.layout().activate()
        self._scroll.ensureWidgetVisible(self._cards[key], 0, 24)
        self._cards[key].findChild(QAbstractButton).setFocus(Qt.FocusReason.TabFocusReason)

    def press(self, name: str) -> None:
        """Press a button by its object name."""
        self.search.clear()
        self.findChild(QPushButton, name).click()

    def _show(self, settings: Settings, folder: Path, login: bool | None) -> None:
        for card in (self._looks, self._memory, self._starting):
            card.show_settings(settings)
        self._starting.show_login(login)
        self._data.show_folder(folder)

    def _lay_out(self) -> None:
        outer = column(self, margins=(24, 16, 24, 16), gap=14)
        head = row(gap=12)
        head.addWidget(label("Settings", "title"), 1)
        self.search = field.search("searchSettings", "Search settings", "Ctrl F")
        self.search.setMaximumWidth(280)
        self.search.textChanged.connect(self.find)
        head.addWidget(self.search, 1)
        holder = QWidget()
        holder.setLayout(head)
        holder.setMaximumWidth(WIDEST)
        outer.addWidget(holder)
        body = QWidget()
        body.setProperty("kind", "clear")
        body.setMaximumWidth(WIDEST)
        cards = column(body, gap=16)
        self._nothing = Words("", "body", "text-muted")
        self._nothing.setObjectName("noSetting")
        self._nothing.hide()
        for one in (self._nothing, *self._cards.values()):
            cards.addWidget(one)
        cards.addStretch(1)
        self._scroll = scroll(body, "settingsScroll")
        outer.addWidget(self._scroll, 1)

    def _keys(self) -> Card:
        made = Card("Keys", "keys")
        tip = "Show the keyboard shortcuts"
        show = button("Show", "showShortcuts", icon="ph.keyboard", tip=tip, on=self.shortcuts.emit)
        made.add("Shortcuts", KEYS, show, also="keyboard")
        return made
