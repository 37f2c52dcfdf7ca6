import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("estate", "0006_leases"),
        ("kernel", "0006_saved_filters"),
        ("repairs", "0002_dispatch"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="workorder",
            name="building",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="estate.building",
                verbose_name="公共部位楼栋",
            ),
        ),
        migrations.AddField(
            model_name="workorder",
            name="floor",
            field=models.CharField(blank=True, max_length=12, verbose_name="楼层"),
        ),
        migrations.AddField(
            model_name="workorder",
            name="raised_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="上报主管时间"),
        ),
        migrations.AddField(
            model_name="workorder",
            name="system",
            field=models.CharField(
                blank=True,
                choices=[
                    ("water", "给排水"),
                    ("power", "供配电"),
                    ("lift", "电梯"),
                    ("fire", "消防"),
                    ("low_voltage", "弱电"),
                    ("structure", "土建"),
                    ("greening", "绿化"),
                    ("other", "其它"),
                ],
                max_length=12,
                verbose_name="设施系统",
            ),
        ),
        migrations.AddField(
            model_name="workorder",
            name="times_urged",
            field=models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="催办次数"),
        ),
        migrations.AddField(
            model_name="workorder",
            name="told_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="告知业主时间"),
        ),
        migrations.AddField(
            model_name="workorder",
            name="urged_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="最近催办"),
        ),
        migrations.AddField(
            model_name="workorder",
            name="witness_1",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="见证人一",
            ),
        ),
        migrations.AddField(
            model_name="workorder",
            name="witness_2",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="见证人二",
            ),
        ),
        migrations.CreateModel(
            name="AgreedDate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("was", models.DateTimeField(verbose_name="原定")),
                ("now", models.DateTimeField(verbose_name="改定")),
                ("with_whom", models.CharField(max_length=200, verbose_name="与谁约定")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="谁",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agreed_dates",
                        to="repairs.workorder",
                        verbose_name="维修单",
                    ),
                ),
            ],
            options={
                "verbose_name": "改期",
                "verbose_name_plural": "改期",
            },
        ),
        migrations.CreateModel(
            name="Merging",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("times_urged", models.PositiveSmallIntegerField(default=0, verbose_name="催办次数")),
                ("moved", models.JSONField(default=list, verbose_name="时限")),
                ("split_at", models.DateTimeField(null=True, verbose_name="拆出时间")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="谁",
                    ),
                ),
                (
                    "into",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="merged_in",
                        to="repairs.workorder",
                        verbose_name="并入",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mergings",
                        to="repairs.workorder",
                        verbose_name="维修单",
                    ),
                ),
            ],
            options={
                "verbose_name": "合并",
                "verbose_name_plural": "合并",
            },
        ),
        migrations.CreateModel(
            name="Screening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "result",
                    models.CharField(
                        choices=[("wait", "继续等"), ("can", "可以修了"), ("raise", "解决不了，上报主管")],
                        max_length=5,
                        verbose_name="结果",
                    ),
                ),
                ("words", models.CharField(max_length=200, verbose_name="情况")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="谁",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="screenings",
                        to="repairs.workorder",
                        verbose_name="维修单",
                    ),
                ),
            ],
            options={
                "verbose_name": "暂不能修的筛选",
                "verbose_name_plural": "暂不能修的筛选",
            },
        ),
        migrations.CreateModel(
            name="Telling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("how", models.CharField(max_length=10, verbose_name="方式")),
                ("words", models.CharField(max_length=400, verbose_name="告知内容")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="谁",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tellings",
                        to="repairs.workorder",
                        verbose_name="维修单",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.record",
                        verbose_name="来电",
                    ),
                ),
            ],
            options={
                "verbose_name": "告知",
                "verbose_name_plural": "告知",
                "constraints": [models.UniqueConstraint(fields=("order", "record"), name="telling_once")],
            },
        ),
    ]
