"""What we owe and pay for: two tables, two columns of the lines; SQLite rebuilds the lines, so their trigger is set again."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

ACCOUNTS = [
    ("cash", "库存现金"),
    ("cheque", "支票"),
    ("bank", "银行存款"),
    ("card", "刷卡在途"),
    ("online", "线上在途"),
    ("receivable", "应收"),
    ("credit", "预收"),
    ("unidentified", "未认领款"),
    ("deposit", "押金"),
    ("income", "物业收入"),
    ("pass_through", "代收代付"),
    ("common", "公共收益"),
    ("fund", "维修资金"),
    ("waived", "减免"),
    ("over_short", "长短款"),
    ("fee", "手续费"),
    ("payable", "应付账款"),
    ("expense", "管理费用"),
    ("common_cost", "公共收益支出"),
]
KINDS = [
    ("charge", "账单"),
    ("waive", "减免"),
    ("offset", "对冲"),
    ("receipt", "收款"),
    ("identify", "认领"),
    ("allocate", "缴费"),
    ("deposit", "收押金"),
    ("deduct", "押金抵扣"),
    ("return", "退押金"),
    ("refund", "退款"),
    ("over_short", "长短款"),
    ("pay_out", "渠道结算"),
    ("spend", "支出"),
    ("pay", "付款"),
]
PROTECT = django.db.models.deletion.PROTECT
REFUSES = "BEGIN SELECT RAISE(ABORT, 'a posting is only ever added'); END"


def only_added_again(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER IF EXISTS ledger_line_only_added", params=None)
        trigger = f"CREATE TRIGGER ledger_line_only_added BEFORE UPDATE ON ledger_line {REFUSES}"
        schema_editor.execute(trigger, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("estate", "0008_locked"),
        ("kernel", "0009_looks"),
        ("ledger", "0005_fewer_indexes"),
    ]

    operations = [
        migrations.CreateModel(
            name="CostItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=12, verbose_name="编码")),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                (
                    "account",
                    models.CharField(
                        choices=[("expense", "管理费用"), ("common_cost", "公共收益支出")],
                        default="expense",
                        max_length=12,
                        verbose_name="科目",
                    ),
                ),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=PROTECT, related_name="+", to="estate.community", verbose_name="管理项目"
                    ),
                ),
            ],
            options={"verbose_name": "支出明细科目", "verbose_name_plural": "支出明细科目"},
        ),
        migrations.CreateModel(
            name="Payable",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("payee", models.CharField(max_length=60, verbose_name="收款方")),
                ("amount", models.BigIntegerField(verbose_name="金额（分）")),
                ("left", models.BigIntegerField(default=0, verbose_name="未付（分）")),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=PROTECT, related_name="+", to="estate.community", verbose_name="管理项目"
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(on_delete=PROTECT, related_name="+", to="kernel.record", verbose_name="来源"),
                ),
                (
                    "voided_by",
                    models.OneToOneField(
                        null=True, on_delete=PROTECT, related_name="+", to="ledger.voucher", verbose_name="冲销凭证"
                    ),
                ),
            ],
            options={"verbose_name": "应付款", "verbose_name_plural": "应付款"},
        ),
        migrations.AddConstraint(
            model_name="costitem",
            constraint=models.UniqueConstraint(fields=("community", "code"), name="cost_item_code_once"),
        ),
        migrations.AddConstraint(
            model_name="payable",
            constraint=models.UniqueConstraint(
                condition=models.Q(("voided_by__isnull", True)), fields=("record",), name="owed_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="payable",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="payable_is_something"),
        ),
        migrations.AddConstraint(
            model_name="payable",
            constraint=models.CheckConstraint(
                condition=models.Q(("left__gte", 0), ("left__lte", models.F("amount"))), name="payable_left_within"
            ),
        ),
        migrations.AddIndex(
            model_name="payable",
            index=models.Index(condition=models.Q(("left__gt", 0)), fields=["community"], name="payable_open"),
        ),
        migrations.AlterField(
            model_name="line",
            name="account",
            field=models.CharField(choices=ACCOUNTS, max_length=12, verbose_name="科目"),
        ),
        migrations.AlterField(
            model_name="voucher",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=12, verbose_name="类别"),
        ),
        migrations.AddField(
            model_name="line",
            name="payable",
            field=models.ForeignKey(
                db_index=False, null=True, on_delete=PROTECT, related_name="lines", to="ledger.payable"
            ),
        ),
        migrations.AddField(
            model_name="line",
            name="cost",
            field=models.ForeignKey(
                db_index=False, null=True, on_delete=PROTECT, related_name="lines", to="ledger.costitem"
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("account", "payable"), _negated=True), ("payable__isnull", False), _connector="OR"
                ),
                name="payable_is_of_a_payable",
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("account__in", ["expense", "common_cost"]), _negated=True),
                    ("cost__isnull", False),
                    _connector="OR",
                ),
                name="cost_is_of_an_item",
            ),
        ),
        migrations.AddIndex(
            model_name="line",
            index=models.Index(
                condition=models.Q(("payable__isnull", False)), fields=["payable"], name="line_of_payable"
            ),
        ),
        migrations.AddIndex(
            model_name="line",
            index=models.Index(
                condition=models.Q(("cost__isnull", False)), fields=["cost", "day"], name="line_of_cost"
            ),
        ),
        migrations.RunPython(only_added_again, migrations.RunPython.noop),
    ]
