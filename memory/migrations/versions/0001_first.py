"""Conversations, turns, facts with their history, the undo journal, the outbox and the nights."""

from alembic import op

revision = "0001"
down_revision = None

TABLES = (
    """
    CREATE TABLE conversation (
        id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        title TEXT NOT NULL,
        created DATETIME NOT NULL,
        updated DATETIME NOT NULL,
        remembered BOOLEAN NOT NULL,
        deleted DATETIME
    )
    """,
    """
    CREATE TABLE night (
        id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        started DATETIME NOT NULL,
        ended DATETIME,
        state VARCHAR(16) NOT NULL,
        base_sha256 TEXT NOT NULL,
        adapter TEXT NOT NULL,
        adapter_sha256 TEXT NOT NULL,
        scale FLOAT NOT NULL,
        examined_scale FLOAT NOT NULL,
        sentence TEXT NOT NULL,
        report TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE outbox (
        id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        kind VARCHAR(8) NOT NULL,
        item_id INTEGER NOT NULL
    )
    """,
    """
    CREATE TABLE revision (
        id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        at DATETIME NOT NULL,
        sentence TEXT NOT NULL,
        images JSON NOT NULL,
        undone BOOLEAN NOT NULL
    )
    """,
    """
    CREATE TABLE turn (
        id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        conversation_id INTEGER NOT NULL,
        speaker VARCHAR(16) NOT NULL,
        name TEXT NOT NULL,
        text TEXT NOT NULL,
        created DATETIME NOT NULL,
        state VARCHAR(16) NOT NULL,
        notes JSON NOT NULL,
        worn JSON NOT NULL,
        thumb INTEGER NOT NULL,
        CHECK (speaker IN ('user', 'assistant')),
        FOREIGN KEY(conversation_id) REFERENCES conversation (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE TABLE fact (
        id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        subject TEXT NOT NULL,
        attribute TEXT NOT NULL,
        value TEXT NOT NULL,
        sentence TEXT NOT NULL,
        state VARCHAR(16) NOT NULL,
        origin VARCHAR(16) NOT NULL,
        topic TEXT NOT NULL,
        confidence FLOAT NOT NULL,
        pinned BOOLEAN NOT NULL,
        recorded DATETIME NOT NULL,
        valid_from DATETIME,
        valid_to DATETIME,
        retracted DATETIME,
        superseded_by INTEGER,
        turn_id INTEGER,
        span_start INTEGER,
        span_end INTEGER,
        FOREIGN KEY(superseded_by) REFERENCES fact (id) ON DELETE SET NULL,
        FOREIGN KEY(turn_id) REFERENCES turn (id) ON DELETE SET NULL
    )
    """,
    """
    CREATE TABLE night_fact (
        night_id INTEGER NOT NULL,
        fact_id INTEGER NOT NULL,
        PRIMARY KEY (night_id, fact_id),
        FOREIGN KEY(night_id) REFERENCES night (id) ON DELETE CASCADE,
        FOREIGN KEY(fact_id) REFERENCES fact (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE TABLE night_item (
        id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        night_id INTEGER NOT NULL,
        fact_id INTEGER,
        question TEXT NOT NULL,
        answer TEXT NOT NULL,
        FOREIGN KEY(night_id) REFERENCES night (id) ON DELETE CASCADE,
        FOREIGN KEY(fact_id) REFERENCES fact (id) ON DELETE CASCADE
    )
    """,
)

INDEXES = (
    "CREATE INDEX ix_conversation_updated ON conversation (updated)",
    "CREATE INDEX ix_turn_conversation_id ON turn (conversation_id)",
    "CREATE INDEX ix_fact_attribute ON fact (attribute)",
    "CREATE INDEX ix_fact_state ON fact (state)",
    "CREATE INDEX ix_fact_superseded_by ON fact (superseded_by)",
    "CREATE INDEX ix_fact_turn_id ON fact (turn_id)",
    "CREATE INDEX ix_night_fact_fact_id ON night_fact (fact_id)",
    "CREATE INDEX ix_night_item_fact_id ON night_item (fact_id)",
    "CREATE INDEX ix_night_item_night_id ON night_item (night_id)",
)


def upgrade() -> None:
    for statement in (*TABLES, *INDEXES):
        op.execute(statement)
