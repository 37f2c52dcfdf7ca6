"""The database itself refuses to suspend what the law keeps going, whatever a program or a hand writes (民法典第944条)."""

from typing import Any

from django.db import migrations

TABLE = "dunning_suspendedservice"
WORDS = "only an optional paid service may be suspended"
CLASS = "(SELECT legal_class FROM ledger_feeitem WHERE id = NEW.item_id)"


def create(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for event in ("INSERT", "UPDATE"):
            schema_editor.execute(
                f"CREATE TRIGGER {TABLE}_{event.lower()} BEFORE {event} ON {TABLE} "
                f"WHEN {CLASS} <> 'optional_paid' BEGIN SELECT RAISE(ABORT, '{WORDS}'); END",
                params=None,
            )
        return
    schema_editor.execute(
        "CREATE FUNCTION dunning_only_optional() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {CLASS} <> 'optional_paid' THEN RAISE EXCEPTION '{WORDS}' USING ERRCODE = '23514'; END IF; "
        "RETURN NEW; END $$",
        params=None,
    )
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_only_optional BEFORE INSERT OR UPDATE ON {TABLE} "
        "FOR EACH ROW EXECUTE FUNCTION dunning_only_optional()",
        params=None,
    )


def drop(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for event in ("insert", "update"):
            schema_editor.execute(f"DROP TRIGGER {TABLE}_{event}", params=None)
        return
    schema_editor.execute(f"DROP TRIGGER {TABLE}_only_optional ON {TABLE}", params=None)
    schema_editor.execute("DROP FUNCTION dunning_only_optional()", params=None)


class Migration(migrations.Migration):
    dependencies = [("dunning", "0001_dunning"), ("ledger", "0003_channel_fees")]

    operations = [migrations.RunPython(create, drop)]
