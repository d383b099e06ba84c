"""When all is quiet, sessions that are over and the older parts of long chats are condensed into gists."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from memory.gists import Gists
from models.engine import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.home import Home
    from app.serving import Serving
    from memory.store import Store

log = logging.getLogger(__name__)

SHARE = 0.3  # of the context: a long chat leaves its prompt in parts of this size
LETTERS = 4  # characters of a token, about


class Compacting:
    """The chore that makes gists: a few at a time, so that an import of years takes many quiet moments."""

    def __init__(self, home: Home, store: Store, serving: Serving) -> None:
        self._home, self._serving, self._gists = home, serving, Gists(store)

    def run(self, give_way: Callable[[], bool]) -> None:
        """Condense what is over; gives way between messages, and goes on there the next time."""
        if not self._home.owned:
            return
        length = int(SHARE * LETTERS * self._home.settings.context)
        try:
            made = self._gists.make(self._serving.reader(), length, give_way=give_way)
        except EngineError as problem:
            log.warning("gists wait for the reader: %s", type(problem).__name__)
            return
        if made:
            log.info("%d gists were made", made)
