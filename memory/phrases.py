"""How a fact's attribute is named, filed and said. Tables and pure functions."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from memory import slots

if TYPE_CHECKING:
    from datetime import datetime

TOPICS = (
    ("health", "allerg|health|medic|diet|doctor|dentist|blood|condition|therap|glasses|pregnan"),
    ("pets", "dog|cat|pet|rabbit|horse|hamster|fish|bird|tortoise|parrot|vet|hen|goat"),
    (
        "people",
        "mother|father|mum|mom|dad|sister|brother|son|daughter|wife|husband|partner|friend|child|colleague|"
        "boss|neighbour|neighbor|uncle|aunt|cousin|grand|niece|nephew|family|parent|twin|flatmate|godson|girlfriend|boyfriend",
    ),
    ("work", "job|work|employ|colleague|project|deadline|office|salary|career|client|company|boss"),
    ("study", "school|universit|study|course|exam|degree|thesis|language being learned|teacher"),
    ("home", "home|house|flat|street|address|garden|wifi|key|kitchen|boiler|bin|landlord|rent"),
    ("plans", "appointment|holiday|plan|goal|routine|trip|event|anniversary"),
    ("likes", "like|favou?rite|hobby|music|team|sport|instrument|preference|band|book|film|game|food|drink"),
    (
        "things",
        "car|bicycle|bike|boat|phone|computer|laptop|software|tool|camera|password|code|size|insur|bank",
    ),
    ("self", "name|age|birthday|origin|religion|language|height|born|pronoun|goal"),
)

SENTENCES = {
    "home": "{Who} lives in {value}.",
    "previous home": "{Who} used to live in {value}.",
    "origin": "{Who} comes from {value}.",
    "job": "{Who} works as {a_value}.",
    "previous job": "{Who} used to work as {a_value}.",
    "workplace": "{Who} works at {value}.",
    "allergy": "{Who} is allergic to {value}.",
    "likes": "{Who} likes {value}.",
    "dislikes": "{Who} dislikes {value}.",
    "instrument": "{Who} plays {value}.",
    "language": "{Who} speaks {value}.",
    "language being learned": "{Who} is learning {value}.",
    "subject of study": "{Who} studies {value}.",
    "medication": "{Who} takes {value}.",
    "stay": "{Who} is staying in {value}.",
    "preferred name": "{Who} likes to be called {value}.",
    "health condition": "{Who} has this health condition: {value}.",
    "preference": "{Who} prefers: {value}.",
    "goal": "{Whose} goal is: {value}.",
    "routine": "{Whose} routine: {value}.",
}
NOTE = "note"  # the name of what is kept in the user's own words
KINDS_OF_OWNER = re.compile(
    "mother|father|mum|mom|mam|dad|papa|nan|gran|granny|grandma|grandpa|grandmother|"
    "grandfather|grandchild|grandson|granddaughter|sister|brother|son|daughter|wife|husband|"
    "partner|girlfriend|boyfriend|friend|child|baby|twin|uncle|aunt|cousin|niece|nephew|"
    "colleague|boss|manager|neighbour|neighbor|flatmate|landlord|teacher|doctor|dentist|dog|"
    "cat|pet|puppy|kitten|rabbit|horse|pony|hamster|fish|bird|parrot|tortoise|goat|hen|car|"
    "boat|bike|house|company|school"
)
PLURAL = frozenset(
    {"children", "glasses", "pronouns", "siblings", "parents", "grandchildren", "twins", "hobbies"}
)


def canonical(attribute: str) -> str:
    """The one spelling of an attribute under which values are compared; people keep their capitals."""
    plain = " ".join(attribute.replace("’", "'").split())
    plain = re.sub(r"^(the user's |user's |the |my )+", "", plain, flags=re.IGNORECASE)
    owner, rest = plain.split(" ", 1) if " " in plain else ("", plain)
    name = f"{owner} {rest.casefold()}" if is_person(owner) else plain.casefold()
    return slots.known_as(name)


def is_person(owner: str) -> bool:
    """Whether an attribute's first word is somebody's name ("Odile's") rather than a kind ("Sister's")."""
    return (
        owner[:1].isupper() and owner.endswith("'s") and not KINDS_OF_OWNER.fullmatch(owner[:-2].casefold())
    )


def topic_of(attribute: str) -> str:
    """The slot that a fact is filed under."""
    for topic, stems in TOPICS:
        if re.search(rf"\b({stems})", attribute):
            return topic
    return "other"


def sentence_for(attribute: str, value: str, subject: str = "user") -> str:
    """A fact as it is written in notes, in the third person."""
    who = "The user" if subject == "user" else subject[:1].upper() + subject[1:]
    value = value.strip().rstrip(".!")
    name = canonical(attribute)
    pattern = SENTENCES.get(name)
    if name == "age" and value.isdigit():
        pattern = "{Who} is {value} years old."
    if subject == "user" and is_person(name.split(" ", 1)[0]):
        pattern = "{name} is {value}."
    if pattern is None:
        pattern = "{Whose} {name} are {value}." if name in PLURAL else "{Whose} {name} is {value}."
    return pattern.format(Who=who, Whose=f"{who}'s", name=name, value=value, a_value=_with_article(value))


def with_time(sentence: str, begins: datetime | None, ends: datetime | None) -> str:
    """A sentence with the days between which it holds; ``ends`` is the day after the last."""
    first = f" from {_day(begins)}" if begins else ""
    last = f" until {_day(ends - timedelta(days=1))}" if ends else ""
    return f"{sentence.removesuffix('.')}{first}{last}."


def _day(when: datetime) -> str:
    return f"{when.day} {when:%B %Y}"


def as_said(sentence: str) -> str:
    """A fact in the user's own mouth: nearer to the questions that the user asks about it."""
    return re.sub(r"\b[Tt]he user\b", "I", re.sub(r"\b[Tt]he user's\b", "My", sentence))


def find(value: str, message: str) -> tuple[int, int] | None:
    """Where a value stands in a message as whole words, whatever its case, spacing and apostrophes."""
    match = re.search(whole(value), message, re.IGNORECASE) if value.strip() else None
    return match.span() if match else None


def whole(value: str) -> str:
    """The pattern of a value as whole words, whatever its spacing and apostrophes."""
    words = [re.escape(word).replace("'", "['’]") for word in value.replace("’", "'").split()]
    return r"(?<!\w)" + r"\s+".join(words) + r"(?!\w)"


def _with_article(value: str) -> str:
    first = value.split(" ", 1)[0]
    if not first or not first.islower() or first in {"a", "an", "the", "in", "at", "for", "as"}:
        return value
    return f"{'an' if first[0] in 'aeiou' else 'a'} {value}"
