"""Full-text search over turns and facts, kept by triggers."""

from alembic import op

revision = "0002"
down_revision = "0001"

TOKENIZER = "porter unicode61 remove_diacritics 2"
SEARCHED = {"turn": ("text",), "fact": ("sentence", "attribute", "value")}


def upgrade() -> None:
    for table, columns in SEARCHED.items():
        for statement in statements(table, columns):
            op.execute(statement)


def statements(table: str, columns: tuple[str, ...]) -> list[str]:
    fts = f"{table}_fts"
    names = ", ".join(columns)
    new = ", ".join(f"new.{column}" for column in columns)
    old = ", ".join(f"old.{column}" for column in columns)
    # every name here is a constant of this file: there is nothing to inject
    put = f"INSERT INTO {fts}(rowid, {names}) VALUES (new.id, {new});"  # noqa: S608
    drop = f"INSERT INTO {fts}({fts}, rowid, {names}) VALUES ('delete', old.id, {old});"  # noqa: S608
    return [
        f"CREATE VIRTUAL TABLE {fts} USING fts5({names}, content='{table}', content_rowid='id', "
        f"tokenize='{TOKENIZER}')",
        f"CREATE TRIGGER {fts}_put AFTER INSERT ON {table} BEGIN {put} END",
        f"CREATE TRIGGER {fts}_drop AFTER DELETE ON {table} BEGIN {drop} END",
        f"CREATE TRIGGER {fts}_change AFTER UPDATE OF {names} ON {table} BEGIN {drop} {put} END",
        f"INSERT INTO {fts}({fts}) VALUES ('rebuild')",  # noqa: S608
    ]
