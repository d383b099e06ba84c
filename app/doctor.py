"""Looks at every part of Dormouse and says, in a sentence each, how it is."""

from __future__ import annotations

import logging
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from app.serving import SKILL
from models import catalogue
from models.engine import Message, Request, Sampling, reply_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.core import Dormouse

log = logging.getLogger(__name__)

LOW_DISK = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Check:
    """How one part is: fine or not, and a sentence."""

    name: str
    ok: bool
    sentence: str


Look: TypeAlias = "Callable[[Dormouse], tuple[bool, str]]"


def examine(dormouse: Dormouse) -> list[Check]:
    """Every check, whatever the others say."""
    return [_check(name, look, dormouse) for name, look in LOOKS.items()]


def _check(name: str, look: Look, dormouse: Dormouse) -> Check:
    try:
        return Check(name, *look(dormouse))
    except Exception as problem:  # a check's edge: what is ill must not hide the rest
        log.exception("the check of the %s failed", name)
        return Check(name, False, f"{problem or type(problem).__name__}")


def _home(dormouse: Dormouse) -> tuple[bool, str]:
    free = shutil.disk_usage(dormouse.home.path).free
    place = f"Lives in {dormouse.home.path}, with {free / 1024**3:.1f} GB free"
    return (True, place + ".") if free > LOW_DISK else (False, place + ": make room before the next night.")


def _settings(dormouse: Dormouse) -> tuple[bool, str]:
    problems = dormouse.home.settings_file.problems
    return not problems, " ".join(problems) or "The settings are in order."


def _memory(dormouse: Dormouse) -> tuple[bool, str]:
    if not dormouse.store.is_sound():
        return False, f"The memory is damaged: put a backup from {dormouse.home.backups} in its place."
    chats, facts = len(dormouse.conversations()), len(dormouse.facts(state="current"))
    return True, f"The memory is sound: {chats} chats, {facts} facts."


def _index(dormouse: Dormouse) -> tuple[bool, str]:
    if not dormouse.home.owned:
        return True, "Another Dormouse has this home open and looks after the index."
    dormouse.memory.tend(lambda: False)
    waiting = dormouse.store.outbox_size()
    return (
        not waiting,
        f"{waiting} things wait for the index." if waiting else _found(len(dormouse.resting())),
    )


def _found(resting: int) -> str:
    if not resting:
        return "Everything can be found by meaning."
    return (
        f"{resting} old things that were never used rest and are found by their words; all else by meaning."
    )


def _model(dormouse: Dormouse) -> tuple[bool, str]:
    built_in = catalogue.built_in()
    if dormouse.serving.model == built_in.path:
        catalogue.verify(built_in)
    engine = dormouse.serving.engine()
    request = Request((Message("user", "Say yes."),), Sampling(max_tokens=8), slot=1, adapters=())
    reply = reply_text(engine, request)
    return bool(reply.strip()), f"{engine.info.name} answers."


def _skill(dormouse: Dormouse) -> tuple[bool, str]:
    worn = dormouse.serving.worn()
    if SKILL not in worn:
        return True, "This model has no memory skill of its own and works by prompt."
    return True, f"Worn: {', '.join(worn)}."


LOOKS: dict[str, Look] = {
    "home": _home,
    "settings": _settings,
    "memory": _memory,
    "index": _index,
    "model": _model,
    "adapters": _skill,
}
