"""Two that answer the same question never hold on one day, and a price is never changed: the database itself sees to it."""

from typing import Any

from django.db import migrations

# Of each table: what makes two rows answer the same question, and which rows do not count.
ALONE = {
    "tariffs_tariff": (("item_id", "unit_id", "building_id", "cluster_id", "unit_kind", "use"), "NOT o.cancelled", "NOT NEW.cancelled"),
    "tariffs_term": (("unit_id", "item_id", "slot"), "1=1", "1=1"),
    "tariffs_holding": (("unit_id", "item_id", "what"), "1=1", "1=1"),
    "tariffs_developer": (("community_id", "cluster_id"), "1=1", "1=1"),
}  # fmt: skip
FIXED = (
    "community_id", "item_id", "kind", "price", "measure", "steps", "steps_per", "unit_kind", "use", "cluster_id", "building_id",
    "unit_id", "cycle", "starts", "per", "prepaid", "ahead", "due_months", "due_day", "first_month", "rounding",
    "vacant_percent", "vacant_ground", "pricing", "authority", "document", "document_no", "from_on",
)  # fmt: skip


def _another(table: str, columns: tuple[str, ...], counts: str, same: str) -> str:
    """A row of the same question that holds on one of the same days."""
    alike = " AND ".join(f"o.{column} {same} NEW.{column}" for column in columns)
    return (
        f"EXISTS (SELECT 1 FROM {table} o WHERE o.id <> NEW.id AND {counts} AND {alike} "
        "AND (NEW.to_on IS NULL OR o.from_on <= NEW.to_on) AND (o.to_on IS NULL OR o.to_on >= NEW.from_on))"
    )


def create(apps: Any, schema_editor: Any) -> None:
    sqlite = schema_editor.connection.vendor == "sqlite"
    for table, (columns, counts, new_counts) in ALONE.items():
        if sqlite:
            another = _another(table, columns, counts, "IS")
            for event in ("INSERT", "UPDATE"):
                schema_editor.execute(
                    f"CREATE TRIGGER {table}_alone_{event.lower()} AFTER {event} ON {table} WHEN {new_counts} AND {another} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} alone'); END",
                    params=None,
                )
        else:
            another = _another(table, columns, counts, "IS NOT DISTINCT FROM")
            # who comes second waits for the first, and sees what he wrote
            schema_editor.execute(
                f"CREATE FUNCTION {table}_alone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"PERFORM pg_advisory_xact_lock(hashtextextended('{table}', NEW.{columns[0]})); "
                f"IF {new_counts} AND {another} THEN "
                f"RAISE EXCEPTION '{table} alone' USING ERRCODE = 'exclusion_violation'; END IF; RETURN NULL; END $$",
                params=None,
            )
            schema_editor.execute(
                f"CREATE TRIGGER {table}_alone AFTER INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_alone()",
                params=None,
            )
    _fix_prices(schema_editor, sqlite)


def _fix_prices(schema_editor: Any, sqlite: bool) -> None:
    columns = ", ".join(FIXED)
    if sqlite:
        schema_editor.execute(
            f"CREATE TRIGGER tariffs_tariff_fixed BEFORE UPDATE OF {columns} ON tariffs_tariff "
            "BEGIN SELECT RAISE(ABORT, 'a price is never changed'); END",
            params=None,
        )
        return
    schema_editor.execute(
        "CREATE FUNCTION tariffs_tariff_fixed() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'a price is never changed' USING ERRCODE = 'check_violation'; END $$",
        params=None,
    )
    schema_editor.execute(
        f"CREATE TRIGGER tariffs_tariff_fixed BEFORE UPDATE OF {columns} ON tariffs_tariff "
        "FOR EACH ROW EXECUTE FUNCTION tariffs_tariff_fixed()",
        params=None,
    )


def drop(apps: Any, schema_editor: Any) -> None:
    sqlite = schema_editor.connection.vendor == "sqlite"
    on = "" if sqlite else " ON {table}"
    schema_editor.execute("DROP TRIGGER tariffs_tariff_fixed" + on.format(table="tariffs_tariff"), params=None)
    for table in ALONE:
        for name in (f"{table}_alone_insert", f"{table}_alone_update") if sqlite else (f"{table}_alone",):
            schema_editor.execute(f"DROP TRIGGER {name}" + on.format(table=table), params=None)
        if not sqlite:
            schema_editor.execute(f"DROP FUNCTION {table}_alone()", params=None)
    if not sqlite:
        schema_editor.execute("DROP FUNCTION tariffs_tariff_fixed()", params=None)


class Migration(migrations.Migration):
    dependencies = [("tariffs", "0001_tariffs")]

    operations = [migrations.RunPython(create, drop)]
