"""Words for a time ("next Friday", "im Mai 2023", "el 12") to the days that they name. Pure; the words are in
``moments.toml``. Ends are exclusive."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Period: TypeAlias = tuple[datetime, datetime]
Reading: TypeAlias = Callable[[re.Match[str], datetime, bool], Period | None]

TABLES = {  # what a group of a pattern is looked up in
    "month": "months",
    "weekday": "weekdays",
    "season": "seasons",
    "relative": "relative",
    "when": "days",
    "said": "numbers",
}
DAYS = {"day": 1, "weekend": 7, "week": 7, "month": 30, "year": 365}
NEAR_YEARS = 9  # 29 February comes round within eight
ARTICLE = r"(?:(?:the|on|zum|zur|den|dem|der|die|das|am|im|au|a|la|le|el|al|op|de|del|het)\s+){0,2}"
_YEAR = r"(?P<year>(?:19|20)\d\d)\b"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th|er|e|\.)?(?!\w|[:,.]\d)"
_CLOCK = r"(?!\s*(?::\d|h\b|am\b|pm\b|a\.m|p\.m|uhr|uur|o'clock))"


class Found(NamedTuple):
    """A time in a text: where, which days, if as seen from now, and if its words can mean nothing else."""

    match: re.Match[str]
    period: Period
    is_relative: bool
    is_plain: bool


def plain(text: str) -> str:
    """A text as the tables are written: small letters, no accents, single spaces."""
    bare = unicodedata.normalize("NFD", text.replace("’", "'").casefold())
    return " ".join("".join(letter for letter in bare if not unicodedata.combining(letter)).split())


def beginning(words: str, now: datetime, ahead: bool = True) -> Period | None:
    """The time that a text begins with: the coming one, or the latest that has begun."""
    bare = re.sub(f"^{ARTICLE}", "", words)
    for text in (words, bare):
        for pattern, read in _phrases():
            match = pattern.match(text)
            if match is None or (
                read is _nth and text == bare == words and match.group("day") == match.group()
            ):
                continue  # "till 6" is a time of the day
            return _safely(read, match, now, ahead)  # 31 June is not the 31st of another month
    return None


def all_in(words: str, now: datetime, ahead: bool) -> Iterator[Found]:
    """Every time in a text, the most precise first."""
    for pattern, read in _phrases():
        for match in pattern.finditer(words):
            groups = match.groupdict()
            is_relative = bool(groups.get("relative") or groups.get("when"))
            is_plain = is_relative or read is _date or bool(groups.get("year"))
            if read is not _nth and (period := _safely(read, match, now, ahead)) is not None:
                yield Found(match, period, is_relative, is_plain)


def date_in(text: str) -> tuple[int, int, int | None] | None:
    """The day, the month and, if it is said, the year of the first date in a text."""
    for pattern in _dates():
        if (match := re.search(pattern, plain(text))) is not None:
            said = match.group("year")
            return int(match.group("day")), _named(match, "month") or 0, int(said) if said else None
    return None


@cache
def cue(name: str) -> str:
    """The pattern of the words that say how a time is meant, with the space after them."""
    return rf"(?<![\w'])(?:{one_of(name)})\s+"


@cache
def one_of(name: str, table: str = "cues") -> str:
    return _alternatives(_words()[table][name].split())


@cache
def many() -> str:
    """The pattern of "three weeks"."""
    return rf"(?:(?P<count>\d{{1,3}})|{_any('numbers', 'said')})\s+{_unit()}"


def ends_with_weekday(words: str) -> bool:
    return re.search(rf"{_any('weekdays', 'weekday')}s?\s*$", words) is not None


def counted(match: re.Match[str]) -> tuple[int, str]:
    """What ``many`` found."""
    said = match.group("count")
    return int(said) if said else _named(match, "said") or 1, _unit_of(match)


def unit_period(unit: str, now: datetime, by: int) -> Period:
    """This day, week, weekend, month or year, or one so many before or after."""
    today = midnight(now)
    if unit == "day":
        return today + timedelta(days=by), today + timedelta(days=by + 1)
    if unit in {"week", "weekend"}:
        monday = today + timedelta(days=7 * by - today.weekday())
        return monday + timedelta(days=5 if unit == "weekend" else 0), monday + timedelta(days=7)
    if unit == "month":
        return _months(now, now.year, now.month + by)
    return _months(now, now.year + by, 1, 12)


def midnight(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


@cache
def _words() -> dict[str, dict[str, str]]:
    table: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    return table


def _alternatives(words: Iterable[str]) -> str:
    longest = sorted(words, key=len, reverse=True)
    return "(?:" + "|".join(word.replace("_", r"\s+") for word in longest) + ")"


@cache
def _table(name: str) -> tuple[tuple[int, str], ...]:
    """A number and the pattern for it: months, weekdays and seasons by place, the others by key."""
    by_place = name in {"months", "weekdays", "seasons"}
    pairs: dict[int, list[str]] = {}
    for key, words in _words()[name].items():
        for place, word in enumerate(words.split(), 1):
            pairs.setdefault(place if by_place else int(key), []).append(word)
    return tuple((number, _alternatives(words)) for number, words in pairs.items())


@cache
def _any(name: str, group: str) -> str:
    """Any word of a table, as a named group."""
    return rf"(?P<{group}>\b(?:{'|'.join(pattern for _, pattern in _table(name))})\b)"


@cache
def _unit() -> str:
    every = [word for words in _words()["units"].values() for word in words.split()]
    return rf"(?P<unit>\b{_alternatives(every)}\b)"


def _named(match: re.Match[str], group: str) -> int | None:
    said = match.groupdict().get(group)
    if said is None or said.isdigit():
        return int(said) if said else None
    return next(number for number, pattern in _table(TABLES[group]) if re.fullmatch(pattern, said))


def _unit_of(match: re.Match[str]) -> str:
    said = match.group("unit")
    return next(unit for unit in _words()["units"] if re.fullmatch(one_of(unit, "units"), said))


@cache
def _dates() -> tuple[str, ...]:
    month = _any("months", "month")
    return (
        rf"(?<!\d){_DAY}(?:\s+of|\s+de)?\s+{month}(?:,?\s+(?:del?\s+)?{_YEAR})?",
        rf"{month}\s+(?:the\s+)?{_DAY}(?:,?\s+{_YEAR})?",
        r"\b(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)\b",
    )


@cache
def _phrases() -> tuple[tuple[re.Pattern[str], Reading], ...]:
    """Every way of naming a time, the most precise first."""
    relative, month = _any("relative", "relative"), _any("months", "month")
    weekday, season = _any("weekdays", "weekday"), _any("seasons", "season")
    ways: list[tuple[str, Reading]] = [
        *((pattern, _date) for pattern in _dates()),
        (rf"{cue('of_the_end')}{ARTICLE}(?:of\s+)?(?:the\s+)?(?:{month}|(?:this\s+)?{_unit()})", _last_day),
        (rf"{relative}\s+{_unit()}", _relative_unit),
        (rf"{_unit()}\s+{relative}", _relative_unit),
        (rf"{relative}\s+{weekday}", _weekday),
        (rf"{weekday}\s+{relative}", _weekday),
        (rf"{relative}\s+{month}", _month),
        (rf"{relative}\s+{season}", _season),
        (rf"{season}\s+{relative}", _season),
        (rf"{month},?\s+(?:de\s+)?{_YEAR}", _month),
        (rf"{season}\s+(?:of\s+|del?\s+|van\s+)?{_YEAR}", _season),
        (_any("days", "when"), _day),
        (weekday, _weekday),
        (month, _month),
        (season, _season),
        (rf"\b{_YEAR}", _year),
        (rf"\b{_DAY}{_CLOCK}", _nth),
    ]
    return tuple((re.compile(pattern), read) for pattern, read in ways)


def _safely(read: Reading, match: re.Match[str], now: datetime, ahead: bool) -> Period | None:
    try:
        return read(match, now, ahead)
    except (ValueError, OverflowError):  # a day or a year that no calendar has
        return None


def _months(now: datetime, year: int, month: int, count: int = 1) -> Period:
    """Whole months; a month beyond the year is counted on."""
    first = year * 12 + month - 1
    start, end = (
        midnight(now).replace(year=at // 12, month=at % 12 + 1, day=1) for at in (first, first + count)
    )
    return start, end


def _years(now: datetime, ahead: bool) -> list[int]:
    return [now.year + by if ahead else now.year - by for by in range(NEAR_YEARS)]


def _nearest(periods: Iterable[Period | None], now: datetime, ahead: bool) -> Period | None:
    """The first that is not over or, looking back, that has begun."""
    return next((p for p in periods if p and (p[1] > now if ahead else p[0] <= now)), None)


def _one_day(now: datetime, year: int, month: int, day: int) -> Period | None:
    try:
        start = midnight(now).replace(year=year, month=month, day=day)
    except ValueError:  # 29 February, the 31st
        return None
    return start, start + timedelta(days=1)


def _date(match: re.Match[str], now: datetime, ahead: bool) -> Period | None:
    day, month = int(match.group("day")), _named(match, "month") or 0
    if match.group("year"):
        return _one_day(now, int(match.group("year")), month, day)
    return _nearest((_one_day(now, year, month, day) for year in _years(now, ahead)), now, ahead)


def _nth(match: re.Match[str], now: datetime, ahead: bool) -> Period | None:
    starts = [_months(now, now.year, now.month + (by if ahead else -by))[0] for by in range(4)]
    days = (_one_day(now, start.year, start.month, int(match.group("day"))) for start in starts)
    return _nearest(days, now, ahead)


def _month(match: re.Match[str], now: datetime, ahead: bool) -> Period | None:
    return _recurring(match, now, ahead, _named(match, "month") or 1, 1)


def _season(match: re.Match[str], now: datetime, ahead: bool) -> Period | None:
    return _recurring(match, now, ahead, 3 * (_named(match, "season") or 1), 3)


def _recurring(match: re.Match[str], now: datetime, ahead: bool, month: int, count: int) -> Period | None:
    """A month or season of the said year, else the nearest; "last" is over, "next" is to come."""
    said, relative = match.groupdict().get("year"), _named(match, "relative")
    if said:
        return _months(now, int(said), month, count)
    ahead = ahead if relative is None else relative >= 0
    years = [now.year - 1, *_years(now, ahead)] if ahead else _years(now, ahead)
    every: Iterable[Period] = (_months(now, year, month, count) for year in years)
    if relative:
        every = (period for period in every if (period[0] > now if relative > 0 else period[1] <= now))
    return _nearest(every, now, ahead)


def _weekday(match: re.Match[str], now: datetime, ahead: bool) -> Period | None:
    relative = _named(match, "relative")
    ahead = ahead if relative is None else relative >= 0
    away = ((_named(match, "weekday") or 1) - 1 - now.weekday()) % 7
    return unit_period("day", now, (away or 7) if ahead else away - 7)


def _relative_unit(match: re.Match[str], now: datetime, ahead: bool) -> Period | None:
    return unit_period(_unit_of(match), now, _named(match, "relative") or 0)


def _day(match: re.Match[str], now: datetime, ahead: bool) -> Period | None:
    return unit_period("day", now, _named(match, "when") or 0)


def _year(match: re.Match[str], now: datetime, ahead: bool) -> Period | None:
    return _months(now, int(match.group("year")), 1, 12)


def _last_day(match: re.Match[str], now: datetime, ahead: bool) -> Period | None:
    """The last day of a month, a week or a year."""
    whole = unit_period(_unit_of(match), now, 0) if match.group("unit") else _month(match, now, ahead)
    return (whole[1] - timedelta(days=1), whole[1]) if whole else None
