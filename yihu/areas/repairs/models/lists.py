"""常见故障和外委单位：主管维护的两张表。"""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from yihu.areas.repairs.models.order import WorkOrder
from yihu.basics.names import search_words
from yihu.kernel.personal import PersonalField
from yihu.kernel.unspoken import UnspokenField


class StandardFault(models.Model):
    """常见故障: picked by a word or initials; says trade, level, time and charge. Without a community it is everybody's."""

    community = models.ForeignKey(
        "estate.Community", models.PROTECT, null=True, related_name="+", verbose_name="管理项目"
    )
    name = models.CharField("故障", max_length=40)
    words = models.CharField("拼音", max_length=400, editable=False)
    trade = models.CharField("工种", max_length=12, choices=WorkOrder.Trade.choices)
    level = models.CharField("级别", max_length=10, choices=WorkOrder.Level.choices)
    minutes = models.PositiveSmallIntegerField(
        "预计用时（分钟）", default=30, validators=[MinValueValidator(5), MaxValueValidator(2880)]
    )
    chargeable = models.CharField(
        "收费", max_length=10, choices=WorkOrder.Chargeable.choices, default=WorkOrder.Chargeable.UNDECIDED
    )
    guidance = models.CharField("接报提示", max_length=300, blank=True)
    shown = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "常见故障"
        constraints = [
            models.UniqueConstraint(fields=["community", "name"], name="standard_fault_once"),
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(community__isnull=True), name="standard_fault_once_everywhere"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.words = search_words(self.name)[:400]
        if kwargs.get("update_fields") and "name" in kwargs["update_fields"]:
            kwargs["update_fields"] = {*kwargs["update_fields"], "words"}
        super().save(*args, **kwargs)


class Firm(models.Model):
    """外委单位: who is sent where we can't do it ourselves."""

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    name = models.CharField("单位名称", max_length=60)
    trades: models.JSONField[Any, Any] = models.JSONField("能做的工种", default=list)
    contact = UnspokenField("联系人", max_length=40)
    phone = PersonalField("联系电话", kind="phone", blank=False)
    remark = models.CharField("备注", max_length=200, blank=True)
    shown = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "外委单位"
        constraints = [models.UniqueConstraint(fields=["community", "name"], name="firm_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def trades_text(self) -> str:
        labels = dict(WorkOrder.Trade.choices)
        return "、".join(str(labels[trade]) for trade in self.trades if trade in labels)
