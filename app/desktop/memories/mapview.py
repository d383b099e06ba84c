"""The drawing of the map: a point for each fact. Only here is pyqtgraph imported, and numpy with it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pyqtgraph as pg
from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.desktop import theme, words
from app.desktop.memories.rows import GONE, act_of
from app.desktop.memories.topiclooks import REST, Look
from app.desktop.widgets.basic import Words, column, frame, label, row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtGui import QResizeEvent

    from memory.records import Fact, Place

NEAR, SIZE, CHOSEN, AIR = 16.0, 11, 17, 0.12
SIGN = 12
WIDEST = 300
STEPS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip


class MapPlot(pg.PlotWidget):
    """Drag moves it, the wheel comes nearer; the arrows go from point to point, Enter opens.

    ``chosen`` tells the fact that the side panel shows, ``opened`` that it is wanted there.
    """

    chosen = Signal(object)
    opened = Signal(object)
    asked = Signal(str, list)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("factMap")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAntialiasing(True)
        self.hideAxis("left")
        self.hideAxis("bottom")
        self.hideButtons()
        self.setMenuEnabled(False)
        self.getViewBox().setMouseEnabled(True, True)
        self._points = pg.ScatterPlotItem(pxMode=True)
        self.addItem(self._points)
        self.facts: list[Fact] = []
        self._spots: list[tuple[float, float]] = []
        self._looks: Mapping[str, Look] = {}
        self._at, self._over = -1, -1
        self.tip = frame("over", "mapTip")
        self.tip.setParent(self)
        self.tip.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        inside = column(self.tip, margins=(12, 8, 12, 8), gap=2)
        self._sentence, self._source = Words("", "quote", px=16, line=22), Words("", "small", "text-muted")
        inside.addWidget(self._sentence)
        inside.addWidget(self._source)
        self.tip.hide()
        self.scene().sigMouseMoved.connect(lambda place: self.point_at(self._near(place)))
        self.scene().sigMouseClicked.connect(self._clicked)
        theme.current().changed.connect(self._draw)

    def show_facts(
        self, facts: Sequence[Fact], places: Mapping[int, Place], looks: Mapping[str, Look], chosen: int
    ) -> None:
        """Show the facts that have a place; ``looks`` are those of their topics."""
        first = not self._spots
        self.facts = [fact for fact in facts if fact.id in places]
        self._spots = [(places[fact.id].x, places[fact.id].y) for fact in self.facts]
        self._looks = looks
        self._at = next((at for at, fact in enumerate(self.facts) if fact.id == chosen), -1)
        self.point_at(-1)
        self._draw()
        self._say()
        if first:
            self.show_all()

    def show_all(self) -> None:
        """As far away as all can be seen."""
        reach = 1 + AIR
        self.getViewBox().setRange(xRange=(-reach, reach), yRange=(-reach, reach), padding=0)

    def zoom(self, factor: float) -> None:
        """Nearer (below 1) or further away (above 1)."""
        self.getViewBox().scaleBy((factor, factor))

    def point_at(self, at: int) -> None:
        """Show what a point says; -1 shows nothing."""
        if at == self._over:
            return
        self._over = at
        self.setCursor(Qt.CursorShape.PointingHandCursor if at >= 0 else Qt.CursorShape.ArrowCursor)
        self.tip.setVisible(at >= 0)
        if at >= 0:
            fact = self.facts[at]
            self._sentence.say(words.you(fact.sentence))
            self._source.say(f"{words.topic(fact.topic)}, {words.day(fact.recorded)}")
            self._place_tip(at)

    def choose(self, at: int) -> None:
        """Choose a point."""
        self._at = at
        self._draw()
        self._say()
        self.chosen.emit(self.facts[at])

    def where(self, at: int) -> QPointF:
        """Where a point is, in pixels of this widget."""
        x, y = self._spots[at]
        return self.getViewBox().mapViewToScene(QPointF(x, y))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, act = Qt.Key(event.key()), act_of(event)
        if key in STEPS and self.facts:
            self._walk(*STEPS[key])
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.zoom(1.25 if key == Qt.Key.Key_Minus else 0.8)
        elif key == Qt.Key.Key_Home:
            self.show_all()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._at >= 0:
            self.opened.emit(self.facts[self._at])
        elif act and self._at >= 0:
            self.asked.emit(act, [self.facts[self._at]])
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if hasattr(self, "tip"):
            self.point_at(-1)

    def leaveEvent(self, event: object) -> None:
        super().leaveEvent(event)
        self.point_at(-1)

    # -- inside

    def _draw(self) -> None:
        now = theme.current()
        self.setBackground(now.color("raised"))
        spots = []
        for at, (fact, spot) in enumerate(zip(self.facts, self._spots, strict=True)):
            look = self._looks.get(words.topic(fact.topic), REST)
            here, color = at == self._at, now.color(look.color)
            gone = fact.state in GONE
            edge = QPen(now.color("text" if here else "raised") if not gone else color, 2 if here else 1)
            edge.setCosmetic(True)
            spots.append(
                {
                    "pos": spot,
                    "symbol": look.symbol,
                    "size": (CHOSEN if here else SIZE) * now.scale,
                    "brush": now.color("raised") if gone else color,
                    "pen": edge,
                }
            )
        self._points.setData(spots=spots)

    def _near(self, place: QPointF) -> int:
        """The point under a place in the scene, or -1."""
        best, found = NEAR, -1
        for at in range(len(self.facts)):
            away = self.where(at) - place
            distance = math.hypot(away.x(), away.y())
            if distance < best:
                best, found = distance, at
        return found

    def _clicked(self, event: object) -> None:
        at = self._near(event.scenePos())
        if at >= 0:
            self.choose(at)
            self.opened.emit(self.facts[at])

    def _walk(self, right: int, down: int) -> None:
        """To the nearest point in a direction; from nowhere, to the first."""
        if self._at < 0:
            self.choose(0)
            return
        here = self.where(self._at)
        best, found = math.inf, -1
        for at in range(len(self.facts)):
            way = self.where(at) - here
            ahead = way.x() * right + way.y() * down
            aside = abs(way.x() * down) + abs(way.y() * right)
            if at != self._at and ahead > 0 and ahead + 2 * aside < best:
                best, found = ahead + 2 * aside, at
        if found >= 0:
            self.choose(found)
            self.point_at(found)

    def _say(self) -> None:
        """The same for those who hear the map."""
        count = words.plural(len(self.facts), "fact")
        self.setAccessibleName(f"Memory map of {count}, placed by meaning")
        chosen = self.facts[self._at] if self._at >= 0 else None
        self.setAccessibleDescription(words.you(chosen.sentence) if chosen else "")

    def _place_tip(self, at: int) -> None:
        point = self.where(at)
        wide = min(
            WIDEST, max(160, self._sentence.fontMetrics().horizontalAdvance(self._sentence.plain) + 36)
        )
        high = self.tip.layout().totalHeightForWidth(wide)
        left = min(max(4.0, point.x() - wide / 2), max(4.0, self.width() - wide - 4.0))
        above = point.y() - high - 14
        top = above if above > 4 else point.y() + 14
        self.tip.setGeometry(round(left), round(top), wide, high)
        self.tip.raise_()


class Sign(QWidget):
    """What a topic looks like on the map, beside its name."""

    def __init__(self, name: str, look: Look) -> None:
        super().__init__()
        self._look = look
        line = row(self, gap=6)
        line.addSpacing(SIGN + 6)
        line.addWidget(label(name, "small", "text-muted"))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(SIGN / 2, self.height() / 2)
        painter.scale(SIGN - 2, SIGN - 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.current().color(self._look.color))
        painter.drawPath(Symbols[self._look.symbol])
