"""What the contract says of late payment, the lending rate beside it, and what somebody tried to write."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q

from yihu.basics.pricing import Rounding


class LateFeeRule(models.Model):
    """违约金约定 of a project, dated; without one in force when a line fell due, it costs nothing to be late."""

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    from_on = models.DateField("自何日到期的账单起", help_text="合同生效日；以后改了约定，另加一条")
    item = models.ForeignKey(
        "ledger.FeeItem", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="收费项目",
        help_text="不选就是全部物业收入类项目；代收代付的水电气暖不收违约金",
    )  # fmt: skip
    daily_percent = models.DecimalField(
        "每日（%）", max_digits=6, decimal_places=4, help_text="万分之五填 0.05，千分之三填 0.3"
    )
    starts = models.PositiveSmallIntegerField(
        "到期后第几天起算", default=1, help_text="1 就是应缴日的次日；有宽限期的往后"
    )
    cap_percent = models.DecimalField("封顶：本金的（%）", max_digits=6, decimal_places=2, default=Decimal(100))
    most_fen = models.BigIntegerField("封顶：每笔不超过", null=True, blank=True)
    rounding = models.CharField(
        "取整", max_length=8, default=Rounding.HALF_UP.value,
        choices=[("half_up", "四舍五入到分"), ("down", "舍去不足一分"), ("up", "不足一分进一分")],
    )  # fmt: skip
    clause = models.CharField("合同条款", max_length=120, help_text="例如：《前期物业服务合同》第十八条第二款")
    shown = models.BooleanField("使用中", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "违约金约定"
        constraints = [
            models.CheckConstraint(condition=Q(daily_percent__gt=0, daily_percent__lte=1), name="late_fee_rate_sane"),
            models.CheckConstraint(condition=Q(cap_percent__gt=0), name="late_fee_cap_is_something"),
            models.CheckConstraint(condition=~Q(clause=""), name="late_fee_has_its_clause"),
            models.CheckConstraint(condition=Q(starts__gte=1), name="late_fee_not_on_the_due_day"),
        ]

    def __str__(self) -> str:
        return f"{self.from_on:%Y-%m-%d} 起 {self.item or '各项目'}"


class LendingRate(models.Model):
    """一年期 LPR as it was published; what courts measure a penalty by."""

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    from_on = models.DateField("公布日期")
    percent = models.DecimalField("一年期（%）", max_digits=5, decimal_places=2)
    shown = models.BooleanField("使用中", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "贷款市场报价利率"
        constraints = [
            models.UniqueConstraint(fields=["community", "from_on"], name="lending_rate_once"),
            models.CheckConstraint(condition=Q(percent__gt=0, percent__lt=100), name="lending_rate_sane"),
        ]

    def __str__(self) -> str:
        return f"{self.from_on:%Y-%m-%d}"


class Attempt(models.Model):
    """Somebody tried to press a debtor with what the law forbids. Kept for the project manager; never sent to anybody."""

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="何人")
    at = models.DateTimeField("时间")
    where = models.CharField("在哪里", max_length=80)
    words = models.CharField("写了什么", max_length=40)
    text = models.CharField("原文", max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "违法催缴的企图"
        indexes = [models.Index(fields=["community", "-at"], name="attempt_by_time")]

    def __str__(self) -> str:
        return f"{self.by} {self.words}"
