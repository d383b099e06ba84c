"""One question four ways: by the bare model, with what is recalled, with what was learned, with both.

Nothing of it is kept; each is asked in a chat of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal, TypeAlias

from app import answering, prompt
from app.editing import Editor, wish
from app.restating import asks_to_make
from memory.manner import NOTHING, one_off
from models.engine import Request, Sampling, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.answering import Settled
    from app.remembering import Remembering
    from app.serving import Serving
    from app.settings import Settings
    from memory.manner import Manner
    from memory.records import Note
    from models.engine import Engine, Worn

Way: TypeAlias = Literal["off", "recall", "weights", "both"]
WAYS: tuple[Way, ...] = ("off", "recall", "weights", "both")
SIDE = 1  # the slot whose reading does not disturb the conversation


@dataclass(frozen=True, slots=True)
class Compared:
    """What was said one way, and the notes that it was given."""

    way: Way
    text: str
    notes: tuple[str, ...] = ()


def compare(
    question: str,
    serving: Serving,
    memory: Remembering,
    settings: Settings,
    stop: Callable[[], bool] = lambda: False,
) -> Iterator[Compared]:
    """The replies, each as soon as it is there; raises ``EngineError`` where the engine cannot answer."""
    engine, outfit = serving.engine(), serving.outfit()
    skill = tuple(worn for worn in outfit if worn == serving.skill())
    profile = memory.profile()
    recalled = memory.recall(question)
    settled, notes = answering.rest_on(question, recalled, profile, (), memory.weigh, settings.recall_notes)
    always, manner = tuple(note.text for note in profile), memory.manner().and_then(one_off(question))
    wanted = wish(manner)
    asked = f"{question}\n{wanted}" if wanted else question
    for way in WAYS:
        worn = tuple(outfit) if way in ("weights", "both") else skill
        if way in ("recall", "both"):
            request = _request(asked, notes, always, settings, worn)
            say = _say(engine, settled if skill else None, notes)
            text = _edited(_text(say, request, stop), manner, asks_to_make(question))
            yield Compared(way, text, tuple(note.text for note in notes))
        else:
            yield Compared(way, _text(engine.chat, _request(question, (), (), settings, worn), stop))


def _edited(text: str, manner: Manner, making: bool) -> str:
    """As in a chat."""
    if manner == NOTHING:
        return text
    editor = Editor(manner, making)
    return (editor.feed(text) + editor.finish()).strip()


def _say(engine: Engine, settled: Settled | None, notes: tuple[Note, ...]) -> Callable[..., Iterator[object]]:
    if settled is None:
        return engine.chat
    return partial(answering.answer, engine, settled=settled, notes=[note.text for note in notes])


def _request(
    question: str,
    notes: tuple[Note, ...],
    profile: tuple[str, ...],
    settings: Settings,
    worn: tuple[Worn, ...],
) -> Request:
    messages = prompt.lay_out(question, notes, (), profile)
    return Request(messages, Sampling(settings.reply_tokens), slot=SIDE, adapters=worn)


def _text(say: Callable[..., Iterator[object]], request: Request, stop: Callable[[], bool]) -> str:
    return "".join(event.text for event in say(request, stop=stop) if isinstance(event, Text)).strip()
