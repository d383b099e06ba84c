"""The settings: few, each with one sentence, each in force at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFileDialog, QFrame, QPushButton, QWidget

from app.desktop import theme
from app.desktop.acts import CARDS, SCALES
from app.desktop.moving import Moving
from app.desktop.widgets.basic import Words, button, column, label, row, rule, scroll
from app.desktop.widgets.setting import card, setting
from app.desktop.widgets.switch import Switch

if TYPE_CHECKING:
    from app.desktop.tasks import Tasks
    from app.desktop.widgets.toast import Toast

LOOKS = (("system", "Like the system", "ph.desktop"), ("day", "Day", "ph.sun"), ("night", "Night", "ph.moon"))


class SettingsPage(QWidget):
    """Looks, memory, data, what comes and goes, keys."""

    changed = Signal()
    shortcuts = Signal()

    def __init__(self, tasks: Tasks, toast: Toast) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._tasks, self._toast = tasks, toast
        self._folder = Path()
        self._groups: list[QButtonGroup] = []
        outer = column(self, margins=(24, 16, 24, 16), gap=14)
        outer.addWidget(label("Settings", "title"))
        body = QWidget()
        body.setProperty("kind", "clear")
        body.setMaximumWidth(760)
        cards = column(body, gap=16)
        self.moving = Moving(tasks, toast)
        self.moving.moved.connect(self.changed)
        made = (self._looks(), self._memory(), self._data(), self.moving, self._keys())
        self._cards = dict(zip((key for key, _words, _icon in CARDS), made, strict=True))
        for one in made:
            cards.addWidget(one)
        cards.addStretch(1)
        self._scroll = scroll(body, "settingsScroll")
        outer.addWidget(self._scroll, 1)

    def refresh(self) -> None:
        self._tasks.read(
            lambda face: (face.settings(), Path(face.home.path)), lambda got: self._show(*got), owner=self
        )

    def arrange(self) -> None:
        """Cards stand in one column; nothing to fold."""

    def show_card(self, key: str) -> None:
        """Bring one card into sight, its first control with the keyboard."""
        self._scroll.ensureWidgetVisible(self._cards[key], 0, 24)
        self._cards[key].findChild(QAbstractButton).setFocus(Qt.FocusReason.TabFocusReason)

    def press(self, name: str) -> None:
        """Press a button by its object name."""
        self.findChild(QPushButton, name).click()

    def _show(self, settings: Any, folder: Path) -> None:
        self._folder = folder
        self._folder_label.setText(str(folder))
        self._notice.blockSignals(True)
        self._notice.setChecked(settings.notice)
        self._notice.blockSignals(False)
        self._notice.update()
        self._check(self._look_buttons, settings.theme)
        self._check(self._scale_buttons, settings.font_scale)

    def _check(self, buttons: dict[Any, QPushButton], value: Any) -> None:
        if value in buttons:
            buttons[value].setChecked(True)

    def _looks(self) -> QFrame:
        made, inside = card("How it looks")
        self._look_buttons = {}
        for key, text, icon in LOOKS:
            self._look_buttons[key] = button(
                text, f"theme_{key}", kind="filter", icon=icon, height=28, on=lambda key=key: self._look(key)
            )
        inside.addLayout(setting("Theme", "Paper by day, ink by night.", self._choice(self._look_buttons)))
        inside.addWidget(rule())
        self._scale_buttons = {}
        for value, text in SCALES:
            self._scale_buttons[value] = button(
                text, f"scale_{text}", kind="filter", height=28, on=lambda value=value: self._scale(value)
            )
        inside.addLayout(setting("Text size", "All text grows together.", self._choice(self._scale_buttons)))
        return made

    def _memory(self) -> QFrame:
        made, inside = card("What I notice")
        self._notice = Switch("notice", "Notice facts")
        self._notice.toggled.connect(lambda on: self._set("notice", on))
        inside.addLayout(
            setting(
                "Notice facts",
                "After a reply I read what you typed, and propose what is worth keeping.",
                self._notice,
            )
        )
        return made

    def _data(self) -> QFrame:
        made, inside = card("Your data")
        self._folder_label = label("", "small", "text-muted")
        self._folder_label.setObjectName("dataFolder")
        self._folder_label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        show = button(
            "Show", "showFolder", icon="ph.folder-open", tip="Show the folder", on=self._open_folder
        )
        line = setting("Data folder", "Everything is in this one folder of yours, and nowhere else.", show)
        inside.addLayout(line)
        inside.addWidget(self._folder_label)
        inside.addWidget(rule())
        save = button("Back up", "backup", icon="ph.floppy-disk", on=self._ask_backup)
        inside.addLayout(
            setting("Back up", "A complete copy of your memories, in one file, while you go on.", save)
        )
        self._backup_words = Words("", "small", "danger")
        self._backup_words.setObjectName("backupProblem")
        self._backup_words.hide()
        inside.addWidget(self._backup_words)
        return made

    def _keys(self) -> QFrame:
        made, inside = card("Keys")
        show = button(
            "Show",
            "showShortcuts",
            icon="ph.keyboard",
            tip="Show the keyboard shortcuts",
            on=self.shortcuts.emit,
        )
        sentence = "Ctrl+K finds anything by its name; Ctrl+/ shows every key."
        inside.addLayout(setting("Shortcuts", sentence, show))
        return made

    def _choice(self, buttons: dict[Any, QPushButton]) -> QWidget:
        made = QWidget()
        line = row(made, gap=6)
        group = QButtonGroup(self)
        self._groups.append(group)
        for one in buttons.values():
            one.setCheckable(True)
            group.addButton(one)
            line.addWidget(one)
        return made

    def _look(self, choice: str) -> None:
        theme.current().choose(choice)
        self._set("theme", choice)

    def _scale(self, value: float) -> None:
        theme.current().set_scale(value)
        self._set("font_scale", value)

    def _set(self, name: str, value: object) -> None:
        self._tasks.write(lambda face: face.set_setting(name, value))

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))

    def _ask_backup(self) -> None:
        dialog = QFileDialog(self, "Back up to", "", "Dormouse backups (*.sqlite3)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("sqlite3")
        dialog.selectFile("dormouse-backup.sqlite3")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.back_up(Path(name)))
        dialog.open()

    def back_up(self, path: Path) -> None:
        """Write a backup, and say where it is."""
        self._backup_words.hide()
        self._tasks.write(
            lambda face: face.backup(path),
            lambda _: self._toast.say(f"Backed up to {path}.", stays=6000),
            owner=self,
            wrong=self._no_backup,
        )

    def _no_backup(self, sentence: str) -> None:
        self._backup_words.say(sentence)
        self._backup_words.show()
