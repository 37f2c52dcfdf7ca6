"""Vehicles are found by how their plates end."""

from typing import Any

from django.db import migrations, models

from yihu.ground.estate.models.people import BackwardsField, backwards_of

BATCH = 1000


def bytewise(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        change = 'ALTER TABLE estate_vehicle ALTER COLUMN ending TYPE varchar(20) COLLATE "C"'
        schema_editor.execute(change, params=None)


bytewise.bytewise = {"estate_vehicle": ["ending"]}  # type: ignore[attr-defined]  # read by ``config/fresh.py``


def spell(apps: Any, schema_editor: Any) -> None:
    vehicle = apps.get_model("estate", "Vehicle")
    last, rows = 0, [None]
    while rows:
        rows = list(vehicle.objects.filter(pk__gt=last).order_by("pk")[:BATCH])
        for row in rows:
            row.ending = backwards_of(row.plate)
        vehicle.objects.bulk_update(rows, ["ending"])
        last = rows[-1].pk if rows else last


class Migration(migrations.Migration):
    dependencies = [("estate", "0006_leases")]

    operations = [
        migrations.AddField("vehicle", "ending", BackwardsField(default="", editable=False, max_length=20, of="plate")),
        migrations.RunPython(bytewise, migrations.RunPython.noop),
        migrations.RunPython(spell, migrations.RunPython.noop),
        migrations.AddIndex("vehicle", models.Index(fields=["ending", "community"], name="vehicle_by_ending")),
    ]
