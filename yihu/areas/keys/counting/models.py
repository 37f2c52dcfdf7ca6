"""钥匙核查：一个钥匙柜核一次，每个挂钩答一次。"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from yihu.areas.keys.models import KeySet
from yihu.kernel.models import Record


class KeyCount(Record):
    """钥匙核查记录 (F53, KEY-03, D40): one cabinet, counted hook by hook and signed by the counter and by a witness."""

    class State(models.TextChoices):
        DUE = "due", "待核查"
        TO_WITNESS = "to_witness", "待见证签字"
        AGREED = "agreed", "账实相符"
        DIFFERS = "differs", "有差异"
        RESOLVED = "resolved", "差异已了结"

    cabinet = models.ForeignKey("keys.Cabinet", models.PROTECT, related_name="counts", verbose_name="钥匙柜")
    turn = models.CharField("班次", max_length=30)
    due_at = models.DateTimeField("应核完时间")
    counted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="核查人", editable=False
    )
    counted_at = models.DateTimeField("核查时间", null=True, editable=False)
    witness = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="见证人"
    )
    witnessed_at = models.DateTimeField("见证时间", null=True, editable=False)
    on_register = models.PositiveIntegerField("账面", null=True, editable=False)
    on_loan = models.PositiveIntegerField("其中借出", null=True, editable=False)
    found = models.PositiveIntegerField("核到", null=True, editable=False)
    surplus = models.CharField("多出的钥匙", max_length=200, blank=True)
    differences: models.JSONField[Any, Any] = models.JSONField("差异", null=True, editable=False)
    off = models.PositiveIntegerField("差异数", default=0, editable=False)
    agreed = models.BooleanField("相符", null=True, editable=False)
    reported_to = models.CharField("报告给", max_length=80, blank=True, editable=False)
    reported_at = models.DateTimeField("报告时间", null=True, editable=False)
    remedy = models.CharField("差异怎样了结", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "钥匙核查记录"
        constraints = [
            # KEY-03: what differs is never kept as agreement
            models.CheckConstraint(
                condition=~Q(agreed=True) | Q(off=0, surplus=""), name="count_agrees_without_difference"
            )
        ]

    @property
    def rate(self) -> str:
        """141 / 142; nothing before it was signed."""
        return "" if self.on_register is None else f"{self.found} / {self.on_register}"

    def summarise(self) -> str:
        return f"{self.cabinet} {self.turn}" + (f"，核到 {self.rate}" if self.rate else "")

    def search_words(self) -> str:
        return str(self.cabinet)


class Tick(models.Model):
    """What was seen on one hook. Never changed: a second look is a second row, and the last one counts."""

    class Answer(models.TextChoices):
        HERE = "here", "在"
        AWAY = "away", "不在"
        WRONG = "wrong", "不符"

    count = models.ForeignKey(KeyCount, models.PROTECT, related_name="ticks", verbose_name="核查")
    key = models.ForeignKey("keys.KeySet", models.PROTECT, related_name="+", verbose_name="钥匙")
    hook = models.CharField("挂钩", max_length=12)
    answer = models.CharField("看到", max_length=6, choices=Answer.choices)
    seen = models.CharField("看到的标签", max_length=40, blank=True)
    expected = models.CharField("当时账上", max_length=10, choices=KeySet.Status.choices)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="核查人")

    class Meta:
        verbose_name = verbose_name_plural = "逐钩核查"
        indexes = [models.Index(fields=["count", "key", "-at", "-id"], name="tick_last_of_key")]

    def __str__(self) -> str:
        return f"{self.hook} {self.get_answer_display()}"
