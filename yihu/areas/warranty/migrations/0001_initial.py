import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import yihu.kernel.personal


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("kernel", "0002_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Slip",
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
                    "item",
                    models.CharField(
                        choices=[
                            ("waterproofing", "防水"),
                            ("heating", "供热供冷"),
                            ("fittings", "电气、给排水、设备、装修"),
                            ("structure", "主体结构"),
                            ("other", "其它"),
                        ],
                        max_length=14,
                        verbose_name="项目类别",
                    ),
                ),
                ("defect", models.TextField(max_length=2000, verbose_name="返修内容")),
                ("location", models.CharField(blank=True, max_length=60, verbose_name="具体位置")),
                ("reporter", models.CharField(blank=True, max_length=40, verbose_name="报修人")),
                ("phone", yihu.kernel.personal.PersonalField(blank=True, kind="phone", verbose_name="联系电话")),
                ("agreed_until", models.DateField(blank=True, null=True, verbose_name="约定保修期至")),
                ("warranty_from", models.DateField(editable=False, null=True, verbose_name="竣工验收日期")),
                ("warranty_until", models.DateField(editable=False, null=True, verbose_name="保修期至")),
                (
                    "within",
                    models.CharField(
                        choices=[("in", "保修期内"), ("out", "已过保修期"), ("unknown", "无法计算")],
                        editable=False,
                        max_length=8,
                        verbose_name="是否在保",
                    ),
                ),
                ("out_reason", models.CharField(blank=True, max_length=200, verbose_name="过保仍开单的原因")),
                ("hand_by", models.DateTimeField(editable=False, verbose_name="应交开发商时间")),
                ("handed_at", models.DateTimeField(editable=False, null=True, verbose_name="交开发商时间")),
                ("receiver", models.CharField(blank=True, max_length=40, verbose_name="开发商签收人")),
                ("receive_refused", models.CharField(blank=True, max_length=200, verbose_name="拒签收原因")),
                ("promised_at", models.DateTimeField(editable=False, null=True, verbose_name="约定完成日期")),
                ("contractor", models.CharField(blank=True, max_length=60, verbose_name="施工单位")),
                ("plan", models.TextField(blank=True, max_length=1000, verbose_name="维修方案")),
                ("work_done", models.TextField(blank=True, max_length=1000, verbose_name="施工内容")),
                ("finished_on", models.DateField(blank=True, null=True, verbose_name="完工日期")),
                ("checked", models.TextField(blank=True, max_length=400, verbose_name="复检意见")),
                (
                    "failed_checks",
                    models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="复检不合格次数"),
                ),
                ("accepted_at", models.DateTimeField(editable=False, null=True, verbose_name="业主确认时间")),
                ("accept_refused", models.CharField(blank=True, max_length=200, verbose_name="业主未签或不认可的原因")),
                ("refused_reason", models.CharField(blank=True, max_length=400, verbose_name="开发商拒保理由")),
                ("next_told_at", models.DateTimeField(blank=True, null=True, verbose_name="下次告知业主时间")),
                ("chases", models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="催办次数")),
                ("letters", models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="催办函次数")),
                ("letter_to", models.CharField(blank=True, max_length=60, verbose_name="催办函致")),
                ("letter_at", models.DateTimeField(editable=False, null=True, verbose_name="发函时间")),
                ("letter_by", models.DateField(blank=True, null=True, verbose_name="要求答复日期")),
                ("letter_words", models.TextField(blank=True, max_length=400, verbose_name="函中要求")),
                ("round_no", models.PositiveSmallIntegerField(default=1, editable=False, verbose_name="第几次返修")),
                (
                    "phone_index",
                    yihu.kernel.personal.BlindColumn(of="phone", part="index", verbose_name="联系电话索引"),
                ),
                (
                    "phone_last4",
                    yihu.kernel.personal.BlindColumn(of="phone", part="last4", verbose_name="联系电话后四位索引"),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="复检人",
                    ),
                ),
                (
                    "owner_signature",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.attachment",
                        verbose_name="业主签名",
                    ),
                ),
                (
                    "receiver_signature",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.attachment",
                        verbose_name="签收签名",
                    ),
                ),
            ],
            options={
                "verbose_name": "物业返修联系单",
                "verbose_name_plural": "物业返修联系单",
                "indexes": [models.Index(fields=["item"], name="slip_item")],
            },
            bases=("kernel.record",),
        ),
    ]
