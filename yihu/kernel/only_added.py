"""Rows that are only ever added: the model refuses to change one, and so does the database itself.

PostgreSQL also refuses to delete one; on SQLite tests empty their tables by DELETE.
"""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models


class OnlyAdded(models.QuerySet[Any]):
    """Neither changed nor deleted; a correction is another row."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("such a row is never changed: add another one")

    def delete(self) -> NoReturn:
        raise TypeError("such a row is never deleted: add another one")


def forbid_changes(schema_editor: Any, table: str) -> None:
    """The triggers of one table, for a migration's ``RunPython``."""
    said = f"{table} is only ever added to"
    if schema_editor.connection.vendor == "sqlite":
        trigger = f"CREATE TRIGGER {table}_only_added BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{said}'); END"
        schema_editor.execute(trigger, params=None)
        return
    body = f"$$ BEGIN RAISE EXCEPTION '{said}'; END $$"
    schema_editor.execute(
        f"CREATE FUNCTION {table}_only_added() RETURNS trigger LANGUAGE plpgsql AS {body}", params=None
    )
    trigger = f"CREATE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW"
    schema_editor.execute(f"{trigger} EXECUTE FUNCTION {table}_only_added()", params=None)


def allow_changes(schema_editor: Any, table: str) -> None:
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"DROP TRIGGER {table}_only_added", params=None)
        return
    schema_editor.execute(f"DROP TRIGGER {table}_only_added ON {table}", params=None)
    schema_editor.execute(f"DROP FUNCTION {table}_only_added()", params=None)
