"""What a newly noticed fact does to the known ones: a rule that can say why. Pure.

No model is asked: what the rule cannot tell goes to the inbox, where the user can.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from memory import phrases, slots, values
from memory.cues import ENOUGH, Around
from memory.slots import slot_of
from memory.times import day_of, span_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from memory.records import Fact
    from memory.times import Span

PREVIOUS = "previous "


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with a candidate, about which known fact, and why, in words.

    Args:
        action: add it; let it take the known fact's place as something new; merge it, as the same said more
            precisely; leave things as they are; or end the known fact, which nothing replaces.
        old: the known fact.
        reason: a sentence.
        attribute: under which name it is kept, if that is not the candidate's own.
        span: since when and until when it holds, as far as the message says.
        sure: whether the rule could tell; otherwise the user should be asked.
    """

    action: Literal["add", "supersede", "merge", "leave", "end"]
    old: Fact | None
    reason: str
    attribute: str = ""
    span: Span = (None, None)
    sure: bool = True


@dataclass(frozen=True, slots=True)
class _Case:
    """A candidate beside what is known of the same, the newest first."""

    name: str
    value: str
    around: Around
    everything: Sequence[Fact]
    span: Span
    slot: str = field(init=False)
    known: Sequence[Fact] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "slot", slot_of(self.name))
        alike = [fact for fact in self.everything if slot_of(fact.attribute) == self.slot]
        object.__setattr__(self, "known", alike or self._under_longer_names())

    @property
    def stay(self) -> Span:
        """When it holds, if it ends; a beginning alone counts only where it is the end of something else."""
        return self.span if self.span[1] is not None else (None, None)

    def _under_longer_names(self) -> list[Fact]:
        """ "Padlock code" is the "shed padlock code" in a message that names the shed."""
        ends = [fact for fact in self.everything if slot_of(fact.attribute).endswith(f" {self.slot}")]
        more = {fact.id: slot_of(fact.attribute).removesuffix(self.slot).split() for fact in ends}
        return [fact for fact in ends if all(self.around.names(word) for word in more[fact.id])]


def decide(
    known: Sequence[Fact], attribute: str, value: str, message: str, when: datetime | None = None
) -> Decision:
    """What a candidate does to what is known.

    Args:
        known: the user's current facts.
        attribute: what the candidate is about.
        value: what is so, as it stands in the message.
        message: what the user typed; empty for a fact that was typed by itself.
        when: when that was, in the user's own time.
    """
    name, around = phrases.canonical(attribute), Around(message, value)
    newest = sorted(known, key=lambda fact: -fact.id)
    case = _Case(name, value, around, newest, _span(name, around, when))
    if (who := _whose(case)) is None:
        return _by_rule(case)
    theirs = replace(case, name=f"{who}'s {case.name}")
    decision = _by_rule(theirs)
    return replace(decision, attribute=decision.attribute or theirs.name)


def bearing_on(attribute: str, value: str, message: str) -> Callable[[str], bool]:
    """Which attributes a known fact must have to make a difference to ``decide``: it looks at no others."""
    case = _Case(phrases.canonical(attribute), value, Around(message, value), (), (None, None))
    who = _whose(case)
    slot = replace(case, name=f"{who}'s {case.name}").slot if who else case.slot
    compared = {slot, slot_of(PREVIOUS + slot), slot_of(slot.removeprefix(PREVIOUS))}
    wanted = compared.union(*map(slots.related_to, compared))
    longer = tuple(f" {each}" for each in compared)

    def bears(known: str) -> bool:
        held = slot_of(known)
        return held in wanted or held.endswith(longer)

    return bears


def _by_rule(case: _Case) -> Decision:
    """What the first rule says that has something to say."""
    rules: tuple[Callable[[_Case], Decision | None], ...] = (
        _supposed,
        _over,
        _past,
        _repeated,
        _for_a_while,
        _unknown,
        _many,
        _often_one,
    )
    found = next((decision for rule in rules if (decision := rule(case)) is not None), None)
    return found or _one_at_a_time(case)


def _whose(case: _Case) -> str | None:
    """Whose it is when the model left that out: "my brother is a chef" is about the brother."""
    if "'s " in case.slot or not slots.is_kind(case.slot, "anybodys"):
        return None
    return case.around.whose()


def _span(name: str, around: Around, when: datetime | None) -> Span:
    """When a candidate holds. Nobody's name ends on Friday; only a place changes with "this week"."""
    slot = slot_of(name)
    if when is None or not around.message or name.endswith("name") or slots.is_kind(slot, "for_good"):
        return None, None
    span = span_of(around.clause, when, weakly=slot == "home")
    if span is None and around.is_coming():
        span = day_of(around.clause, when) or day_of(around.sentence, when), None
    return span or (None, None)


def _supposed(case: _Case) -> Decision | None:
    of_life = slots.is_one(case.slot) or slots.is_kind(case.slot, "anybodys")
    if not of_life or slots.is_kind(case.slot, "wished") or not case.around.is_supposed():
        return None
    return Decision("leave", None, f"{case.value} was only supposed.")


def _over(case: _Case) -> Decision | None:
    if slots.is_kind(case.slot, "wished") or not case.around.is_over():
        return None
    if (old := _same(case, {"same", "less"})) is not None:
        return Decision("end", old, f"The message says that this is over: {old.sentence}")
    return None


def _past(case: _Case) -> Decision | None:
    if case.slot.startswith(PREVIOUS):
        now = replace(case, name=case.slot.removeprefix(PREVIOUS))
        old = _same(now, {"same", "less"})
        return Decision("end", old, f"The message tells of it as past: {old.sentence}") if old else None
    if not case.around.is_past() and not (case.around.is_over() and _keeps_history(case)):
        return None
    if (old := _same(case, {"same", "less"})) is not None:
        return Decision("end", old, f"The message tells of it as past: {old.sentence}")
    if not _keeps_history(case):
        return None
    earlier = replace(case, name=PREVIOUS + case.slot)
    told = _repeated(earlier)
    return told or Decision("add", None, f"{case.value} is told as past.", attribute=earlier.name)


def _keeps_history(case: _Case) -> bool:
    return slots.is_kind(case.slot, "kept_as_previous") and "'s " not in case.slot


def _repeated(case: _Case) -> Decision | None:
    """The same again, or the same more or less precisely."""
    if (old := _same(case, {"same"})) is not None:
        return Decision("leave", old, f"{old.sentence} That is known already.")
    if (old := _same(case, {"less"})) is not None and case.around.mends(old.value) < ENOUGH:
        return Decision("leave", old, f"{old.sentence} That is known already, more precisely.")
    if (old := _same(case, {"more"})) is not None and case.around.mends(old.value) < ENOUGH:
        return Decision("merge", old, f"{case.value} says more precisely what was known: {old.value}.")
    related = [fact for fact in case.everything if slots.are_related(slot_of(fact.attribute), case.slot)]
    for fact in related:
        if values.relation(fact.value, case.value) in {"same", "less"}:
            return Decision("leave", fact, f"{fact.sentence} That is known already.")
    return None


def _same(case: _Case, relations: set[str]) -> Fact | None:
    return next((f for f in case.known if values.relation(f.value, case.value) in relations), None)


def _for_a_while(case: _Case) -> Decision | None:
    """What has an end stands beside what holds without one; a place is a stay then, and no home."""
    if case.span[1] is None:
        return None
    if case.slot != "home":
        return Decision("add", None, f"{case.value} holds only for a while.", span=case.span)
    return Decision("add", None, f"{case.value} is a stay, not a home.", attribute="stay", span=case.span)


def _unknown(case: _Case) -> Decision | None:
    if case.known:
        return None
    return Decision("add", None, f"Nothing was known about the {case.name}.", span=case.stay)


def _many(case: _Case) -> Decision | None:
    if not slots.is_kind(case.slot, "many"):
        return None
    for fact in case.known:
        named = case.around.names(fact.value) or values.are_alike(fact.value, case.value)
        mended = named and case.around.mends(fact.value) >= ENOUGH
        if mended or case.around.denies(fact.value):
            return Decision("supersede", fact, f"The message sets right: {fact.sentence}")
        if values.differ_in_numbers(fact.value, case.value):
            return Decision("supersede", fact, f"Only the numbers differ from {fact.value}.")
    return Decision("add", None, f"There can be more than one {case.slot}.", span=case.stay)


def _often_one(case: _Case) -> Decision | None:
    """A second dog, or the first one's name set right."""
    if not slots.is_kind(case.slot, "often_one"):
        return None
    old = _meant(case)
    speaks = case.around.mends(old.value) + values.are_alike(old.value, case.value)
    if case.around.is_another() and speaks < ENOUGH + 1:
        speaks = 0
    if speaks >= ENOUGH:
        return Decision("supersede", old, f"The message sets right: {old.sentence}")
    if speaks:
        return Decision("supersede", old, f"This may be meant to set right: {old.sentence}", sure=False)
    return Decision("add", None, f"There can be more than one {case.slot}, and nothing was corrected.")


def _meant(case: _Case) -> Fact:
    """Which known fact a message is about: the one it names, else one spelled alike, else the newest."""
    named = [fact for fact in case.known if case.around.names(fact.value)]
    alike = [fact for fact in case.known if values.are_alike(fact.value, case.value)]
    return [*named, *alike, *case.known][0]


def _one_at_a_time(case: _Case) -> Decision:
    old, around = _meant(case), case.around
    if around.is_another() and not slots.is_kind(case.slot, "only_one") and not around.mends(old.value):
        return Decision("add", None, f"The message tells of one more {case.slot}.", span=case.stay)
    later = case.span[0] is not None or around.is_coming()
    told = slots.is_one(case.slot) or around.is_changed() or around.mends(old.value) > 0
    reason = f"There is one {case.slot} at a time; until now: {old.value}."
    if later:
        reason += " The change is still to come."
    return Decision("supersede", old, reason, span=case.span, sure=told and not later)
