"""Which fee item the use of a kind of meter is billed under."""

from __future__ import annotations

from django.db import models

from yihu.areas.billing.meters.models.meters import Meter


class MeterItem(models.Model):
    """计费对应: water of the meters is billed as this item. What suppliers are paid for is passed through, never income."""

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    kind = models.CharField("表类", max_length=10, choices=Meter.Kind.choices)
    item = models.ForeignKey("ledger.FeeItem", models.PROTECT, related_name="+", verbose_name="收费项目")
    shown = models.BooleanField("使用中", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "表类与收费项目"
        constraints = [
            models.UniqueConstraint(
                fields=["community", "kind"], name="meter_kind_billed_once", condition=models.Q(shown=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}表"
