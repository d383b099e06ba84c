"""Dates, sizes and facts in the words a person reads. No Qt."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
IRREGULAR = {"has": "have", "is": "are", "was": "were", "does": "do", "goes": "go", "isn't": "aren't"}
PLAIN_S = frozenset({"always", "sometimes", "perhaps", "thus", "his", "its", "this"})


def local(when: datetime) -> datetime:
    """A stored (UTC) time on this machine's clock."""
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone()


def now() -> datetime:
    """Now, on this machine's clock."""
    return datetime.now(UTC).astimezone()


def date(when: datetime, today: datetime | None = None) -> str:
    """``12 May``, with the year when it is another one."""
    at, today = local(when), today or now()
    text = f"{at.day} {MONTHS[at.month - 1]}"
    return text if at.year == today.year else f"{text} {at.year}"


def day(when: datetime, today: datetime | None = None) -> str:
    """``Today``, ``Yesterday`` or the date."""
    today = today or now()
    past = (today.date() - local(when).date()).days
    return {0: "Today", 1: "Yesterday"}.get(past, date(when, today))


def brief(when: datetime, today: datetime | None = None) -> str:
    """``Today``, ``Yesterday`` or ``12 Oct``, for narrow places."""
    today = today or now()
    return day(when, today) if (today.date() - local(when).date()).days < 2 else short_date(when, today)


def short_date(when: datetime, today: datetime | None = None) -> str:
    """``12 May``, ``4 Oct``, ``Oct 2025``."""
    at, today = local(when), today or now()
    month = MONTHS[at.month - 1]
    name = month if len(month) <= 4 else month[:3]
    return f"{at.day} {name}" if at.year == today.year else f"{name} {at.year}"


def clock(when: datetime) -> str:
    return local(when).strftime("%H:%M")


def group(when: datetime, today: datetime | None = None) -> str:
    """The heading a conversation stands under in the list."""
    at, today = local(when), today or now()
    past = (today.date() - at.date()).days
    if past <= 0:
        return "Today"
    if past == 1:
        return "Yesterday"
    if past < 7:
        return "This week"
    month = MONTHS[at.month - 1]
    return month if at.year == today.year else f"{month} {at.year}"


def short(when: datetime, today: datetime | None = None) -> str:
    """When, in a list row: a clock, a weekday or a date."""
    at, today = local(when), today or now()
    past = (today.date() - at.date()).days
    if past <= 0:
        return clock(when)
    if past < 7:
        return DAYS[at.weekday()]
    return short_date(when, today)


def duration(seconds: float) -> str:
    """``1 min 20 s``, ``26 min``, ``2 h 5 min``."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 5 and rest:
        return f"{minutes} min {rest} s"
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min" if minutes % 60 else f"{minutes // 60} h"


def size(count: float) -> str:
    """Bytes as ``98 MB`` or ``2.5 GB``."""
    if count < 1e9:
        return f"{max(1, round(count / 1e6))} MB"
    return f"{count / 1e9:.1f} GB"


def plural(count: int, one: str, many: str = "") -> str:
    """``1 thing``, ``3 things``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def topic(name: str) -> str:
    """A topic as a heading: ``people`` is ``People``, none is ``Other``."""
    return name[:1].upper() + name[1:] if name else "Other"


def you(sentence: str) -> str:
    """A fact about "the user", said to the user: "The user's dog" becomes "Your dog"."""
    text = re.sub(r"\bThe user's\b", "Your", sentence)
    text = re.sub(r"\bthe user's\b", "your", text)
    text = re.sub(r"\b(The|the) user (\S+)", _second_person, text)
    return re.sub(r"\bthe user\b", "you", re.sub(r"\bThe user\b", "You", text))


def title_of(words: str, length: int = 38) -> str:
    """A conversation's title from its first words."""
    line = " ".join(words.split())
    if len(line) <= length:
        return line.rstrip(".,;:")
    return line[:length].rsplit(" ", 1)[0].rstrip(".,;:") + "…"


def file_name(title: str) -> str:
    """A title as far as every system takes it for a file's name."""
    return " ".join(re.findall(r"[\w'’-]+", title))[:60].strip() or "Chat"


def spans_night(started: datetime, ended: datetime | None) -> str:
    """``Friday 19 June, 03:00 to 03:26``."""
    at = local(started)
    text = f"{at:%A} {date(started)}, {clock(started)}"
    return f"{text} to {clock(ended)}" if ended else text


def next_time(hour: int, minute: int, from_: datetime | None = None) -> datetime:
    """The next time the clock shows this."""
    at = from_ or now()
    wanted = at.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return wanted if wanted > at else wanted + timedelta(days=1)


def _second_person(found: re.Match[str]) -> str:
    who, verb = ("You" if found[1] == "The" else "you"), found[2]
    if verb in IRREGULAR:
        return f"{who} {IRREGULAR[verb]}"
    if re.fullmatch(r"[a-z]+(sses|shes|ches|xes|zes)", verb):
        return f"{who} {verb[:-2]}"
    if re.fullmatch(r"[a-z]+[^aeiou]ies", verb):
        return f"{who} {verb[:-3]}y"
    if re.fullmatch(r"[a-z]+[^s]s", verb) and verb not in PLAIN_S:
        return f"{who} {verb[:-1]}"
    return f"{who} {verb}"
