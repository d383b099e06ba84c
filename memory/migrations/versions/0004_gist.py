"""Gists: which of the user's sentences stand for a stretch of a chat, and for a month. They hold no words."""

from alembic import op

revision = "0004"
down_revision = "0003"

STATEMENTS = (
    """
    CREATE TABLE gist (
        id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        kind VARCHAR(8) NOT NULL,
        month VARCHAR(7) NOT NULL,
        conversation_id INTEGER,
        first_turn INTEGER NOT NULL,
        last_turn INTEGER NOT NULL,
        began DATETIME NOT NULL,
        ended DATETIME NOT NULL,
        characters INTEGER NOT NULL,
        CHECK (kind IN ('session', 'month')),
        FOREIGN KEY(conversation_id) REFERENCES conversation (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE TABLE gist_line (
        gist_id INTEGER NOT NULL,
        turn_id INTEGER NOT NULL,
        span_start INTEGER NOT NULL,
        span_end INTEGER NOT NULL,
        weight FLOAT NOT NULL,
        PRIMARY KEY (gist_id, turn_id, span_start),
        FOREIGN KEY(gist_id) REFERENCES gist (id) ON DELETE CASCADE,
        FOREIGN KEY(turn_id) REFERENCES turn (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_gist_month ON gist (month)",
    "CREATE INDEX ix_gist_conversation_id ON gist (conversation_id)",
    "CREATE INDEX ix_gist_line_turn_id ON gist_line (turn_id)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
