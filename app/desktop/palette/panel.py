"""The palette (Ctrl+K): a line to type in, and under it what can be done or opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer

from app.desktop import style, theme
from app.desktop.palette import entries
from app.desktop.palette.finding import find
from app.desktop.palette.rows import HIGH, Found
from app.desktop.widgets import field
from app.desktop.widgets.basic import Words, rule
from app.desktop.widgets.overlay import Overlay

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from app.desktop.palette.finding import Entry
    from app.desktop.window import Window

WIDTH, SHOWN = 600, 10
PAUSE = 120
STEPS = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: SHOWN - 1,
    Qt.Key.Key_PageUp: 1 - SHOWN,
}


class Palette(Overlay):
    """Actions are there at once; chats and memories join them when they have been read."""

    def __init__(self, window: Window) -> None:
        super().__init__(window.centralWidget(), "palette", "Find anything", WIDTH)
        self._window = window
        self._known: dict[str, Entry] = {entry.key: entry for entry in entries.actions()}
        self.field = field.search("paletteField", "Find anything: what to do, a chat, a memory")
        self.field.setProperty("kind", "bare")
        style.sized(self.field, height=44)
        style.font(self.field, "reading")
        self.list = Found()
        self.nothing = Words("", "body", "text-muted")
        self.nothing.setObjectName("paletteNothing")
        self.nothing.setContentsMargins(14, 12, 14, 14)
        self.nothing.hide()
        self.inside.setContentsMargins(6, 4, 6, 6)
        self.inside.setSpacing(4)
        for part in (self.field, rule(), self.list, self.nothing):
            self.inside.addWidget(part)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self._read)
        self.field.textChanged.connect(self._typed)
        self.field.installEventFilter(self)
        self.list.chosen.connect(self.choose)
        self._show()
        self._read()
        self.field.setFocus()

    def choose(self, entry: Entry | None) -> None:
        """Do it, with the palette gone."""
        if entry is not None:
            window = self._window
            self.leave()
            entry.act(window)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and event.type() == QEvent.Type.KeyPress and self._steered(event):
            return True
        return super().eventFilter(watched, event)

    def _steered(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key in STEPS:
            self.list.step(STEPS[key])
            self._tell()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.choose(self.list.current())
        elif key == Qt.Key.Key_Escape:
            self.leave()
        return key in STEPS or key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)

    def _typed(self) -> None:
        self._show()
        self._pause.start()

    def _read(self) -> None:
        typed = self.field.text().strip()
        self._window.tasks.read(
            lambda face: entries.read(face, typed), self._came, owner=self, wrong=lambda _sentence: None
        )

    def _came(self, found: list[Entry]) -> None:
        fresh = {entry.key: entry for entry in found if entry.key not in self._known}
        if fresh:
            self._known.update(fresh)
            self._show(keep=True)

    def _show(self, *, keep: bool = False) -> None:
        """What fits the typed words; what one had stepped to stays chosen when more has been read."""
        stepped = self.list.currentIndex().row() if keep else 0
        before = self.list.current() if stepped > 0 else None
        found = find(self.field.text(), self._known.values())
        self.list.show_entries(found)
        if before in found:
            self.list.step_to(found.index(before))
        self.list.setVisible(bool(found))
        self.nothing.setVisible(not found)
        self.nothing.say(f"Nothing is called “{self.field.text().strip()}”.")
        self.list.setFixedHeight(round(HIGH * theme.current().scale) * min(SHOWN, max(1, len(found))) + 2)
        self._tell()
        self.place()

    def _tell(self) -> None:
        """A screen reader is on the field: it hears there what Enter would choose."""
        entry = self.list.current()
        self.field.setAccessibleDescription(f"Enter: {entry.words}" if entry else "Nothing found")
