"""How much later nights kept of what earlier ones brought."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFrame

from app.desktop.widgets.basic import Words, column, label
from app.desktop.widgets.heat import Heat, Kept

if TYPE_CHECKING:
    from collections.abc import Sequence

    from memory.records import Night

SHOWN = 6  # nights either way


class Retention(QFrame):
    """A card with the heat map, or what will be there."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("retentionCard")
        self.setProperty("kind", "card")
        inside = column(self, margins=(16, 14, 16, 14), gap=8)
        inside.addWidget(label("What was kept", "heading"))
        self.words = Words("", "small", "text-muted")
        inside.addWidget(self.words)
        self.heat = Heat()
        inside.addWidget(self.heat)

    def show_nights(self, nights: Sequence[Night]) -> None:
        """From the reports of nights."""
        found = kept(nights)
        self.heat.show_kept(found)
        self.heat.setVisible(bool(found))
        self.words.say(
            "Each night’s row: of what the others brought, the darker the more by heart."
            if found
            else "After a few nights, this shows what the later ones kept of the earlier ones."
        )


def kept(nights: Sequence[Night]) -> list[Kept]:
    """What the newest nights' reports say of the newest nights that brought something."""
    told = [(night.id, _retention(night.report)) for night in sorted(nights, key=lambda night: night.id)]
    shown = [(night, entries) for night, entries in told if entries][-SHOWN:]
    brought = sorted({int(entry["night"]) for _, entries in shown for entry in entries})[-SHOWN:]
    return [
        Kept(night, int(entry["night"]), int(entry["right"]), int(entry["asked"]))
        for night, entries in shown
        for entry in entries
        if entry["night"] in brought
    ]


def _retention(report: str) -> list[dict[str, Any]]:
    return list(json.loads(report).get("retention") or ()) if report.startswith("{") else []
