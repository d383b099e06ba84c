"""When something holds, and which time a question is about: plain rules over words. Pure.

Both answer in the kind of time that they were given: with ``now`` in the user's local time, a day is the
user's day. Ends are exclusive: "until Friday" ends when Saturday begins.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, TypeAlias

from memory.moments import (
    ARTICLE,
    DAYS,
    all_in,
    beginning,
    counted,
    cue,
    ends_with_weekday,
    many,
    midnight,
    one_of,
    plain,
    unit_period,
)

if TYPE_CHECKING:
    from datetime import datetime

    from memory.moments import Period

    Span: TypeAlias = tuple[datetime | None, datetime | None]

BEGINNING = 1900  # the year in which "before 2020" begins


def span_of(text: str, now: datetime, weakly: bool = True) -> Span | None:
    """From when and until when what a text tells holds; None when it says nothing of it.

    "Until Friday" always says so; "this week" only of a state ("I'm in Porto"), since "we moved this week"
    tells of something that lasts. A side that is None is open: it began before, or has no end yet.

    Args:
        text: what was said; a clause is best, for the next one may be about something else.
        now: when it was said.
        weakly: also "this week", which says only of some things how long they hold.
    """
    words = plain(text)
    weak = _while_in_a_state(words, now) if weakly else None
    return _until(words, now) or weak or _from(words, now)


def day_of(text: str, now: datetime) -> datetime | None:
    """When what is told to come begins, if a text names that: "we're moving to Porto in May"."""
    period = _anywhere(plain(text), now, ahead=True)
    return period[0] if period is not None and period[0] > now else None


def period_of(question: str, now: datetime) -> Period | None:
    """The time that a question is about: "last May", "in summer 2023", "two weeks ago", "before 2020"."""
    words = plain(question)
    if (between := _between(words, now, ahead=False)) is not None:
        return between
    for match in re.finditer(cue("before"), words):
        if (ended := beginning(words[match.end() :], now, ahead=False)) is not None:
            return _ordered(midnight(now).replace(year=BEGINNING, month=1, day=1), ended[0])
    for match in re.finditer(cue("since"), words):
        if (began := beginning(words[match.end() :], now, ahead=False)) is not None:
            is_after = re.fullmatch(one_of("after"), match.group().strip()) is not None
            return _ordered(began[1] if is_after else began[0], now)
    return _ago(words, now) or _anywhere(words, now)


def _until(words: str, now: datetime) -> Span | None:
    for match in re.finditer(cue("until"), words):
        before, after = words[: match.start()], words[match.end() :]
        last = beginning(f"le {after}" if match.group().endswith("au ") else after, now)
        if last is None or last[1] <= now or _is_habit(before):
            continue
        begins = _begin(before, last)
        # what is longer than a day is a limit: "until June" ends when June begins
        is_limit = last[1] - last[0] > timedelta(days=1) and last[0] > now
        return begins if begins is not None and begins > now else None, last[0] if is_limit else last[1]
    return None


def _is_habit(before: str) -> bool:
    """ "I work Monday until Friday" holds every week."""
    return ends_with_weekday(before) and not re.search(cue("from"), before)


def _begin(before: str, last: Period) -> datetime | None:
    """The beginning that stands before an end: "from 3 until 12 June"."""
    for match in re.finditer(cue("from"), before + " "):
        first = beginning(f"the {before[match.end() :]}", last[0], ahead=False)
        if first is not None and first[0] < last[0]:
            return first[0]
    return None


def _from(words: str, now: datetime) -> Span | None:
    for match in re.finditer(cue("from"), words):
        begins = beginning(words[match.end() :], now)
        if begins is not None and begins[0] > now:
            return begins[0], None
    return None


def _while_in_a_state(words: str, now: datetime) -> Span | None:
    is_state = re.search(rf"(?<!\w){one_of('state', 'holding')}(?!\w|\s+\d)", words)
    if not is_state or re.search(rf"(?<!\w){one_of('event', 'holding')}(?!\w)", words):
        return None
    if (between := _between(words, now, ahead=True)) is not None:
        return _open(between, now)
    if (match := re.search(rf"{cue('during')}(?:the\s+next\s+)?{many()}", words)) is not None:
        count, unit = counted(match)
        return None, midnight(now) + timedelta(days=DAYS[unit] * count + 1)
    relative = (found for found in all_in(words, now, ahead=True) if found.is_relative)
    return next((_open(found.period, now) for found in relative if found.period[1] > now), None)


def _open(period: Period, now: datetime) -> Span | None:
    """A period as a span: what has begun has no beginning to tell."""
    return (period[0] if period[0] > now else None, period[1]) if period[1] > now else None


def _between(words: str, now: datetime, ahead: bool) -> Period | None:
    """ "From May to July 2023", "between 2019 and 2021"."""
    opening = rf"(?<!\w){one_of('between')}\s+(?P<first>.{{3,30}}?)\s+{cue('to')}"
    for match in re.finditer(opening, words):
        last = beginning(words[match.end() :], now, ahead)
        if last is None or (first := beginning(f"the {match['first']}", last[0], ahead=False)) is None:
            continue
        is_next = ahead and first[0] <= now and ends_with_weekday(match["first"])
        later = timedelta(days=7 if is_next else 0)  # "from Monday to Friday", said on a Wednesday
        return _ordered(first[0] + later, last[1] + later)
    return None


def _ago(words: str, now: datetime) -> Period | None:
    """ "Two weeks ago": the day, week, month or year that was then."""
    match = re.search(rf"{many()}\s+{one_of('ago_after')}(?!\w)", words)
    match = match or re.search(rf"{cue('ago_before')}{many()}", words)
    if match is None:
        return None
    count, unit = counted(match)
    try:
        return unit_period(unit, now, -count)
    except (ValueError, OverflowError):  # before there were years
        return None


def _anywhere(words: str, now: datetime, ahead: bool = False) -> Period | None:
    """The first time in a text that cannot be taken for another word: "may I" is not "in May"."""
    for found in all_in(words, now, ahead):
        before = words[: found.match.start()]
        if found.is_plain or re.search(rf"{cue('in')}{ARTICLE}$", before):
            return found.period
    return None


def _ordered(start: datetime, end: datetime) -> Period | None:
    return (start, end) if start < end else None
