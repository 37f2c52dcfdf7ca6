"""The keys of everybody who is known already."""

from typing import Any

from django.db import migrations

from yihu.ground.estate.models.keys import BATCH, keys_of


def spell(apps: Any, schema_editor: Any) -> None:
    party_key = apps.get_model("estate", "PartyKey")
    fields = ("pk", "community_id", "name", "name_initials", "contact_name")
    last, rows = 0, [None]
    while rows:
        rows = list(
            apps.get_model("estate", "Party").objects.filter(pk__gt=last).order_by("pk").values_list(*fields)[:BATCH]
        )
        party_key.objects.bulk_create(
            [
                party_key(party_id=pk, community_id=community_id, key=key)
                for pk, community_id, *names in rows
                for key in keys_of(*names)
            ],
            batch_size=BATCH,
        )
        last = rows[-1][0] if rows else last


def forget(apps: Any, schema_editor: Any) -> None:
    apps.get_model("estate", "PartyKey").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("estate", "0003_search_keys")]
    operations = [migrations.RunPython(spell, forget)]
