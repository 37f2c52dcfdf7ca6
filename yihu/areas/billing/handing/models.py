"""有偿服务进账单: what the stewards' list of the month asks of each unit, on its way into the books (FEE-03, D61)."""

from __future__ import annotations

from typing import Any

from django.db import models

from yihu.basics.money import yuan
from yihu.kernel.models import Record


class ServiceBill(Record):
    """Opened when finance has received a signed list; the accountant enters it into the books, all of it or nothing."""

    class State(models.TextChoices):
        PENDING = "pending", "待出账"
        CHARGED = "charged", "已出账"
        REFUSED = "refused", "不出账"

    source = models.OneToOneField("kernel.Record", models.PROTECT, related_name="+", verbose_name="月结清单")
    period = models.CharField("业务月", max_length=7)
    item = models.ForeignKey("ledger.FeeItem", models.PROTECT, null=True, related_name="+", verbose_name="收费项目")
    due_on = models.DateField("应缴日期", null=True)
    total_fen = models.BigIntegerField("合计（分）", default=0, editable=False)
    refusal = models.CharField("不出账的原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "有偿服务进账单"

    def summarise(self) -> str:
        return f"{self.period} 有偿服务 {yuan(self.total_fen)} 元"


class ServiceBillLine(models.Model):
    """One signed order, or what was taken back of one; the payer is known before it is billed."""

    bill = models.ForeignKey(ServiceBill, models.PROTECT, related_name="lines")
    record = models.OneToOneField("kernel.Record", models.PROTECT, related_name="+", verbose_name="服务单")
    unit = models.ForeignKey("estate.Unit", models.PROTECT, related_name="+", verbose_name="房屋")
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
            "unit": str(self.unit), "party": str(self.party or "（没有登记业主、租户）"), "number": self.record.number,
            "what": self.what, "on": f"{self.done_on:%m-%d}", "amount": yuan(self.amount_fen),
        }  # fmt: skip
