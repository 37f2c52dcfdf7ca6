"""有偿服务进账单: what customers signed for, on its way into the books, each signed order once (FEE-03, REP-05, REP-08, D61)."""

from __future__ import annotations

from typing import Any

from django.db import models

from yihu.basics.money import yuan
from yihu.kernel.models import Record


class ServiceBill(Record):
    """The month's list, a single order that is paid on the spot, or what is to be taken back of one; all of it or nothing.

    ``takes_back`` is what a 冲正 cancels; its own line, if it has one, is the amount that is right.
    """

    class State(models.TextChoices):
        PENDING = "pending", "待出账"
        TO_REVERSE = "to_reverse", "待冲销"
        CHARGED = "charged", "已出账"
        REVERSED = "reversed", "已冲销"
        REFUSED = "refused", "不出账"

    class Way(models.TextChoices):
        MONTH = "month", "月结"
        SPOT = "spot", "即付"
        BACK = "back", "冲正"

    way = models.CharField("结算", max_length=10, choices=Way.choices, default=Way.MONTH)
    source = models.OneToOneField("kernel.Record", models.PROTECT, related_name="+", verbose_name="来源单据")
    period = models.CharField("业务月", max_length=7)
    item = models.ForeignKey("ledger.FeeItem", models.PROTECT, null=True, related_name="+", verbose_name="收费项目")
    due_on = models.DateField("应缴日期", null=True)
    total_fen = models.BigIntegerField("合计（分）", default=0, editable=False)
    refusal = models.CharField("不出账的原因", max_length=200, blank=True)
    takes_back = models.OneToOneField(
        "handing.ServiceBillLine", models.PROTECT, null=True, related_name="taken_back_by", verbose_name="冲销哪一笔",
        editable=False,
    )  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "有偿服务进账单"

    def summarise(self) -> str:
        if self.way == self.Way.MONTH:
            return f"{self.period} 有偿服务 {yuan(self.total_fen)} 元"
        return f"{self.get_way_display()} {self.source.number} {yuan(self.total_fen)} 元"


class ServiceBillLine(models.Model):
    """One signed order, or what was taken back of one; the payer is known before it is billed. An order stands here once,
    whichever way it came: the database itself keeps a second line out."""

    bill = models.ForeignKey(ServiceBill, models.PROTECT, related_name="lines")
    record = models.OneToOneField("kernel.Record", models.PROTECT, related_name="+", verbose_name="服务单")
    unit = models.ForeignKey("estate.Unit", models.PROTECT, null=True, related_name="+", verbose_name="房屋")
    party = models.ForeignKey("estate.Party", models.PROTECT, null=True, related_name="+", verbose_name="付款人")
    what = models.CharField("内容", max_length=120)
    done_on = models.DateField("日期")
    amount_fen = models.BigIntegerField("金额（分）")
    charge = models.OneToOneField("ledger.Charge", models.PROTECT, null=True, related_name="+", verbose_name="账单行")

    class Meta:
        verbose_name = verbose_name_plural = "有偿服务进账明细"

    def __str__(self) -> str:
        return self.what

    @property
    def words(self) -> dict[str, Any]:
        return {
            "unit": str(self.unit or "（无房号）"), "party": str(self.party or "（没有登记业主、租户）"),
            "number": self.record.number, "what": self.what, "on": f"{self.done_on:%m-%d}", "amount": yuan(self.amount_fen),
        }  # fmt: skip
