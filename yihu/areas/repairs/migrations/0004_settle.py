import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0009_looks"),
        ("repairs", "0003_waiting"),
    ]

    operations = [
        migrations.AddField(
            model_name="workorder",
            name="settle",
            field=models.CharField(
                blank=True, choices=[("now", "即付"), ("month", "月结")], max_length=10, verbose_name="结算方式"
            ),
        ),
        migrations.CreateModel(
            name="RepairReversal",
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
                ("reason", models.CharField(max_length=200, verbose_name="冲正原因")),
                ("right_fen", models.BigIntegerField(editable=False, verbose_name="应收（分）")),
                ("amount_fen", models.BigIntegerField(editable=False, verbose_name="冲正金额")),
                ("granted_at", models.DateTimeField(editable=False, null=True, verbose_name="批准时间")),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversals",
                        to="repairs.workorder",
                        verbose_name="维修单",
                    ),
                ),
                (
                    "takes_back",
                    models.OneToOneField(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversal",
                        to="repairs.workorder",
                        verbose_name="冲正",
                    ),
                ),
            ],
            options={
                "verbose_name": "维修费冲正",
                "verbose_name_plural": "维修费冲正",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_fen__gt", 0), ("right_fen__gte", 0)),
                        name="repair_reversal_takes_back",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("takes_back__isnull", True), ("takes_back", models.F("order")), _connector="OR"
                        ),
                        name="repair_reversal_of_its_order",
                    ),
                ],
            },
            bases=("kernel.record",),
        ),
    ]
