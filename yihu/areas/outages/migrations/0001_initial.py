import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("estate", "0005_problem_part"),
        ("kernel", "0002_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Outage",
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
                (
                    "supply",
                    models.CharField(
                        choices=[
                            ("water", "停水"),
                            ("power", "停电"),
                            ("gas", "停气"),
                            ("lift", "停梯"),
                            ("network", "断网"),
                            ("other", "其它停用"),
                        ],
                        max_length=10,
                        verbose_name="停用",
                    ),
                ),
                (
                    "sort",
                    models.CharField(
                        choices=[("sudden", "突发"), ("planned", "计划")],
                        default="sudden",
                        max_length=10,
                        verbose_name="性质",
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("own", "小区自身"), ("municipal", "市政")],
                        default="own",
                        max_length=10,
                        verbose_name="原因属于",
                    ),
                ),
                ("cause", models.CharField(max_length=200, verbose_name="原因")),
                ("responsible", models.CharField(blank=True, max_length=60, verbose_name="处理单位")),
                ("measures", models.TextField(blank=True, max_length=600, verbose_name="措施")),
                ("begins_at", models.DateTimeField(verbose_name="开始时间")),
                ("expected_at", models.DateTimeField(verbose_name="预计恢复时间")),
                (
                    "scope",
                    models.CharField(
                        choices=[("all", "全项目"), ("clusters", "组团"), ("buildings", "楼栋"), ("units", "部分房屋")],
                        default="all",
                        max_length=10,
                        verbose_name="停用范围",
                    ),
                ),
                ("place_words", models.CharField(editable=False, max_length=200, verbose_name="影响范围")),
                ("say", models.TextField(blank=True, max_length=600, verbose_name="答复口径")),
                ("advice", models.TextField(blank=True, max_length=600, verbose_name="给业主的提示")),
                ("notice_by", models.DateTimeField(editable=False, verbose_name="应通知时间")),
                ("notified_at", models.DateTimeField(editable=False, null=True, verbose_name="通知时间")),
                ("utility_at", models.DateTimeField(editable=False, null=True, verbose_name="最近联系市政")),
                ("recovered_at", models.DateTimeField(blank=True, null=True, verbose_name="恢复时间")),
                ("explanation", models.TextField(blank=True, max_length=600, verbose_name="恢复说明")),
                (
                    "told_how",
                    models.CharField(
                        blank=True,
                        choices=[("sms", "短信"), ("chat", "微信群"), ("notice", "张贴公告"), ("broadcast", "广播")],
                        max_length=10,
                        verbose_name="群发方式",
                    ),
                ),
                ("told_words", models.TextField(blank=True, max_length=600, verbose_name="群发内容")),
            ],
            options={
                "verbose_name": "停用登记",
                "verbose_name_plural": "停用登记",
                "indexes": [models.Index(fields=["begins_at"], name="outage_begins")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expected_at__gt", models.F("begins_at"))),
                        name="outage_ends_after_it_begins",
                    )
                ],
            },
            bases=("kernel.record",),
        ),
        migrations.CreateModel(
            name="OutagePlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "building",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="estate.building"
                    ),
                ),
                (
                    "cluster",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="estate.cluster"
                    ),
                ),
                (
                    "outage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="places", to="outages.outage"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="estate.unit"
                    ),
                ),
            ],
            options={
                "verbose_name": "停用范围",
                "verbose_name_plural": "停用范围",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("building__isnull", True), ("cluster__isnull", False), ("unit__isnull", True)),
                            models.Q(("building__isnull", False), ("cluster__isnull", True), ("unit__isnull", True)),
                            models.Q(("building__isnull", True), ("cluster__isnull", True), ("unit__isnull", False)),
                            _connector="OR",
                        ),
                        name="outage_place_is_one_place",
                    )
                ],
            },
        ),
    ]
