"""The states of a fact, in one place: a word, an icon, and a sentence that tells each from the others."""

from __future__ import annotations

from typing import NamedTuple


class State(NamedTuple):
    """How a state is shown. ``brief`` has room in a table; ``listed`` stands in the filter."""

    word: str
    tone: str
    icon: str
    brief: str
    listed: str
    sentence: str = ""


STATES = {
    "current": State("true now", "good", "ph.check", "", "What is true now"),
    "proposed": State("waiting for you", "warn", "ph.tray", "waiting", "Waiting for you"),
    "planned": State(
        "to come",
        "",
        "ph.calendar-blank",
        "to come",
        "Still to come",
        "It takes its place by itself on that day. Until then, what is so now stays so.",
    ),
    "superseded": State(
        "changed since",
        "",
        "ph.arrows-clockwise",
        "changed",
        "Changed since",
        "Something else is so now. This one is kept as history, and not used any more.",
    ),
    "retracted": State(
        "no longer true",
        "",
        "ph.x-circle",
        "not true",
        "No longer true",
        "You said that this is not so. It is kept as history, and not used any more.",
    ),
    "expired": State(
        "over",
        "",
        "ph.hourglass-medium",
        "over",
        "Over",
        "Its time is over. It is kept as history, and not used any more.",
    ),
}
EVERYTHING = "Everything"
