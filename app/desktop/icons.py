"""Phosphor icons in the theme's colours.

The font and its map are the ones ``qtawesome`` carries; they are read from its folder because
importing the package itself takes longer than everything else the window needs to show.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from app.desktop import theme

MARKS = Path(__file__).with_name("marks")


def put(widget: QAbstractButton | QLabel, name: str, color: str = "text-muted", size: int = 16) -> None:
    """Give a button or a label an icon that follows the theme."""
    widget.setProperty("icon-spec", (name, color, size))
    refresh(widget)


def refresh(widget: QWidget) -> None:
    """Draw a widget's icon again, after the theme changed."""
    spec = widget.property("icon-spec")
    if not spec:
        return
    name, color, size = spec
    if isinstance(widget, QLabel):
        widget.setPixmap(pixmap(name, color, size))
    elif isinstance(widget, QAbstractButton):
        icon = QIcon(pixmap(name, color, size))
        icon.addPixmap(pixmap(name, "text-disabled", size), QIcon.Mode.Disabled)
        widget.setIcon(icon)
        widget.setIconSize(QSize(size, size))


def paint(painter: QPainter, rect: QRectF, name: str, color: QColor, size: int) -> None:
    """Draw an icon in the middle of a rectangle."""
    family, glyphs = _phosphor()
    font = QFont(family)
    font.setPixelSize(size)
    painter.save()
    painter.setFont(font)
    painter.setPen(color)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, glyphs[name.removeprefix("ph.")])
    painter.restore()


def pixmap(name: str, color: str, size: int) -> QPixmap:
    """An icon as a picture, sharp on this screen."""
    ratio = _ratio()
    picture = _blank(size, ratio)
    painter = QPainter(picture)
    paint(painter, QRectF(0, 0, size, size), name, theme.current().color(color), size)
    painter.end()
    return picture


def mark(name: str, size: int) -> QPixmap:
    """One of the marks made for Dormouse: ``dormouse``, ``dormouse-small``, ``dormouse-awake-small``."""
    picture = _blank(size, _ratio())
    painter = QPainter(picture)
    QSvgRenderer(str(MARKS / f"{name}.svg")).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return picture


def app_icon() -> QIcon:
    """The window's icon."""
    icon = QIcon()
    for size in (16, 24, 32):
        icon.addPixmap(mark("dormouse-small", size))
    for size in (48, 64, 128, 256):
        icon.addPixmap(mark("dormouse", size))
    return icon


def _blank(size: int, ratio: float) -> QPixmap:
    picture = QPixmap(round(size * ratio), round(size * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    return picture


def _ratio() -> float:
    app: Any = QApplication.instance()
    return float(app.devicePixelRatio()) if app else 1.0


@cache
def _phosphor() -> tuple[str, dict[str, str]]:
    spec = find_spec("qtawesome")
    assert spec is not None and spec.origin is not None
    folder = Path(spec.origin).parent / "fonts"
    number = QFontDatabase.addApplicationFont(str(next(folder.glob("phosphor-*.ttf"))))
    names = json.loads(next(folder.glob("phosphor-charmap-*.json")).read_text(encoding="utf-8"))
    family = QFontDatabase.applicationFontFamilies(number)[0]
    return family, {name: chr(int(code, 16)) for name, code in names.items()}
