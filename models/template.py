"""A model's own chat template: messages in, the text that it was trained on out.

Templates come with files from strangers, so they are rendered in jinja's sandbox. Words that look
like the model's control marks are split where they stand in a message, so that nobody's text can
end a turn or begin another.
"""

from __future__ import annotations

import itertools
import re
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, Never

from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from models.engine import EngineError, Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# A code point that Unicode promises never to assign: where it stands, tokenising starts afresh.
_SEAM = "\ufdd0"
_WORDS = "\ufdd1"  # another: stands for words that are not known yet

# What a template that was not written for these messages may raise.
_BROKEN = (TemplateError, TypeError, ValueError, LookupError, AttributeError)

CHATML = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] "
    "+ '<|im_end|>\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


def _refuse(message: str) -> Never:
    raise TemplateError(message)


def _now(form: str) -> str:
    return datetime.now().astimezone().strftime(form)


class ChatTemplate:
    """One model's template. ``control`` are the texts of its control tokens."""

    def __init__(self, source: str, *, bos: str = "", eos: str = "", control: Iterable[str] = ()) -> None:
        environment = ImmutableSandboxedEnvironment(
            trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
        )
        environment.globals.update(raise_exception=_refuse, strftime_now=_now)
        try:
            self._template = environment.from_string(source or CHATML)
        except TemplateError:
            self._template = environment.from_string(CHATML)
        self._names = {"bos_token": bos, "eos_token": eos}
        marks = sorted({mark for mark in control if len(mark) > 1}, key=len, reverse=True)
        # A lookahead, so that marks which overlap are all found.
        self._marks = re.compile("(?=(" + "|".join(map(re.escape, marks)) + "))") if marks else None

    def render(self, messages: Sequence[Message], prefix: str = "") -> list[str]:
        """The prompt up to the reply, cut into the pieces that must be tokenised apart."""
        return _pieces(self._text(messages) + self._guard(prefix))

    def beginning(self, messages: Sequence[Message]) -> list[str]:
        """What stands before the first word that is not the system message's own; nothing without one."""
        if not messages or messages[0].role != "system":
            return []
        return _pieces(self._text((messages[0], Message("user", _WORDS))).partition(_WORDS)[0])

    def _text(self, messages: Sequence[Message]) -> str:
        rows = [{"role": message.role, "content": self._guard(message.content)} for message in messages]
        return self._fill(rows)

    def guard(self, text: str) -> list[str]:
        """A text of the user's own, cut so that no control mark in it is one."""
        return _pieces(self._guard(text))

    def _guard(self, text: str) -> str:
        text = text.replace(_SEAM, "")
        if self._marks is None:
            return text
        cuts = [match.start() + 1 for match in self._marks.finditer(text)]
        edges = [0, *cuts, len(text)]
        return _SEAM.join(text[start:end] for start, end in itertools.pairwise(edges))

    def _fill(self, rows: list[dict[str, str]]) -> str:
        with suppress(*_BROKEN):
            return self._render(rows)
        try:
            return self._render(_fold_system(rows))
        except _BROKEN as problem:
            raise EngineError(
                f"This model's chat template cannot lay out the conversation: {problem}"
            ) from problem

    def _render(self, rows: list[dict[str, str]]) -> str:
        how = {"add_generation_prompt": True, "enable_thinking": False}  # thinking aloud is no reply
        context: dict[str, Any] = {"messages": rows, **how, **self._names}
        return self._template.render(context)


def _pieces(text: str) -> list[str]:
    return [piece for piece in text.split(_SEAM) if piece]


def _fold_system(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Some templates know no system role: its words go before the user's first."""
    if len(rows) < 2 or rows[0]["role"] != "system" or rows[1]["role"] != "user":
        return rows
    first = {"role": "user", "content": rows[0]["content"] + "\n\n" + rows[1]["content"]}
    return [first, *rows[2:]]
