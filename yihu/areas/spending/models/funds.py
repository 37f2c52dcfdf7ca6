"""专项维修资金: what each unit has of it, by entries that are only added (FEE-18, F90). The balance stays with the unit: it
moves with the title (住宅专项维修资金管理办法第28条)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from yihu.basics.money import yuan
from yihu.kernel.models import Record
from yihu.kernel.only_added import OnlyAdded


class FundVoucher(Record):
    """维修资金凭单: an opening balance, money paid in, interest, or what the owners voted to use."""

    class State(models.TextChoices):
        ASKED = "asked", "待审批"
        POSTED = "posted", "已入账"
        REFUSED = "refused", "不同意"

    class Sort(models.TextChoices):
        OPENING = "opening", "期初"
        PAID = "paid", "交存"
        INTEREST = "interest", "利息"
        USED = "used", "使用"

    sort = models.CharField("类别", max_length=10, choices=Sort.choices)
    day = models.DateField("日期")
    words = models.CharField("摘要", max_length=120)
    listed = models.TextField("各户金额", max_length=50_000, blank=True)
    amount_fen = models.BigIntegerField("金额（分）")
    building = models.ForeignKey(
        "estate.Building", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="楼栋"
    )
    vote_on = models.DateField("表决日期", null=True, blank=True)
    joined_area = models.DecimalField("参与表决的面积（%）", max_digits=5, decimal_places=2, null=True, blank=True)
    joined_owners = models.DecimalField("参与表决的人数（%）", max_digits=5, decimal_places=2, null=True, blank=True)
    agreed_area = models.DecimalField(
        "同意的面积占参与面积（%）", max_digits=5, decimal_places=2, null=True, blank=True
    )
    agreed_owners = models.DecimalField(
        "同意的人数占参与人数（%）", max_digits=5, decimal_places=2, null=True, blank=True
    )
    opinion = models.CharField("意见", max_length=200, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="审批人", editable=False
    )
    approved_at = models.DateTimeField("审批时间", null=True, editable=False)
    parts: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "维修资金凭单"
        constraints = [models.CheckConstraint(condition=Q(amount_fen__gt=0), name="fund_voucher_is_something")]

    def summarise(self) -> str:
        return f"维修资金{self.get_sort_display()} {yuan(self.amount_fen)} 元：{self.words}"[:120]


class FundEntry(models.Model):
    """One unit's line; positive what came in, negative what was used."""

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey("estate.Unit", models.PROTECT, related_name="+", verbose_name="房屋")
    voucher = models.ForeignKey(FundVoucher, models.PROTECT, related_name="entries", verbose_name="凭单")
    day = models.DateField("日期")
    sort = models.CharField("类别", max_length=10, choices=FundVoucher.Sort.choices)
    amount = models.BigIntegerField("金额（分）")

    objects = OnlyAdded.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "维修资金分户账"
        constraints = [
            models.UniqueConstraint(fields=["voucher", "unit"], name="fund_entry_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="fund_entry_is_something"),
            models.CheckConstraint(condition=Q(sort="used", amount__lt=0) | (~Q(sort="used") & Q(amount__gt=0)), name="fund_entry_sign"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["community", "unit", "day"], name="fund_of_unit")]

    def __str__(self) -> str:
        return f"{self.unit} {self.get_sort_display()} {yuan(self.amount)}"
