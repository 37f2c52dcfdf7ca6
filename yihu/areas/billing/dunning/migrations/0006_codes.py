"""Each 《催款通知单》 has an address of its own behind its code; those that were made before get one as well."""

from django.db import migrations, models

from yihu.areas.billing.notices.models.notices import fresh_token

SLICE = 500


def give(apps, schema_editor):
    model = apps.get_model("dunning", "DunningNotice")
    rows = []
    for row in model.objects.filter(token__isnull=True).only("pk").iterator(chunk_size=SLICE):
        row.token = fresh_token()
        rows.append(row)
        if len(rows) == SLICE:
            model.objects.bulk_update(rows, ["token"])
            rows = []
    if rows:
        model.objects.bulk_update(rows, ["token"])


class Migration(migrations.Migration):
    dependencies = [
        ("dunning", "0005_disputes_decided"),
    ]

    operations = [
        migrations.AddField(
            model_name="dunningnotice",
            name="token",
            field=models.CharField(editable=False, max_length=40, null=True, verbose_name="缴费页面"),
        ),
        migrations.RunPython(give, migrations.RunPython.noop),
    ]
