"""The month's turn: that the bills are to be drawn up."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("estate", "0008_locked"),
        ("kernel", "0009_looks"),
        ("running", "0002_days_as_text"),
    ]

    operations = [
        migrations.CreateModel(
            name="MonthTurn",
            fields=[
                (
                    "record_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="kernel.record",
                    ),
                ),
                ("period", models.CharField(max_length=7, verbose_name="账单月份")),
                ("due_at", models.DateTimeField(editable=False, verbose_name="应出完时间")),
                ("why", models.CharField(blank=True, max_length=200, verbose_name="不出的原因")),
                (
                    "turn_of",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="estate.community",
                    ),
                ),
            ],
            options={
                "verbose_name": "月度出账",
                "verbose_name_plural": "月度出账",
                "constraints": [models.UniqueConstraint(fields=("turn_of", "period"), name="month_turn_once")],
            },
            bases=("kernel.record",),
        ),
    ]
