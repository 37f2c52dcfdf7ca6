"""公摊账: one pool in one month, and what each unit bears of it."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q

from yihu.areas.billing.sharing.models.pools import SharePool
from yihu.basics.money import yuan
from yihu.kernel.models import Record

FIGURE = {"max_digits": 14, "decimal_places": 3, "null": True, "blank": True}


class PoolMonth(Record):
    """What a pool came to in a month: typed in, divided, approved by another, published; only then is it billed."""

    class State(models.TextChoices):
        DUE = "due", "待录入"
        RECKONED = "reckoned", "待审核"
        APPROVED = "approved", "待公示"
        PUBLISHED = "published", "已公示"
        CORRECTED = "corrected", "已更正"
        VOID = "void", "已作废"

    pool = models.ForeignKey(SharePool, models.PROTECT, related_name="months", verbose_name="公摊方案")
    month = models.DateField("月份")
    due_at = models.DateTimeField("应办完时间", null=True, editable=False)
    from_on = models.DateField("费用期自", null=True, blank=True)
    to_on = models.DateField("费用期至", null=True, blank=True)
    total = models.DecimalField("总表用量", **FIGURE)  # type: ignore[arg-type]
    subs = models.DecimalField("各分表用量合计", **FIGURE)  # type: ignore[arg-type]
    other = models.DecimalField("其它已知用量", **FIGURE)  # type: ignore[arg-type]
    difference = models.DecimalField("差额调整（±）", **FIGURE)  # type: ignore[arg-type]
    why_different = models.CharField("差额的原因", max_length=120, blank=True)
    price = models.DecimalField("单价（元）", max_digits=12, decimal_places=6, null=True, blank=True)
    invoice_fen = models.BigIntegerField("账单金额（分）", null=True, blank=True)
    invoice_no = models.CharField("账单、发票号", max_length=60, blank=True)
    less_fen = models.BigIntegerField("其中不属公摊（分）", default=0)
    why_less = models.CharField("不属公摊的是什么", max_length=120, blank=True)
    amount_fen = models.BigIntegerField("分摊总额（分）", default=0, editable=False)
    method_words = models.CharField("分摊办法", max_length=200, blank=True, editable=False)
    base_total = models.CharField("基数合计", max_length=40, blank=True, editable=False)
    price_of_one = models.CharField("每份金额（元）", max_length=40, blank=True, editable=False)
    opinion = models.CharField("审核意见", max_length=200, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="审核人", editable=False
    )
    approved_at = models.DateTimeField("审核时间", null=True, editable=False)
    posted_where = models.CharField("公示地点", max_length=120, blank=True)
    posted_from = models.DateField("公示自", null=True, blank=True)
    posted_to = models.DateField("公示至", null=True, blank=True)
    live = models.BooleanField("作数", default=True, editable=False)
    corrects = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name="更正哪一份",
        editable=False,
    )
    why_corrected = models.CharField("更正原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "公摊账"
        constraints = [
            models.UniqueConstraint(fields=["pool", "month"], name="pool_once_a_month", condition=Q(live=True)),
            models.CheckConstraint(condition=Q(amount_fen__gte=0), name="pool_amount_not_negative"),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(why_corrected=""), name="share_correction_says_why"
            ),
        ]

    @property
    def figures(self) -> tuple[Decimal, Decimal, Decimal, Decimal]:
        zero = Decimal(0)
        return self.total or zero, self.subs or zero, self.other or zero, self.difference or zero

    @property
    def quantity(self) -> Decimal:
        """What is shared, in the pool's measure: master − subs − other use ± difference."""
        total, subs, other, difference = self.figures
        return total - subs - other + difference

    @property
    def month_word(self) -> str:
        return f"{self.month.year}年{self.month.month}月"

    @property
    def period(self) -> str:
        return f"{self.from_on:%Y-%m-%d} 至 {self.to_on:%Y-%m-%d}" if self.from_on and self.to_on else ""

    def summarise(self) -> str:
        amount = f"：{yuan(self.amount_fen)} 元" if self.amount_fen else ""
        return f"{self.month_word} {self.pool.name}{'（更正）' if self.corrects_id else ''}{amount}"

    def search_words(self) -> str:
        return f"{self.pool.name} {self.month:%Y-%m} {self.invoice_no}"


class PoolShare(models.Model):
    """One unit's part, as it hangs on the wall."""

    month = models.ForeignKey(PoolMonth, models.CASCADE, related_name="shares", verbose_name="公摊账")
    unit = models.ForeignKey("estate.Unit", models.PROTECT, related_name="+", verbose_name="房屋")
    base = models.CharField("基数", max_length=40)
    factor = models.CharField("系数", max_length=20)
    weight = models.CharField("折合", max_length=40)
    amount = models.BigIntegerField("金额（分）")
    words = models.CharField("算式", max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "公摊明细"
        constraints = [models.UniqueConstraint(fields=["month", "unit"], name="share_once_of_a_unit")]
        indexes = [models.Index(fields=["unit", "month"], name="share_of_unit")]

    def __str__(self) -> str:
        return f"{self.unit} {yuan(self.amount)}"
