"""A secret of this home: with it, hashes of where imported conversations came from are salted."""

import hashlib
import hmac
import json
import secrets

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

TABLE = """
    CREATE TABLE secret (
        id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        value VARCHAR(64) NOT NULL UNIQUE
    )
"""
SALT = "UPDATE source SET key = :salted, turns = :turns WHERE kind = :kind AND key = :key"


def upgrade() -> None:
    connection, secret = op.get_bind(), secrets.token_hex(32)
    op.execute(TABLE)
    connection.execute(sa.text("INSERT INTO secret (value) VALUES (:value)"), {"value": secret})
    for kind, key, turns in connection.execute(sa.text("SELECT kind, key, turns FROM source")).all():
        marks = json.dumps([salted(secret, mark) for mark in json.loads(turns)])
        values = {"salted": salted(secret, key), "turns": marks, "kind": kind, "key": key}
        connection.execute(sa.text(SALT), values)


def salted(secret: str, plain: str) -> str:
    return hmac.new(secret.encode(), plain.encode(), hashlib.sha256).hexdigest()[: len(plain)]
