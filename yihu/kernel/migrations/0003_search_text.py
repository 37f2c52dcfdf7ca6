"""The text index beside SearchEntry: FTS5 kept by triggers on SQLite, a GIN expression index on PostgreSQL."""

from typing import Any

from django.db import migrations

SQLITE = (
    """CREATE VIRTUAL TABLE kernel_searchtext USING fts5(
        grams, content='kernel_searchentry', content_rowid='id', tokenize='unicode61 remove_diacritics 0')""",
    """CREATE TRIGGER kernel_searchtext_insert AFTER INSERT ON kernel_searchentry BEGIN
        INSERT INTO kernel_searchtext (rowid, grams) VALUES (new.id, new.grams); END""",
    """CREATE TRIGGER kernel_searchtext_delete AFTER DELETE ON kernel_searchentry BEGIN
        INSERT INTO kernel_searchtext (kernel_searchtext, rowid, grams) VALUES ('delete', old.id, old.grams); END""",
    """CREATE TRIGGER kernel_searchtext_update AFTER UPDATE OF grams ON kernel_searchentry BEGIN
        INSERT INTO kernel_searchtext (kernel_searchtext, rowid, grams) VALUES ('delete', old.id, old.grams);
        INSERT INTO kernel_searchtext (rowid, grams) VALUES (new.id, new.grams); END""",
)
POSTGRESQL = ("CREATE INDEX kernel_searchentry_text ON kernel_searchentry USING gin (to_tsvector('simple', grams))",)
SQLITE_GONE = (
    "DROP TRIGGER kernel_searchtext_insert",
    "DROP TRIGGER kernel_searchtext_delete",
    "DROP TRIGGER kernel_searchtext_update",
    "DROP TABLE kernel_searchtext",
)
POSTGRESQL_GONE = ("DROP INDEX kernel_searchentry_text",)


def _execute(schema_editor: Any, sqlite: tuple[str, ...], postgresql: tuple[str, ...]) -> None:
    for statement in sqlite if schema_editor.connection.vendor == "sqlite" else postgresql:
        schema_editor.execute(statement, params=None)


def create(apps: Any, schema_editor: Any) -> None:
    _execute(schema_editor, SQLITE, POSTGRESQL)


def drop(apps: Any, schema_editor: Any) -> None:
    _execute(schema_editor, SQLITE_GONE, POSTGRESQL_GONE)


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_initial")]
    operations = [migrations.RunPython(create, drop)]
