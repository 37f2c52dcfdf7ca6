"""What the one search box looks into. The text index beside it is made per database by a migration."""

from __future__ import annotations

from django.db import models


class SearchEntry(models.Model):
    """One findable thing: a record, a unit, a party, a knowledge article. Holds no phone and no ID number."""

    community = models.ForeignKey("estate.Community", models.CASCADE, related_name="+", null=True)
    kind = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    title = models.CharField(max_length=120)
    subtitle = models.CharField(max_length=200, blank=True)
    grams = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="search_once")]

    def __str__(self) -> str:
        return self.title
