"""The heat map of what later nights kept."""

from __future__ import annotations

import json
from dataclasses import replace

from app.desktop.nights.retention import Retention, kept
from app.desktop.widgets.heat import Kept


def test_the_map_is_read_from_the_reports(face):
    nights = [replace(night, report="") for night in face.nights()]
    assert kept(nights) == []
    entries = [{"night": nights[0].id, "right": 3, "asked": 4}]
    nights[-1] = replace(nights[-1], report=json.dumps({"retention": entries}))
    assert kept(nights) == [Kept(nights[-1].id, nights[0].id, 3, 4)]


def test_each_square_says_what_it_stands_for(qtbot):
    card = Retention()
    qtbot.addWidget(card)
    card.heat.show_kept([Kept(1, 1, 4, 4), Kept(2, 1, 3, 4), Kept(2, 2, 8, 8)])
    card.show()
    assert card.heat.at(30, 30) == Kept(1, 1, 4, 4)
    assert card.heat.at(55, 30) is None, "night 1 knows nothing of night 2"
    assert "Night 2 gave 3 of 4 by heart that night 1 brought." in card.heat.accessibleName()


def test_the_nights_place_has_it(qtbot, window):
    window.go("nights")
    page = window.page("nights")
    qtbot.waitUntil(lambda: bool(page._nights), timeout=3000)
    assert page.retention.heat.isVisible() and page.retention.heat.sizeHint().width() > 100
