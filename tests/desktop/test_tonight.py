"""What the next night would learn, in a narrow card."""

from __future__ import annotations

from dataclasses import replace

from app.desktop.nights.tonight import Item, Tonight
from consolidation.select import Choice

LONG = "Learned before and still true; 12 replies rested on it; it is about your people; you pinned it."


def test_a_long_reason_leaves_the_switch_in_sight(qtbot, face):
    fact = replace(face.known[1], sentence="The user's sister's name is Odile.")
    card = Tonight()
    qtbot.addWidget(card)
    card.setFixedWidth(284)
    card.show_choices([Choice(fact, LONG, True)], 2)
    card.show()
    item = card.findChild(Item)
    qtbot.waitUntil(lambda: item.width() > 0, timeout=3000)
    assert item.switch.mapTo(card, item.switch.rect().bottomRight()).x() < card.width()
    assert item.reason.toolTip() == LONG
