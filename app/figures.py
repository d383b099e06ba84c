"""Times and measures as the user wants them: the 24-hour clock, grams, kilometres, degrees. Pure."""

from __future__ import annotations

import re
from functools import partial

CLOCK = re.compile(
    r"\b(?:(?P<h1>1[0-2]|0?[1-9])(?:[:.](?P<m1>[0-5]\d))?\s*(?P<to>-|–|to|and|until)\s*)?"
    r"(?P<h>1[0-2]|0?[1-9])(?:[:.](?P<m>[0-5]\d))?\s*"
    r"(?:(?P<ap>[ap])(?:\.\s?m\.(?=\s+(?-i:[a-z0-9(]))|\.\s?m\b|m\b)"
    r"|(?:o['’]clock )?in the (?P<part>morning|afternoon|evening))",
    re.IGNORECASE,
)
CLOCK_24 = re.compile(
    r"(?<![\w:.,€£$])(?P<h>[01]?\d|2[0-3]):(?P<m>[0-5]\d)(?![\w:]|\s*[ap]\.?m)", re.IGNORECASE
)
FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3}
ONE = r"-?\d+(?:\.\d+)?"
AMOUNT = rf"(?P<n>\d+ \d/\d|\d/\d|{ONE})"
NUMBER = r"(?P<n>\d+ \d/\d|\d/\d|\d+(?:\.\d+)?\s?[½¼¾⅓⅔]?|[½¼¾⅓⅔]|an?|one|two|three|four|half an?|half)"
WORDS = {"a": 1.0, "an": 1.0, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "half": 0.5}
# Grams that a cup holds, by what is in it; water for what is not listed.
CUP = {
    "flour": 125, "sugar": 200, "icing sugar": 120, "powdered sugar": 120, "brown sugar": 200, "oats": 90,
    "rice": 190, "butter": 225, "honey": 340, "cocoa": 100, "cocoa powder": 100, "nuts": 120, "cheese": 110,
    "breadcrumbs": 110, "chocolate chips": 170, "yogurt": 245, "yoghurt": 245, "lentils": 190, "raisins": 150,
}  # fmt: skip
WATER = 240
CUPS = re.compile(rf"\b{NUMBER}[- ]cups?\b(?: of)?(?P<what>(?: [a-z-]+){{1,3}})?")
# (unit, factor, offset, new unit)
F = r"° ?F\b|degrees? F(?:ahrenheit)?\b|[Ff]ahrenheit\b"
C = r"° ?C\b|degrees? C(?:elsius)?\b|[Cc]elsius\b"
METRIC = (
    (r"miles?\b", 1.609344, 0.0, "km"), (r"(?:feet|foot|ft)\b", 0.3048, 0.0, "m"),
    (r"inch(?:es)?\b", 2.54, 0.0, "cm"), (r"yards?\b", 0.9144, 0.0, "m"), (r"lbs?\b", 0.45359237, 0.0, "kg"),
    (r"(?:ounces?|oz)\b", 28.349523, 0.0, "g"), (r"gallons?\b", 3.785412, 0.0, "litres"),
    (r"pints?\b", 0.473176, 0.0, "litres"), (r"pounds? (?:of|in weight)\b", 0.45359237, 0.0, "kg of"),
    (F, 5 / 9, -32.0, "°C"),
)  # fmt: skip
WEIGHTS = (METRIC[4], METRIC[5], METRIC[8])
IMPERIAL = (
    (r"(?:kilomet(?:re|er)s?|kms?)\b", 0.621371, 0.0, "miles"), (r"met(?:re|er)s?\b", 3.28084, 0.0, "feet"),
    (r"(?:centimet(?:re|er)s?|cm)\b", 0.393701, 0.0, "inches"),
    (r"(?:kilo(?:gram)?s?|kg)\b", 2.204623, 0.0, "pounds"), (r"(?:grams?|g)\b", 0.035274, 0.0, "ounces"),
    (C, 9 / 5, 32.0, "°F"),
)  # fmt: skip


def clock(text: str, hours: int) -> str:
    """Times of day on the 24-hour or the 12-hour clock."""
    return CLOCK.sub(_as_24, text) if hours == 24 else CLOCK_24.sub(_as_12, text)


def _as_24(match: re.Match[str]) -> str:
    late = (match["ap"] or "").lower() == "p" or (match["part"] or "").lower() in ("afternoon", "evening")
    last = _hour(match["h"], match["m"], late)
    if not match["h1"]:
        return last
    first_late = late and int(match["h1"]) % 12 <= int(match["h"]) % 12  # "9 to 5 pm" begins in the morning
    joint = match["to"] if match["to"] in "-–" else f" {match['to']} "
    return f"{_hour(match['h1'], match['m1'], first_late)}{joint}{last}"


def _hour(hour: str, minute: str | None, late: bool) -> str:
    return f"{int(hour) % 12 + 12 * late:02}:{minute or '00'}"


def _as_12(match: re.Match[str]) -> str:
    hour = int(match["h"])
    return f"{(hour - 1) % 12 + 1}:{match['m']} {'pm' if hour >= 12 else 'am'}"


def measures(text: str, units: str) -> str:
    """Amounts in grams, in the metric system or in the imperial one; what is there already stays."""
    if units == "imperial":
        return _converted(text, IMPERIAL)
    text = CUPS.sub(_weighed, text)
    return _converted(text, WEIGHTS if units == "grams" else METRIC)


def _weighed(match: re.Match[str]) -> str:
    what = (match["what"] or "").strip()
    words = what.casefold().split()
    each = next((CUP[key] for size in (3, 2, 1) for key in _runs(words, size) if key in CUP), WATER)
    return f"{_round(_value(match['n']) * each)} g" + (f" {what}" if what else "")


def _runs(words: list[str], size: int) -> list[str]:
    return [" ".join(words[at : at + size]) for at in range(len(words) - size + 1)]


def _converted(text: str, table: tuple[tuple[str, float, float, str], ...]) -> str:
    for unit, factor, offset, new in table:
        change = partial(_changed, factor=factor, offset=offset)
        pattern = re.compile(
            rf"(?<![\w.,€£$-])(?:(?P<low>{ONE})(?P<to> ?[-–] ?| to ))?{AMOUNT}[ -]?(?:{unit})"
        )
        text = pattern.sub(lambda match, change=change, new=new: f"{change(match)} {new}", text)  # type: ignore[misc]
    return text


def _changed(match: re.Match[str], factor: float, offset: float) -> str:
    """One amount, or both ends of a range."""

    def new(amount: str) -> str:
        value = _value(amount)
        return _round(value * factor + offset if offset > 0 else (value + offset) * factor)

    return (f"{new(match['low'])}{match['to']}" if match["low"] else "") + new(match["n"])


def _value(text: str) -> float:
    text = text.strip().casefold()
    word = text.removesuffix(" a").removesuffix(" an")
    if word in WORDS:
        return WORDS[word]
    total = 0.0
    for part in re.findall(r"\d/\d|\d+(?:\.\d+)?|[½¼¾⅓⅔]", text):
        above, _, below = part.partition("/")
        total += FRACTIONS.get(part) or float(above) / float(below or 1)
    return -total if text.startswith("-") else total


def _round(value: float) -> str:
    """To three figures, without an empty fraction."""
    rounded = float(f"{value:.3g}")
    return f"{rounded:g}" if abs(rounded) < 10 and rounded % 1 else str(round(rounded))
