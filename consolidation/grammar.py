"""Fact sentences turned into questions: "The user lives in Clun." and "Clun" become "where do I live".

Plain rules over the sentences in which facts are kept, in the first, second or third person. What
they cannot take apart is still asked as a sentence with a gap.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

BE = frozenset({"is", "are", "was", "were"})
MODALS = frozenset({"will", "can", "could", "would", "should", "must", "may", "might"})
PRONOUNS = {"I": ("my", "me", "myself"), "you": ("your", "you", "yourself")}
TITLE = re.compile(
    r"^(Dr|Mr|Mrs|Ms|Miss|Sir|Sister|Brother|Father|Uncle|Aunt|Auntie|Professor|Prof|Captain)\b"
)
NUMERAL = re.compile(r"^(\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty)$", re.IGNORECASE)
ARTICLE = re.compile(r"\s*\b(a|an|the|one|my|your)$", re.IGNORECASE)
TIME = re.compile(
    r"^(\d{1,2}[:.]\d\d|(19|20)\d\d|(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?|"
    r"(\d{1,2} )?(January|February|March|April|May|June|July|August|September|October|November|December).*)$"
)


@cache
def tables() -> dict[str, Any]:
    """The word lists that the rules use."""
    return tomllib.loads((Path(__file__).parent / "words" / "grammar.toml").read_text("utf-8"))


def base_form(verb: str) -> tuple[str, str]:
    """A verb's base form and the auxiliary that asks with it: does, did or do."""
    irregular: dict[str, str] = tables()["past"]
    if verb in tables()["verbs"]:
        return verb, "do"
    if verb in irregular:
        return irregular[verb], "did"
    if verb.endswith("ed") and len(verb) > 4:
        return _from_past(verb), "did"
    return _from_present(verb), "does"


def _from_present(verb: str) -> str:
    special = {"has": "have", "does": "do", "goes": "go", "is": "be"}
    if verb in special:
        return special[verb]
    if verb.endswith("ies") and len(verb) > 4:
        return verb[:-3] + "y"
    if verb.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return verb[:-2]
    return verb.removesuffix("s")


def _from_past(verb: str) -> str:
    if verb.endswith("ied"):
        return verb[:-3] + "y"
    stem = verb[:-2]
    if stem[-1] == stem[-2] and stem[-1] not in "slfz":
        return stem[:-1]
    if re.search(r"([vcuz]|[aeiou]s|[ao]t|[aiu]r|[iou]d|[rd]g|[ao]k|[iau]n|[ia]l|[ou]p)e?$", stem):
        return stem if stem in tables()["verbs"] else stem + "e"
    return stem


@dataclass(frozen=True, slots=True)
class Frame:
    """A sentence taken apart: subject, verb with its adverbs, what stands before and after the value.

    The texts are as in the sentence, in the third person; ``who`` turns them.
    """

    subject: str
    adverb: str
    verb: str
    before: str
    value: str
    after: str
    wh: str
    middle: str  # what is left of ``before`` once the question word took its part
    rest: str  # likewise of ``after``
    colon: bool = False

    @property
    def own(self) -> bool:
        """Whether the user is the subject."""
        return self.subject == "The user"

    def noun(self, who: str) -> str:
        """The subject as ``who`` says it: "my dog", "your dog", "Anna's dog"; "I" when it is the user."""
        return turn(self.subject, who, subject=True)

    def question(self, who: str = "I") -> str:
        """Where do I live."""
        middle, rest, noun = turn(self.middle, who), turn(self.rest, who), self.noun(who)
        if self.verb in BE or self.verb in MODALS:
            return _join(self.wh, self._finite(who), noun, self.adverb, middle, rest)
        base, does = base_form(self.verb)
        if does == "does" and self.own and who in PRONOUNS:
            does = "do"
        if does == "do" and not (self.own and who in PRONOUNS) and self.own:
            does = "does"
        return _join(self.wh, does, noun, self.adverb, base, middle, rest)

    def clause(self, who: str = "I") -> str:
        """Where I live, to go after "remind me"."""
        middle, rest = turn(self.middle, who), turn(self.rest, who)
        be_last = self.verb in BE and not middle
        if be_last:
            return _join(self.wh, self.noun(who), self.adverb, self._finite(who), rest)
        if self.verb in BE | MODALS:
            return _join(self.wh, self.noun(who), self._finite(who), self.adverb, middle, rest)
        return _join(self.wh, self.noun(who), self.adverb, self._finite(who), middle, rest)

    def statement(self, who: str = "you", value: str | None = None) -> str:
        """The whole sentence, such as "You live in Clun."; another value makes another sentence."""
        said = self.value if value is None else value
        order = (
            (self._finite(who), self.adverb) if self.verb in BE | MODALS else (self.adverb, self._finite(who))
        )
        words = _join(self.noun(who), *order, turn(self.before, who)) + ":" * self.colon + " " + said
        tail = turn(self.after, who)
        glue = "" if not tail or tail[0] in ",;:.'’" else " "
        text = f"{words}{glue}{tail}"
        return text[:1].upper() + text[1:].rstrip(".") + "."

    def opening(self, who: str = "I") -> str:
        """The sentence as far as the value."""
        order = (
            (self._finite(who), self.adverb) if self.verb in BE | MODALS else (self.adverb, self._finite(who))
        )
        text = _join(self.noun(who), *order, turn(self.before, who))
        return text[:1].upper() + text[1:]

    def _finite(self, who: str) -> str:
        """The verb as it stands with this subject."""
        if not self.own or self.verb in MODALS or who not in PRONOUNS:
            return self.verb
        if self.verb in BE:
            past = self.verb in {"was", "were"}
            return {"I": ("am", "was"), "you": ("are", "were")}[who][past]
        base, does = base_form(self.verb)
        return self.verb if does == "did" else base


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def turn(text: str, who: str, subject: bool = False) -> str:
    """From the third person about the user to ``who``: "I", "you" or a name."""
    own, other, itself = PRONOUNS.get(who, (f"{who}'s", who, who))
    text = re.sub(r"\b[Tt]he user['’]s\b", own, text)
    text = re.sub(r"^[Tt]he user$", who, text) if subject else text
    # the subject of a relative clause: "the first ship the user sailed in"
    text = re.sub(r"(?<=\w )[Tt]he user(?= (?:\w+(?:s|ed)|will|can|did|had|ate|saw|met)\b)", who, text)
    text = re.sub(r"\b[Tt]he user\b", other, text)
    if who in PRONOUNS:
        text = re.sub(r"\b(him|her|them)sel(f|ves)\b", itself, text)
    return text


def take_apart(sentence: str, value: str) -> Frame | None:
    """A sentence about the user as a frame around the value; None when the rules do not reach."""
    text = " ".join(sentence.split()).rstrip(".! ")
    place = text.rfind(value)
    if not value or place < 0:
        return None
    head, after = text[:place].rstrip(), text[place + len(value) :].strip()
    colon, head = head.endswith(":"), head.rstrip(": ")
    if after[:2] in {"'s", "’s"} or not head:
        return None
    found = _own(head) if re.match(r"The user(?!['’]s)\b", head) else _other(head)
    if found is None and colon:
        found = (head, "", "is", "")
    if found is None:
        return None
    subject, adverb, verb, before = found
    if subject == "The user":
        before = re.sub(r"\b(his|her|their)\b", "the user's", before)
    wh, middle, rest = _question_word(subject, verb, before, value, after)
    return Frame(subject, adverb, verb, before, value, after, wh, middle, rest, colon)


def _own(head: str) -> tuple[str, str, str, str] | None:
    words = head.split()[2:]
    adverbs = []
    while words and words[0].lower() in tables()["adverbs"]:
        adverbs.append(words.pop(0))
    if not words:
        return None
    verb, rest = words[0], words[1:]
    while verb in BE | MODALS and rest and rest[0].lower() in tables()["adverbs"]:
        adverbs.append(rest.pop(0))
    return "The user", " ".join(adverbs), verb, " ".join(rest)


def _other(head: str) -> tuple[str, str, str, str] | None:
    """Another subject than the user: its verb is the last form of "be", else the first known verb."""
    words = head.split()
    places = [i for i, word in enumerate(words) if i > 0 and word in BE | MODALS]
    if not places:
        start = 2 if words[0].lower() == "the" else 1
        known, verbs = range(start, len(words)), tables()["verbs"]
        places = [i for i in known if words[i] in verbs or base_form(words[i])[0] in verbs][:1]
        places = places or [i for i in known if i > start and re.fullmatch(r"[a-z]+s", words[i])][:1]
    if not places:
        return None
    at = places[-1]
    subject = re.sub(r"^The (?!user\b)", "the ", " ".join(words[:at]))
    return subject, "", words[at], " ".join(words[at + 1 :])


def _question_word(subject: str, verb: str, before: str, value: str, after: str) -> tuple[str, str, str]:
    """The question word, and what it leaves of the words before and after the value."""
    bare = ARTICLE.sub("", before)
    named = re.match(r"^(.*?)\s*\b(?:a|an|the|one) ((?:[\w-]+ ){0,2}?[\w-]+) (?:called|named)$", bare)
    named = named or re.match(r"^(.*?)\s*\bthis ((?:[\w-]+ ){0,2}?[\w-]+)$", bare)
    if named:
        return _after_preposition(f"which {named[2]}", named[1], after)
    modified = re.match(r"^([a-z-]+)\b(.*)$", after)
    if modified and not _closes(modified[1]):
        plain = re.sub(r"\s*\b(a|an|the|\d+|one|two|three|four|five|six|seven|eight|nine|ten)$", "", before)
        return _after_preposition(f"which {modified[1]}", plain, modified[2].strip())
    plain = re.sub(r"\s*\bnumber$", "", bare)
    if re.match(r"years? old$", after):
        return "how old", plain, ""
    preposition = plain.rsplit(" ", 1)[-1]
    if TITLE.match(value):
        return "who", plain, after
    where = _asks_where(verb, plain.split()[:-1]) or (preposition == "at" and verb not in BE)
    if preposition in {"in", "on", "at", "since", "until"} and TIME.match(value):
        return "when", plain[: -len(preposition)].strip(), after
    if preposition in tables()["locations"] and where and not NUMERAL.match(value):
        keeps = preposition == "from" or preposition not in {"in", "at", "on", "to", "near"}
        kept = "from" if preposition == "from" else ""
        return "where", _join(plain[: -len(preposition)].strip(), kept if keeps else ""), after
    if preposition == "with" and (value[:1].isupper()):
        return "who", plain, after
    if verb in BE and not plain and _is_person(subject):
        return "who", plain, after
    return "what", plain, after


def _asks_where(verb: str, between: list[str]) -> bool:
    """Whether a place may stand after this verb and these words."""
    if verb in BE and not between:
        return True
    last = next((word for word in reversed(between) if word.endswith("ing") or word in {"born", "be"}), "")
    if last in {"born", "be"} or (verb in BE and last):
        return True
    inner = {word for word in between if word in tables()["places"]}
    return base_form(verb)[0] in tables()["places"] or bool(inner)


def _after_preposition(wh: str, before: str, after: str) -> tuple[str, str, str]:
    return wh, ARTICLE.sub("", before), after


def _closes(word: str) -> bool:
    """Whether a word after the value begins something else, rather than naming what the value is."""
    return word in tables()["closing"] or word.endswith("ly")


def _is_person(subject: str) -> bool:
    return any(word.lower() in people() for word in subject.split()[-1:])


@cache
def people() -> frozenset[str]:
    """Nouns that name a person."""
    return frozenset(tables()["relatives"]) | frozenset(tables()["roles"])


def contracted(question: str) -> str:
    """As people type: what is -> what's, I am -> I'm."""
    return re.sub(r"\bI am\b", "I'm", re.sub(r"^(what|who|where|when|how) is\b", r"\1's", question))


def with_gap(sentence: str, value: str, who: str = "I") -> str:
    """The sentence with a gap for the value; works where ``take_apart`` does not."""
    frame = take_apart(sentence, value)
    if frame is not None:
        return frame.statement(who, "___")
    text = turn(sentence.replace(value, "___"), who, subject=True)
    return text[:1].upper() + text[1:]
