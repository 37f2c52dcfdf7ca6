"""Units and people are found by indexes: keys of every name's endings, and a unit's entrance and room together.

On PostgreSQL the keys are compared byte by byte, as SQLite does: only so an index answers for beginnings, and units stand
in the same order in both.
"""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Value
from django.db.models.functions import StrIndex, Substr

BYTEWISE = {"estate_unit": {"sort_key": 120, "search_key": 80, "room_key": 20}, "estate_partykey": {"key": 20}}


def _collate(schema_editor: Any, collation: str) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for table, columns in BYTEWISE.items():
            changes = ", ".join(
                f'ALTER COLUMN {name} TYPE varchar({length}) COLLATE "{collation}"' for name, length in columns.items()
            )
            schema_editor.execute(f"ALTER TABLE {table} {changes}", params=None)


def bytewise(apps: Any, schema_editor: Any) -> None:
    _collate(schema_editor, "C")


bytewise.bytewise = BYTEWISE  # type: ignore[attr-defined]  # read by ``config/fresh.py``


def as_before(apps: Any, schema_editor: Any) -> None:
    _collate(schema_editor, "default")


class Migration(migrations.Migration):
    dependencies = [("estate", "0003_completion")]

    operations = [
        migrations.CreateModel(
            name="PartyKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=20)),
                (
                    "community",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="estate.community",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="estate.party"),
                ),
            ],
            options={"verbose_name": "客户检索", "verbose_name_plural": "客户检索"},
        ),
        migrations.RemoveIndex(model_name="unit", name="unit_by_room"),
        migrations.RemoveIndex(model_name="unit", name="unit_by_words"),
        # before the column that is derived from one of them
        migrations.RunPython(bytewise, as_before),
        migrations.AddField(
            model_name="unit",
            name="door_key",
            field=models.GeneratedField(
                db_persist=True,
                expression=Substr("search_key", StrIndex(F("search_key"), Value(" ")) + 1),
                output_field=models.CharField(max_length=80),
            ),
        ),
        migrations.AddIndex(
            model_name="unit",
            index=models.Index(fields=["room_key", "community", "sort_key"], name="unit_by_room_anywhere"),
        ),
        migrations.AddIndex(
            model_name="unit",
            index=models.Index(fields=["door_key", "community", "sort_key"], name="unit_by_door_anywhere"),
        ),
        migrations.AddIndex(
            model_name="unit",
            index=models.Index(fields=["search_key", "community", "room_key"], name="unit_by_words_anywhere"),
        ),
        migrations.AddIndex(
            model_name="unit",
            index=models.Index(fields=["community", "search_key", "room_key"], name="unit_by_words_here"),
        ),
        migrations.AddIndex(
            model_name="partykey",
            index=models.Index(fields=["community", "key", "party"], name="party_key_here"),
        ),
        migrations.AddIndex(
            model_name="partykey",
            index=models.Index(fields=["key", "community", "party"], name="party_key_anywhere"),
        ),
    ]
