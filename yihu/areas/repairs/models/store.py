"""向仓库领料：要什么、要多少，仓库怎么答复，几时到货。"""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models

from yihu.areas.repairs.models.order import WorkOrder


class MaterialRequest(models.Model):
    """领料: one line asked of the store, and the store's answer."""

    class Answer(models.TextChoices):
        HERE = "here", "有货"
        COMING = "coming", "无货，等到货"
        NEVER = "never", "采购不到"

    order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="requests", verbose_name="维修单")
    item = models.CharField("材料", max_length=60)
    quantity = models.DecimalField(
        "数量", max_digits=9, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    asked_at = models.DateTimeField("询问时间")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="询问人")
    answer = models.CharField("仓库答复", max_length=8, choices=Answer.choices, blank=True)
    arrives_on = models.DateField("预计到货", null=True, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="答复人"
    )
    arrived_at = models.DateTimeField("到货时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "领料"
        constraints = [
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="material_request_sensible"),
            models.CheckConstraint(
                condition=~models.Q(answer="coming") | models.Q(arrives_on__isnull=False),
                name="material_coming_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} × {self.quantity.normalize():f}"

    @property
    def words(self) -> str:
        """What the store said, as it stands on the order."""
        if self.answer == self.Answer.COMING and self.arrives_on:
            return f"已到货 {self.arrives_on:%m-%d}" if self.arrived_at else f"无货，{self.arrives_on:%m-%d} 到货"
        return self.get_answer_display() or "等仓库答复"
