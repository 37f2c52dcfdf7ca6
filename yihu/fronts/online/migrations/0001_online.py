"""Cards with a code, and what was reported with them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("estate", "0008_locked"),
        ("kernel", "0012_tally"),
        ("reception", "0002_report_back"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Card",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.CharField(blank=True, default="", max_length=60, verbose_name="公共部位")),
                ("salt", models.CharField(editable=False, max_length=32)),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("holders", models.JSONField(default=list, editable=False)),
                ("made_at", models.DateTimeField(verbose_name="制卡时间")),
                ("revoked_at", models.DateTimeField(null=True, verbose_name="作废时间")),
                ("why", models.CharField(blank=True, default="", max_length=100, verbose_name="作废原因")),
                (
                    "building",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="estate.building",
                        verbose_name="楼栋",
                    ),
                ),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="estate.community",
                        verbose_name="管理项目",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="制卡人",
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="作废人",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="estate.unit",
                        verbose_name="房号",
                    ),
                ),
            ],
            options={
                "verbose_name": "报修卡",
                "verbose_name_plural": "报修卡",
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("salt", models.CharField(editable=False, max_length=32)),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("sent_at", models.DateTimeField(verbose_name="提交时间")),
                ("wish", models.CharField(blank=True, default="", max_length=30, verbose_name="希望时间")),
                ("urged_at", models.DateTimeField(null=True, verbose_name="最近网上催办")),
                (
                    "opinion",
                    models.CharField(
                        blank=True,
                        choices=[("A", "满意"), ("B", "较满意"), ("C", "不满意")],
                        default="",
                        max_length=1,
                        verbose_name="网上评价",
                    ),
                ),
                ("opinion_words", models.CharField(blank=True, default="", max_length=200, verbose_name="评价内容")),
                ("opinion_at", models.DateTimeField(null=True, verbose_name="评价时间")),
                (
                    "card",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="online.card",
                        verbose_name="报修卡",
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
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.record",
                        verbose_name="维修单或投诉",
                    ),
                ),
            ],
            options={
                "verbose_name": "网上报修",
                "verbose_name_plural": "网上报修",
            },
        ),
        migrations.AddIndex(
            model_name="card",
            index=models.Index(fields=["community", "building"], name="online_card_shared"),
        ),
        migrations.AddConstraint(
            model_name="card",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at__isnull", True), ("unit__isnull", False)),
                fields=("unit",),
                name="online_card_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="card",
            constraint=models.CheckConstraint(
                condition=models.Q(("unit__isnull", False), models.Q(("place", ""), _negated=True), _connector="OR"),
                name="online_card_of_a_home_or_a_place",
            ),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(fields=["card", "sent_at"], name="online_report_of"),
        ),
    ]
