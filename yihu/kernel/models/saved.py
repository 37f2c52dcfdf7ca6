"""What a person looks at again and again: the filters of a list under a name of his own."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class SavedFilter(models.Model):
    """常用筛选: one person's filters of one register. Nobody else sees it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    slug = models.CharField(max_length=40)
    name = models.CharField("名称", max_length=20)
    query = models.CharField(max_length=500)

    class Meta:
        verbose_name = verbose_name_plural = "常用筛选"
        constraints = [models.UniqueConstraint(fields=["person", "slug", "name"], name="saved_filter_named_once")]

    def __str__(self) -> str:
        return self.name
