"""预收抵缴同意: who agreed, since when, that what he has paid in advance is used for his bills (domain.md §8, 19)."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q, QuerySet


class ConsentQuerySet(models.QuerySet["OffsetConsent"]):
    def on(self, day: date) -> QuerySet[OffsetConsent]:
        return self.filter(Q(to_on__isnull=True) | Q(to_on__gte=day), from_on__lte=day, shown=True)


class OffsetConsent(models.Model):
    """预收抵缴同意. For one unit, or for all that the payer has here."""

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    party = models.ForeignKey("estate.Party", models.PROTECT, related_name="+", verbose_name="付款人")
    unit = models.ForeignKey(
        "estate.Unit", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="只用于这户"
    )
    from_on = models.DateField("同意自")
    to_on = models.DateField("同意至", null=True, blank=True)
    paper = models.CharField("依据", max_length=120)
    shown = models.BooleanField("有效", default=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "预收抵缴同意"
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")), name="consent_forward"
            ),
        ]
        indexes = [models.Index(fields=["community", "from_on"], name="consent_by_day")]

    def __str__(self) -> str:
        return f"{self.party} {self.unit or ''}".strip()
