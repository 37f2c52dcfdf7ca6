import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("api", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Pace",
            fields=[
                (
                    "integration",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="api.integration",
                    ),
                ),
                ("minute", models.BigIntegerField()),
                ("count", models.PositiveIntegerField()),
            ],
            options={
                "verbose_name": "接口请求计数",
                "verbose_name_plural": "接口请求计数",
            },
        ),
    ]
