"""How what was imported is known again: by hashes that only this home's secret can make.

Without it, whoever has the file could look its hashes up in a table that was made once for every home, also
those of words that were forgotten since. The secret lies in the same database, so whoever has all of it can
still guess, home by home. An export brings its own secret, which is kept beside this home's.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

from sqlalchemy import select

from memory.schema import SecretRow, SourceRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from memory.imports.talks import Said, Talk

MARK_LENGTH = 16  # hexadecimal digits: enough to tell the messages of one conversation apart


def secrets_of(session: Session) -> list[str]:
    """This home's own secret, then those that came with exports."""
    return list(session.scalars(select(SecretRow.value).order_by(SecretRow.id)))


def salted(secret: str, plain: str) -> str:
    """An unsalted hash of hexadecimal digits, or a part of one, as it is kept; as long as it was."""
    return hmac.new(secret.encode(), plain.encode(), hashlib.sha256).hexdigest()[: len(plain)]


def key_of(secret: str, talk: Talk) -> str:
    """What a conversation is kept under."""
    return salted(secret, _hash(talk.key))


def mark_of(secret: str, talk: Talk, said: Said) -> str:
    """What a message that was taken in is known by."""
    return salted(secret, _hash(f"{talk.key}\n{said.key}")[:MARK_LENGTH])


class Taken:
    """What is here of a conversation, under whichever secret: the same may have come in more than one way."""

    def __init__(self, session: Session, kind: str, talk: Talk) -> None:
        self._talk = talk
        self._secrets = secrets_of(session)
        found = [(secret, session.get(SourceRow, (kind, key_of(secret, talk)))) for secret in self._secrets]
        self._found = [(secret, source) for secret, source in found if source is not None]
        self._marks = {mark for _, source in self._found for mark in source.turns}

    @property
    def source(self) -> SourceRow | None:
        return self._found[0][1] if self._found else None

    def fresh(self) -> list[Said]:
        """What is not here yet, by mark and not by number: the user may have gone on from an earlier one."""
        return [said for said in self._talk.turns if not self._is_here(said)]

    def begin(self, kind: str, conversation_id: int) -> SourceRow:
        """The row of a conversation that is new here."""
        key = key_of(self._secrets[0], self._talk)
        source = SourceRow(kind=kind, key=key, conversation_id=conversation_id, turns=[])
        self._found.append((self._secrets[0], source))
        return source

    def add(self, fresh: Iterable[Said]) -> None:
        """These are here now."""
        secret, source = self._found[0]
        source.turns = [*source.turns, *(mark_of(secret, self._talk, said) for said in fresh)]

    def _is_here(self, said: Said) -> bool:
        return any(mark_of(secret, self._talk, said) in self._marks for secret, _ in self._found)


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
