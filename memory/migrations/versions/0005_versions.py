"""Versions of messages, and chats in folders and at the top of the list."""

from alembic import op

revision = "0005"
down_revision = "0004"

STATEMENTS = (
    "ALTER TABLE turn ADD COLUMN place INTEGER",
    "ALTER TABLE turn ADD COLUMN away INTEGER",
    "CREATE INDEX ix_turn_place ON turn (place) WHERE place IS NOT NULL",
    "CREATE INDEX ix_turn_away ON turn (away) WHERE away IS NOT NULL",
    "ALTER TABLE conversation ADD COLUMN folder TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE conversation ADD COLUMN pinned BOOLEAN NOT NULL DEFAULT 0",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
