"""谁会修什么；谁把单退了回来、转给了谁。"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from yihu.areas.repairs.models.order import WorkOrder


class Skill(models.Model):
    """工种技能: what one person does in one community. Who has no row at all does every trade."""

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="repair_skills", verbose_name="维修人员"
    )
    trade = models.CharField("工种", max_length=12, choices=WorkOrder.Trade.choices)

    class Meta:
        verbose_name = verbose_name_plural = "工种技能"
        constraints = [models.UniqueConstraint(fields=["community", "person", "trade"], name="skill_once")]

    def __str__(self) -> str:
        return self.get_trade_display()


class Passing(models.Model):
    """退单、转单: one time that an order left the hands of the person named on it, or was to leave them."""

    class Kind(models.TextChoices):
        REJECT = "reject", "退单"
        PASS = "pass", "转单"

    order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="passings", verbose_name="维修单")
    kind = models.CharField("种类", max_length=6, choices=Kind.choices)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="谁")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="给谁")
    reason = models.CharField("原因", max_length=200)
    at = models.DateTimeField("时间")
    accepted = models.BooleanField("接下", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "退单与转单"
        indexes = [models.Index(fields=["person", "kind", "at"], name="passing_by_person")]

    def __str__(self) -> str:
        return self.get_kind_display()
