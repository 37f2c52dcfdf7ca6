"""What has been asked once is answered once: idempotency keys, and the numbers that are given out."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Command(models.Model):
    """One accepted command. The answer is an id and an address, never data; refusals leave no row."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    key = models.CharField(max_length=100)
    verb = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    answer_kind = models.CharField(max_length=60, blank=True, default="")
    answer_id = models.BigIntegerField(null=True)
    written_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["by", "key"], name="command_once")]

    def __str__(self) -> str:
        return f"{self.verb} {self.key}"


class Sequence(models.Model):
    """The last number given out under a key such as ``YQ-JD-202611``. A number is never reused."""

    key = models.CharField(max_length=60, unique=True)
    last = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.key} {self.last}"
