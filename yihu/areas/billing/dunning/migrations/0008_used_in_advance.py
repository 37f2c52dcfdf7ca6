"""How much of a line had been settled by money paid in advance."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dunning", "0007_codes_of_all"),
    ]

    operations = [
        migrations.AddField(
            model_name="noticeline",
            name="used",
            field=models.BigIntegerField(db_default=0, default=0, verbose_name="已用预收（分）"),
        ),
    ]
