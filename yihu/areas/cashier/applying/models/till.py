"""收费日报、交款单 (F87)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from yihu.basics.money import yuan
from yihu.ground.ledger.models import Receipt
from yihu.kernel.models import Record

CASH_LIKE = (Receipt.Method.CASH, Receipt.Method.CHEQUE)  # what is carried to the bank


class TillClose(Record):
    """日结: what one collector took in on one day, counted, handed to the 出纳 and read by the 财务主管."""

    class State(models.TextChoices):
        DUE = "due", "待交款"
        HANDED = "handed", "待出纳接收"
        RECEIVED = "received", "待财务主管审阅"
        READ = "read", "已审阅"

    collector = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="收款人", editable=False
    )
    day = models.DateField("收款日期", editable=False)
    due_at = models.DateTimeField("应交款时间", editable=False)
    first_no = models.CharField("收据起号", max_length=40, blank=True, editable=False)
    last_no = models.CharField("收据止号", max_length=40, blank=True, editable=False)
    receipts = models.PositiveIntegerField("收据张数", default=0, editable=False)
    voids = models.TextField("作废收据", blank=True, editable=False)
    system = models.BigIntegerField("账上合计（分）", default=0, editable=False)
    counted = models.BigIntegerField("实点合计（分）", default=0, editable=False)
    why = models.CharField("长短款原因", max_length=200, blank=True)
    bank_slip = models.CharField("缴存单号", max_length=60, blank=True)
    handed_at = models.DateTimeField("交款时间", null=True, editable=False)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="出纳", editable=False
    )
    received_at = models.DateTimeField("接收时间", null=True, editable=False)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="审阅人", editable=False
    )
    read_at = models.DateTimeField("审阅时间", null=True, editable=False)
    read_note = models.CharField("审阅意见", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "收费日报"

    @property
    def difference(self) -> int:
        return self.counted - self.system

    def to_bank(self) -> int:
        """Cash and cheques that must be carried to the bank, in 分."""
        return sum(line.counted for line in self.lines.all() if line.method in CASH_LIKE)

    def summarise(self) -> str:
        named = f"{self.collector} {self.day:%Y-%m-%d} 日结"
        return f"{named}：{self.receipts} 张，{yuan(self.counted)} 元" if self.handed_at else named


class TillLine(models.Model):
    """One way of paying: what the receipts say, what was counted."""

    till = models.ForeignKey(TillClose, models.PROTECT, related_name="lines")
    method = models.CharField("方式", max_length=10, choices=Receipt.Method.choices)
    papers = models.PositiveIntegerField("张数")
    system = models.BigIntegerField("账上（分）")
    counted = models.BigIntegerField("实点（分）")

    class Meta:
        verbose_name = verbose_name_plural = "日结明细"
        constraints = [models.UniqueConstraint(fields=["till", "method"], name="till_line_once")]

    def __str__(self) -> str:
        return f"{self.get_method_display()} {yuan(self.counted)}"
