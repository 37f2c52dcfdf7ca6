"""How often something was asked for lately; ``kernel/rates.py`` is its only writer."""

from __future__ import annotations

from django.db import models


class Tally(models.Model):
    """One row for each that asks: how often in the span of time that began at ``since``."""

    what = models.CharField(max_length=20)
    whose = models.CharField(max_length=64)
    since = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = "访问计数"
        constraints = [models.UniqueConstraint(fields=["what", "whose"], name="tally_once")]
        indexes = [models.Index(fields=["since"], name="tally_since")]

    def __str__(self) -> str:
        return f"{self.what}: {self.count}"
