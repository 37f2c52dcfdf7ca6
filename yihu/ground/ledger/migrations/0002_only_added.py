"""The database itself refuses to change a posting; PostgreSQL also to delete one (SQLite empties tables so between tests)."""

from typing import Any

from django.db import migrations

TABLES = ("ledger_voucher", "ledger_line")


def create(apps: Any, schema_editor: Any) -> None:
    sqlite = schema_editor.connection.vendor == "sqlite"
    if not sqlite:
        schema_editor.execute(
            "CREATE FUNCTION ledger_only_added() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'a posting is only ever added'; END $$",
            params=None,
        )
    for table in TABLES:
        if sqlite:
            schema_editor.execute(
                f"CREATE TRIGGER {table}_only_added BEFORE UPDATE ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'a posting is only ever added'); END",
                params=None,
            )
        else:
            schema_editor.execute(
                f"CREATE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION ledger_only_added()",
                params=None,
            )


def drop(apps: Any, schema_editor: Any) -> None:
    sqlite = schema_editor.connection.vendor == "sqlite"
    for table in TABLES:
        schema_editor.execute(f"DROP TRIGGER {table}_only_added{'' if sqlite else f' ON {table}'}", params=None)
    if not sqlite:
        schema_editor.execute("DROP FUNCTION ledger_only_added()", params=None)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_ledger")]

    operations = [migrations.RunPython(create, drop)]
