"""The undo journal: what rows were before and after each thing that the user did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import delete, select, text

from memory.database import now
from memory.phrases import find
from memory.rows import from_image, image, notify_index
from memory.schema import Base, ConversationRow, FactRow, NightFactRow, RevisionRow, TurnRow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from sqlalchemy.orm import Session

KINDS: dict[str, type[ConversationRow] | type[FactRow]] = {"fact": FactRow, "conversation": ConversationRow}
KEPT_REVISIONS = 500
WORDS = ("title", "folder", "attribute", "value", "sentence")  # the columns that hold what the user said

Change: TypeAlias = tuple[Base, dict[str, Any] | None]  # a row as it is now, and its image before


def record(session: Session, sentence: str, changes: Sequence[Change]) -> int:
    """Write down one undoable change; what was undone before it can no longer be redone. Returns its id."""
    session.flush()
    images = [
        {"kind": row.__tablename__, "id": after["id"], "before": before, "after": after}
        for row, before in changes
        for after in [image(row)]
    ]
    session.execute(delete(RevisionRow).where(RevisionRow.undone))
    revision = RevisionRow(at=now(), sentence=sentence, images=images, undone=False)
    session.add(revision)
    session.flush()
    newest = select(RevisionRow.id).order_by(RevisionRow.id.desc()).limit(KEPT_REVISIONS)
    session.execute(delete(RevisionRow).where(RevisionRow.id.not_in(newest)))
    return revision.id


def undo(session: Session, only: int | None = None) -> str | None:
    """Put the rows of the last change back; returns its sentence. With ``only``, if that is the last one."""
    row = session.scalars(
        select(RevisionRow).where(RevisionRow.undone.is_(False)).order_by(RevisionRow.id.desc()).limit(1)
    ).first()
    if row is None or only not in (None, row.id):
        return None
    return _turn_over(session, row, "before", undone=True)


def redo(session: Session) -> str | None:
    """Do the last undone change again; returns its sentence."""
    row = session.scalars(
        select(RevisionRow).where(RevisionRow.undone).order_by(RevisionRow.id).limit(1)
    ).first()
    return None if row is None else _turn_over(session, row, "after", undone=False)


def drop_mentions(session: Session, kind: str, ids: Iterable[int]) -> None:
    """Forget every change that touched these rows: images hold their words."""
    gone = set(ids)
    for row in session.scalars(select(RevisionRow)):
        if any(entry["kind"] == kind and entry["id"] in gone for entry in row.images):
            session.delete(row)


def drop_words(session: Session, words: Iterable[str]) -> None:
    """Forget every change whose rows hold one of the words, such as a chat that was named after it."""
    words = list(words)
    for row in session.scalars(select(RevisionRow)):
        held = [row.sentence, *_texts(row.images)]
        if any(find(word, text) for word in words for text in held):
            session.delete(row)


def drop_titles(session: Session, named: Collection[tuple[int, str]]) -> None:
    """Forget every change that was made while a chat, by its id, had one of these names: each tells it."""
    for row in session.scalars(select(RevisionRow)):
        if any(
            entry["kind"] == "conversation" and not _names(entry).isdisjoint(named) for entry in row.images
        ):
            session.delete(row)


def _names(entry: dict[str, Any]) -> set[tuple[int, str]]:
    return {(entry["id"], (entry[side] or {}).get("title", "")) for side in ("before", "after")}


def _texts(images: Iterable[dict[str, Any]]) -> Iterator[str]:
    for entry in images:
        for values in (entry["before"] or {}, entry["after"] or {}):
            yield from (values[column] for column in WORDS if values.get(column))


def _turn_over(session: Session, revision: RevisionRow, side: str, undone: bool) -> str:
    session.execute(text("PRAGMA defer_foreign_keys=ON"))  # rows of one change may point at each other
    for entry in revision.images:
        _restore(session, entry["kind"], entry["id"], _put_back(entry, side))
    revision.undone = undone
    return revision.sentence


def _put_back(entry: dict[str, Any], side: str) -> dict[str, Any] | None:
    """Only what this change touched: other columns may have been changed since, without a revision."""
    values: dict[str, Any] | None = entry[side]
    other: dict[str, Any] | None = entry["after" if side == "before" else "before"]
    if values is None or other is None:
        return values
    return {key: value for key, value in values.items() if key == "id" or value != other.get(key)}


def _restore(session: Session, kind: str, row_id: int, values: dict[str, Any] | None) -> None:
    table = KINDS[kind]
    row = session.get(table, row_id)
    if values is None:
        _remove(session, row)
    else:
        session.merge(table(**from_image(table, _without_lost_turn(session, values))))
    session.flush()
    if kind == "fact":
        notify_index(session, "fact", [row_id])
    else:
        turns = select(TurnRow.id).where(TurnRow.conversation_id == row_id)
        notify_index(session, "turn", session.scalars(turns))


def _remove(session: Session, row: Base | None) -> None:
    if isinstance(row, FactRow) and _was_learned(session, row.id):
        # a night was trained on it: the row must stay so that forgetting can find that night
        row.state, row.retracted, row.valid_to = "retracted", now(), row.valid_to or now()
    elif row is not None:
        session.delete(row)


def _was_learned(session: Session, fact_id: int) -> bool:
    return (
        session.scalar(select(NightFactRow.night_id).where(NightFactRow.fact_id == fact_id).limit(1))
        is not None
    )


def _without_lost_turn(session: Session, values: dict[str, Any]) -> dict[str, Any]:
    turn_id = values.get("turn_id")
    if turn_id is not None and session.get(TurnRow, turn_id) is None:
        return values | {"turn_id": None}
    return values
