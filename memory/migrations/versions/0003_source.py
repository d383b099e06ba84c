"""Where imported conversations came from, and which turns were imported."""

from alembic import op

revision = "0003"
down_revision = "0002"

STATEMENTS = (
    "ALTER TABLE turn ADD COLUMN imported BOOLEAN NOT NULL DEFAULT 0",
    """
    CREATE TABLE source (
        kind VARCHAR(16) NOT NULL,
        key VARCHAR(64) NOT NULL,
        conversation_id INTEGER NOT NULL,
        turns JSON NOT NULL,
        PRIMARY KEY (kind, key),
        FOREIGN KEY(conversation_id) REFERENCES conversation (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_turn_name ON turn (name)",
    "CREATE INDEX ix_source_conversation_id ON source (conversation_id)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
