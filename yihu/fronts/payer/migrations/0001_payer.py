"""How often the page was asked, and what payers objected to."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("ledger", "0001_ledger"),
        ("notices", "0001_notices"),
        ("reception", "0002_report_back"),
    ]

    operations = [
        migrations.CreateModel(
            name="Knock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(max_length=20)),
                ("whose", models.CharField(max_length=64)),
                ("since", models.DateTimeField()),
                ("count", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "缴费页面访问计数",
                "verbose_name_plural": "缴费页面访问计数",
                "indexes": [models.Index(fields=["since"], name="payer_knock_since")],
                "constraints": [
                    models.UniqueConstraint(fields=("what", "whose", "since"), name="payer_knock_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("amount", "金额算得不对"),
                            ("paid", "我已经缴过了"),
                            ("not_mine", "不该由我付（已转让、出租等）"),
                            ("vacant", "房屋空置"),
                            ("service", "对服务不满意"),
                            ("construction", "房屋质量有问题"),
                            ("hardship", "一时有困难，想商量怎么缴"),
                            ("other", "只是问一下"),
                        ],
                        max_length=12,
                        verbose_name="原因",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="提出时间")),
                (
                    "charge",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.charge",
                        verbose_name="账单行",
                    ),
                ),
                (
                    "contact",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reception.contact",
                        verbose_name="接待",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="notices.notice",
                        verbose_name="通知单",
                    ),
                ),
            ],
            options={
                "verbose_name": "缴费疑问",
                "verbose_name_plural": "缴费疑问",
                "indexes": [models.Index(fields=["notice", "asked_at"], name="payer_objection_of")],
            },
        ),
    ]
