"""The style sheet and the palette, written from the theme."""

from __future__ import annotations

import re

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from app.desktop import icons, theme

SHEET = """
QWidget { color: @text; }
QMainWindow, #rail, #chats, #mind, #factPanel, #statusBar { background: @window; }
#chatPane, #page, #pageScroll, #pageBody, #transcript, #transcriptBody, #composerArea {
  background: @surface; }
#rail, #chats { border: none; border-right: 1px solid @border; }
#mind, #factPanel { border: none; border-left: 1px solid @border; }
#question, #crash { background: @raised; }
#statusBar { border: none; border-top: 1px solid @border; }
#chatHeader { background: @surface; border: none; border-bottom: 1px solid @border; }
#mindHeader { border: none; border-bottom: 1px solid @border; }
QToolTip { background: @raised; color: @text; border: 1px solid @border-strong; padding: 4px 6px; }

QLabel { background: transparent; }
QLabel[color="text-muted"] { color: @text-muted; }
QLabel[color="text-faint"] { color: @text-faint; }
QLabel[color="text-disabled"] { color: @text-disabled; }
QLabel[color="accent"] { color: @accent; }
QLabel[color="accent-ink"] { color: @accent-ink; }
QLabel[color="learned"] { color: @learned; }
QLabel[color="good"] { color: @good; }
QLabel[color="warn"] { color: @warn; }
QLabel[color="danger"] { color: @danger; }

QFrame[kind="card"] { background: @raised; border: 1px solid @border; border-radius: 12px; }
QFrame[kind="card"][chosen="true"] { border: 1px solid @accent; }
QFrame[kind="inner"] { background: @surface; border: 1px solid @border; border-radius: 12px; }
QFrame[kind="banner"] { background: @accent-soft; border: none; border-radius: 8px; }
QFrame[kind="problem"] { background: @danger-soft; border: none; border-radius: 8px; }
QFrame[kind="empty"], QFrame[kind="drop"] { background: @raised; border: 1px dashed @border-strong;
  border-radius: 12px; }
QFrame[kind="drop"] { background: @surface; border: 1px dashed @control; border-radius: 8px; }
QFrame[kind="drop"][over="true"] { background: @accent-soft; border: 1px dashed @accent; }
QFrame[kind="bubble"] { background: @bubble; border: none; border-radius: 14px; }
QFrame[kind="code"] { background: @sunken; border: 1px solid @border; border-radius: 8px; }
QFrame[kind="table"] { background: @raised; border: 1px solid @border; border-radius: 8px; }
QFrame[kind="table-head"] { background: @sunken; border: none; border-top-left-radius: 7px;
  border-top-right-radius: 7px; }
QFrame[kind="strip"] { background: @sunken; border: none; }
QFrame[kind="rule"] { background: @border; border: none; max-height: 1px; min-height: 1px; }
QFrame[kind="quote-bar"] { background: @accent; border: none; }
QFrame[kind="bar"] { background: @border-strong; border: none; max-width: 1px; min-width: 1px; }
QFrame[kind="toast"] { background: @raised; border: 1px solid @border-strong; border-radius: 12px; }
QFrame[kind="over"] { background: @raised; border: 1px solid @border-strong; border-radius: 12px; }
QFrame[kind="composer"] { background: @raised; border: 1px solid @border-strong; border-radius: 12px;
  margin: 1px; }
QFrame[kind="composer"][lit="true"] { border: 2px solid @accent; margin: 0; }
QFrame[kind="key"], QLabel[kind="key"] { background: @raised; border: 1px solid @border-strong;
  border-radius: 4px;
  padding: 0 3px; min-height: 16px; max-height: 16px; color: @text-muted; }

QLabel[kind="chip"] { border-radius: 10px; padding: 0 8px; background: @sunken; color: @text-muted; }
QLabel[kind="chip"][tone="selected"] { background: @selected; color: @text-muted; }
QLabel[kind="chip"][tone="good"] { background: @good-soft; color: @good; }
QLabel[kind="chip"][tone="warn"] { background: @warn-soft; color: @warn; }
QLabel[kind="chip"][tone="danger"] { background: @danger-soft; color: @danger; }
QLabel[kind="chip"][tone="recalled"] { background: @accent-soft; color: @accent-ink; }
QLabel[kind="chip"][tone="learned"] { background: @learned-soft; color: @learned; }

QPushButton { background: @raised; border: 1px solid @border-strong; border-radius: 8px; padding: 0 12px;
  color: @text; outline: none; }
QPushButton:hover { background: @hover; }
QPushButton:pressed { background: @selected; }
QPushButton:disabled { color: @text-disabled; background: @surface; border-color: @border; }
QPushButton[kind="primary"] { background: @accent; border: none; color: @on-accent; padding: 0 16px; }
QPushButton[kind="primary"]:hover, QPushButton[kind="primary"]:pressed { background: @accent-hover; }
QPushButton[kind="primary"]:disabled { background: @surface; border: 1px solid @border;
  color: @text-disabled; }
QPushButton[kind="keep"] { color: @accent-ink; padding: 0 9px; }
QPushButton[kind="banner"] { color: @accent-ink; }
QPushButton[kind="quiet"], QPushButton[kind="quiet-danger"] { background: transparent; border: none;
  color: @text-muted; padding: 0 8px; }
QPushButton[kind="quiet"]:hover { background: @hover; color: @text; }
QPushButton[kind="quiet"]:pressed { background: @selected; }
QPushButton[kind="quiet"]:disabled { background: transparent; color: @text-disabled; }
QPushButton[kind="quiet-danger"] { color: @danger; }
QPushButton[kind="quiet-danger"]:hover { background: @danger-soft; }
QPushButton[kind="link"] { background: transparent; border: none; color: @accent-ink; padding: 0 4px; }
QPushButton[kind="link"]:hover { background: @hover; }
QPushButton[kind="danger"] { color: @danger; }
QPushButton[kind="danger"]:disabled { color: @text-disabled; }
QPushButton[kind="danger"]:hover { background: @danger-soft; border-color: @danger; }
QPushButton[kind="icon"] { background: transparent; border: none; padding: 0; }
QPushButton[kind="icon"]:hover { background: @hover; }
QPushButton[kind="icon"]:pressed, QPushButton[kind="icon"]:checked { background: @selected; }
QPushButton[kind="recalled"] { background: @accent-soft; color: @accent-ink; border: none;
  border-radius: 10px; padding: 0 8px; }
QPushButton[kind="learned"] { background: @learned-soft; color: @learned; border: none;
  border-radius: 10px; padding: 0 8px; }
QPushButton[kind="recalled"]:hover { background: @selected; }
QPushButton[kind="learned"]:hover { background: @hover; }
QPushButton[kind="filter"] { border-radius: 13px; padding: 0 10px; background: @raised; }
QPushButton[kind="filter"]:hover { background: @hover; }
QPushButton[kind="filter"]:checked { background: @accent-soft; border-color: @accent; color: @accent-ink; }
QPushButton[kind="segment"] { border-radius: 0; border-left: none; padding: 0 11px; }
QPushButton[kind="segment"][place="first"] { border-left: 1px solid @border-strong;
  border-top-left-radius: 8px; border-bottom-left-radius: 8px; }
QPushButton[kind="segment"][place="last"] { border-top-right-radius: 8px; border-bottom-right-radius: 8px; }
QPushButton[kind="segment"]:checked { background: @accent-soft; color: @accent-ink; }

QLineEdit, QComboBox, QTimeEdit, QPlainTextEdit[kind="field"] { background: @raised;
  border: 1px solid @border-strong; border-radius: 8px;
  padding: 0 10px; color: @text; selection-background-color: @accent; selection-color: @on-accent;
  placeholder-text-color: @text-faint; }
QLineEdit:focus, QTimeEdit:focus, QComboBox:focus { border: 2px solid @accent; padding: 0 9px; }
QComboBox[chosen="true"] { background: @accent-soft; border-color: @accent; color: @accent-ink; }
QLineEdit[kind="bare"], QLineEdit[kind="bare"]:focus { background: transparent; border: none;
  padding: 0 10px; }
QComboBox[chosen="true"] { background: @accent-soft; border-color: @accent; color: @accent-ink; }
QLineEdit[wrong="true"], QTimeEdit[wrong="true"] { border: 1px solid @danger; }
QLineEdit:disabled, QTimeEdit:disabled { color: @text-disabled; background: @surface;
  border-color: @border; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: none; }
QComboBox QAbstractItemView, QMenu { background: @raised; color: @text; border: 1px solid @border-strong;
  border-radius: 8px; padding: 4px; outline: none;
  selection-background-color: @selected; selection-color: @text; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 4px; }
QMenu::item:selected { background: @selected; }
QMenu::item:disabled { color: @text-disabled; }
QMenu::separator { height: 1px; background: @border; margin: 4px 8px; }
QTimeEdit { padding: 0 4px; }
QTimeEdit::up-button, QTimeEdit::down-button { width: 0; border: none; }

QTextEdit, QPlainTextEdit { background: transparent; border: none; color: @text;
  selection-background-color: @accent; selection-color: @on-accent; }
QAbstractItemView { background: transparent; border: none; outline: none; color: @text; }
QFrame[kind="lit"] { background: @hover; border: none; border-radius: 12px; }
QScrollArea, QScrollArea > QWidget > QWidget[kind="clear"] { background: transparent; border: none; }
QTableView { background: @raised; border: none; border-bottom-left-radius: 11px;
  border-bottom-right-radius: 11px; }
QHeaderView { background: transparent; border: none; }
QHeaderView::section { background: transparent; border: none; color: @text-muted; padding: 0; }

QScrollBar:vertical { background: transparent; width: 10px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 2px; }
QScrollBar::handle { background: @border-strong; border-radius: 3px; min-height: 32px; min-width: 32px; }
QScrollBar::handle:hover { background: @control; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: @border; }
"""

PALETTE = {
    QPalette.ColorRole.Window: "surface",
    QPalette.ColorRole.Base: "raised",
    QPalette.ColorRole.AlternateBase: "row-hover",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.Button: "raised",
    QPalette.ColorRole.PlaceholderText: "text-faint",
    QPalette.ColorRole.Highlight: "accent",
    QPalette.ColorRole.HighlightedText: "on-accent",
    QPalette.ColorRole.ToolTipBase: "raised",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.Link: "accent",
}


def sheet() -> str:
    """The style sheet in the theme of now."""
    colors = theme.current().colors()
    return re.sub(r"@([a-z-]+)", lambda found: colors[found[1]], SHEET)


def apply(app: QApplication) -> None:
    """Dress the application, and dress it again whenever the theme changes."""
    app.setStyle("Fusion")
    _dress(app)
    theme.current().changed.connect(lambda: _dress(app))


def font(widget: QWidget, role: str, *, px: int = 0, weight: int = 0) -> None:
    """Give a widget the font of a role; it follows the font scale."""
    widget.setProperty("font-spec", (role, px, weight))
    _refresh_font(widget)


def sized(widget: QWidget, *, width: int = 0, height: int = 0) -> None:
    """Fix a size that grows with the text."""
    widget.setProperty("size-spec", (width, height))
    _refresh_size(widget)


def restyle(widget: QWidget, **properties: object) -> None:
    """Set properties the style sheet looks at, and have it look again."""
    changed = [name for name, value in properties.items() if widget.property(name) != value]
    if not changed:
        return
    for name in changed:
        widget.setProperty(name, properties[name])
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def _dress(app: QApplication) -> None:
    now = theme.current()
    palette = QPalette()
    for role, token in PALETTE.items():
        palette.setColor(role, now.color(token))
    palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text, now.color("text-disabled"))
    app.setPalette(palette)
    app.setFont(now.font("body"))
    app.setStyleSheet(sheet())
    for widget in app.allWidgets():
        icons.refresh(widget)
        _refresh_font(widget)
        _refresh_size(widget)
        if isinstance(widget, QLabel) and widget.property("say"):
            widget.property("say")()


def _refresh_size(widget: QWidget) -> None:
    spec = widget.property("size-spec")
    if spec:
        width, height = (round(side * theme.current().scale) for side in spec)
        if width:
            widget.setFixedWidth(width)
        if height:
            widget.setFixedHeight(height)


def _refresh_font(widget: QWidget) -> None:
    spec = widget.property("font-spec")
    if spec:
        role, px, weight = spec
        widget.setFont(theme.current().font(role, px=px or None, weight=weight or None))
