"""The database itself refuses to change the figures of a reading; PostgreSQL also to delete one (SQLite empties tables so
between tests)."""

from typing import Any

from django.db import migrations

FIGURES = (
    "meter_id", "installation_id", "month", '"on"', "from_on", "to_on", "kind", "occasion", "previous", "current", "shown", "went_round",
    "multiplier", '"use"', "reader_id", "read_at", "supersedes_id", "round_id",
)  # fmt: skip
TABLE = "meters_reading"


def create(apps: Any, schema_editor: Any) -> None:
    columns = ", ".join(FIGURES)
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_only_added BEFORE UPDATE OF {columns} ON {TABLE} "
            "BEGIN SELECT RAISE(ABORT, 'a reading is only ever added'); END",
            params=None,
        )
        return
    schema_editor.execute(
        "CREATE FUNCTION meters_only_added() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'a reading is only ever added'; END $$",
        params=None,
    )
    for name, when in (("changed", f"UPDATE OF {columns}"), ("deleted", "DELETE")):
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_{name} BEFORE {when} ON {TABLE} FOR EACH ROW EXECUTE FUNCTION meters_only_added()",
            params=None,
        )


def drop(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"DROP TRIGGER {TABLE}_only_added", params=None)
        return
    for name in ("changed", "deleted"):
        schema_editor.execute(f"DROP TRIGGER {TABLE}_{name} ON {TABLE}", params=None)
    schema_editor.execute("DROP FUNCTION meters_only_added()", params=None)


class Migration(migrations.Migration):
    dependencies = [("meters", "0001_meters")]

    operations = [migrations.RunPython(create, drop)]
