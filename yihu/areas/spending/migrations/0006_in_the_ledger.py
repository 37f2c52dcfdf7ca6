"""Budget lines have their sub-account in the ledger, claims their payable; corrections are a register of their own."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PROTECT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0009_looks"),
        ("ledger", "0006_spending"),
        ("spending", "0005_only_added"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="budgetline",
            name="cost",
            field=models.OneToOneField(
                editable=False,
                null=True,
                on_delete=PROTECT,
                related_name="budget_line",
                to="ledger.costitem",
                verbose_name="支出明细科目",
            ),
        ),
        migrations.AddField(
            model_name="claim",
            name="payable",
            field=models.OneToOneField(
                editable=False,
                null=True,
                on_delete=PROTECT,
                related_name="+",
                to="ledger.payable",
                verbose_name="应付款",
            ),
        ),
        migrations.CreateModel(
            name="SpendCorrection",
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
                    "way",
                    models.CharField(
                        choices=[
                            ("line", "科目记错：改到另一个预算科目"),
                            ("unpaid", "付款没有到账：撤销付款，重新付"),
                            ("cancel", "不该付的，款已经追回：全部冲销"),
                        ],
                        max_length=10,
                        verbose_name="怎么更正",
                    ),
                ),
                ("why", models.CharField(max_length=120, verbose_name="原因")),
                ("opinion", models.CharField(blank=True, max_length=200, verbose_name="意见")),
                (
                    "method",
                    models.CharField(
                        blank=True,
                        choices=[("bank", "转账"), ("cash", "现金"), ("cheque", "支票")],
                        max_length=10,
                        verbose_name="付款方式",
                    ),
                ),
                ("paid_reference", models.CharField(blank=True, max_length=60, verbose_name="付款流水号")),
                ("paid_on", models.DateField(blank=True, null=True, verbose_name="付款日期")),
                (
                    "agreed_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="批准人",
                    ),
                ),
                (
                    "paid_claim",
                    models.ForeignKey(
                        on_delete=PROTECT, related_name="corrections", to="spending.claim", verbose_name="报销单"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=PROTECT,
                        related_name="+",
                        to="spending.budgetline",
                        verbose_name="正确的科目",
                    ),
                ),
            ],
            options={"verbose_name": "支出更正", "verbose_name_plural": "支出更正"},
            bases=("kernel.record",),
        ),
    ]
