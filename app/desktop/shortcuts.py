"""The sheet of shortcuts (Ctrl+/): every key of the table, by what it is for."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.desktop.actions import ACTIONS
from app.desktop.palette.rows import native
from app.desktop.widgets.basic import column, icon_button, label, row, scroll
from app.desktop.widgets.overlay import Overlay

if TYPE_CHECKING:
    from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

    from app.desktop.actions import Action
    from app.desktop.window import Window

WIDTH, HIGH = 820, 640
KEYS_WIDE = 128


class Sheet(Overlay):
    """Two columns that scroll where there is no room."""

    def __init__(self, window: Window) -> None:
        super().__init__(window.centralWidget(), "shortcuts", "Keyboard shortcuts", WIDTH, middle=True)
        self.inside.setContentsMargins(24, 16, 16, 16)
        self.inside.setSpacing(12)
        head = row(gap=8)
        head.addWidget(label("Keyboard shortcuts", "title", px=20), 1)
        shut = icon_button("ph.x", "closeShortcuts", "Close (Esc)", on=self.leave)
        head.addWidget(shut, 0, Qt.AlignmentFlag.AlignTop)
        self.inside.addLayout(head)
        area = scroll(sheet(), "shortcutsScroll")
        area.setMinimumHeight(min(HIGH, area.widget().sizeHint().height()))
        self.inside.addWidget(area, 1)
        shut.setFocus()
        self.place()


def sheet() -> QWidget:
    """Every group with its keys, in two columns of about the same length."""
    body = QWidget()
    body.setProperty("kind", "clear")
    sides = row(body, gap=32)
    columns = [column(gap=20), column(gap=20)]
    lengths = [0, 0]
    for name, actions in _groups():
        side = 0 if lengths[0] <= lengths[1] else 1
        lengths[side] += len(actions) + 2
        columns[side].addLayout(_group(name, actions))
    for side in columns:
        side.addStretch(1)
        sides.addLayout(side, 1)
    return body


def _groups() -> list[tuple[str, list[Action]]]:
    keyed = [action for action in ACTIONS if action.keys]
    return [(name, list(actions)) for name, actions in groupby(keyed, lambda action: action.group)]


def _group(name: str, actions: list[Action]) -> QVBoxLayout:
    made = column(gap=6)
    made.addWidget(label(name, "caption", "text-faint", weight=600))
    for action in actions:
        made.addLayout(_line(action))
    return made


def _line(action: Action) -> QHBoxLayout:
    line = row(gap=12)
    holder = QWidget()
    holder.setMinimumWidth(KEYS_WIDE)
    keys = row(holder, gap=4)
    for one in action.keys[:2]:
        hint = label(native(one), "code", "text-muted", px=11)
        hint.setProperty("kind", "key")
        hint.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        keys.addWidget(hint)
    keys.addStretch(1)
    line.addWidget(holder)
    line.addWidget(label(action.words, "body"), 1)
    return line
