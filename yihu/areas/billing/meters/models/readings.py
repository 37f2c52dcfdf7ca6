"""Readings (F81): rows that are only added. What was wrong is superseded by another row, never written over."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q

from yihu.areas.billing.meters.models.meters import Installation, Meter
from yihu.areas.billing.meters.reckoning import Part
from yihu.kernel.unspoken import UnspokenField

FIGURE = {"max_digits": 13, "decimal_places": 3}


class Reading(models.Model):
    """抄表记录. ``month`` is the first day of the business month in which its use is billed.

    Its figures never change (the database refuses it); ``state`` tells whether it counts. ``pending``: another person must
    look at it first (abnormal use, an estimate, a correction).
    """

    class Kind(models.TextChoices):
        READ = "read", "实抄"
        ESTIMATED = "estimated", "估抄"
        SWAP = "swap", "换表"
        ROLLED = "rolled", "翻转"
        CORRECTED = "corrected", "更正"
        FAULT = "fault", "倒转故障"

    class State(models.TextChoices):
        PENDING = "pending", "待复核"
        STANDS = "stands", "有效"
        SUPERSEDED = "superseded", "已被更正"
        REFUSED = "refused", "退回重抄"
        TAKEN_BACK = "taken_back", "已撤回"

    class Occasion(models.TextChoices):
        ROUND = "", "月度抄表"
        MOVE_IN = "move_in", "入住"
        MOVE_OUT = "move_out", "迁出"
        TRANSFER = "transfer", "过户"
        SWAP = "swap", "换表"

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    meter = models.ForeignKey(Meter, models.PROTECT, related_name="readings", verbose_name="计量表")
    installation = models.ForeignKey(Installation, models.PROTECT, related_name="readings", verbose_name="装表")
    month = models.DateField("所属月份")
    on = models.DateField("抄表日期")
    from_on = models.DateField("用量自")
    to_on = models.DateField("用量至")
    kind = models.CharField("类别", max_length=10, choices=Kind.choices, default=Kind.READ)
    occasion = models.CharField("场合", max_length=10, choices=Occasion.choices, blank=True, default="")
    previous = models.DecimalField("上次读数", **FIGURE)
    current = models.DecimalField("本次读数", **FIGURE)
    shown = models.DecimalField("表上所见", null=True, blank=True, **FIGURE)
    went_round = models.BooleanField("走过一圈", default=False)
    multiplier = models.DecimalField("倍率", max_digits=9, decimal_places=3, default=Decimal(1))
    use = models.DecimalField("用量", max_digits=15, decimal_places=3)
    deviation = models.IntegerField("与近三次平均相差（%）", null=True, blank=True)
    oddities = models.CharField("异常", max_length=40, blank=True, default="")
    why = models.CharField("说明", max_length=200, blank=True, default="")
    signed_ours = models.CharField("我方签字人", max_length=40, blank=True, default="")
    signed_theirs = UnspokenField("对方签字人", max_length=40, blank=True, default="")
    photo = models.ForeignKey(
        "kernel.Attachment", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="照片"
    )
    supersedes = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name="更正了"
    )
    round = models.ForeignKey("meters.ReadingRound", models.PROTECT, related_name="readings", verbose_name="抄表单")
    run = models.ForeignKey(
        "meters.ReadingImport",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="来自导入",
    )
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="抄表人")
    read_at = models.DateTimeField("登记时间")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.STANDS)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="复核人"
    )
    checked_at = models.DateTimeField("复核时间", null=True, blank=True)
    check_words = models.CharField("复核意见", max_length=200, blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = "抄表记录"
        constraints = [
            models.UniqueConstraint(
                fields=["installation", "on"], name="reading_stands_once_a_day", condition=Q(state="stands")
            ),
            models.UniqueConstraint(
                fields=["installation", "on"], name="reading_waits_once_a_day", condition=Q(state="pending")
            ),
            models.CheckConstraint(condition=Q(current__gte=0) & Q(previous__gte=0), name="dial_not_below_zero"),
        ]
        indexes = [
            models.Index(fields=["meter", "month", "id"], name="reading_of_month"),
            models.Index(fields=["community", "month", "state"], name="reading_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.meter} {self.on:%Y-%m-%d}"

    @property
    def part(self) -> Part:
        """The same as plain figures, for the sum in words."""
        one = self.installation
        return Part(one.number, self.previous, self.current, self.multiplier, self.use, self.went_round, one.digits)

    @property
    def is_estimate(self) -> bool:
        return self.kind in (self.Kind.ESTIMATED, self.Kind.FAULT)
