"""A second round for callers who were not satisfied after an outage (DESK-14)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outages", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="outage",
            name="round_no",
            field=models.PositiveSmallIntegerField(default=1, editable=False, verbose_name="第几轮"),
        ),
    ]
