"""How often something was asked for is counted in one table for the whole house."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0011_locked_and_issued"),
    ]

    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(max_length=20)),
                ("whose", models.CharField(max_length=64)),
                ("since", models.DateTimeField()),
                ("count", models.PositiveIntegerField()),
            ],
            options={
                "verbose_name": "访问计数",
                "verbose_name_plural": "访问计数",
                "indexes": [models.Index(fields=["since"], name="tally_since")],
                "constraints": [models.UniqueConstraint(fields=("what", "whose"), name="tally_once")],
            },
        ),
    ]
