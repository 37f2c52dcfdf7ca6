"""The append-only journal. Its chain covers a digest of each body, so that a body may be erased by law without breaking it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models


class Book(models.Model):
    """The journal head of one row of a plain register, e.g. ``estate.unit`` 42. Records carry their own head."""

    register = models.CharField(max_length=60)
    object_id = models.CharField(max_length=60)
    seq = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["register", "object_id"], name="book_once")]

    def __str__(self) -> str:
        return f"{self.register}/{self.object_id}"


class JournalEntry(models.Model):
    """办理记录: who did what and when. ``at`` is when it happened, ``written_at`` when it was written down."""

    record = models.ForeignKey("kernel.Record", models.PROTECT, null=True, related_name="journal")
    book = models.ForeignKey(Book, models.PROTECT, null=True, related_name="journal")
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    written_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    step = models.CharField(max_length=40)
    sentence = models.CharField(max_length=500)
    changed: models.JSONField[Any, Any] = models.JSONField(default=dict)
    salt = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)
    chained = models.CharField(max_length=64)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["step", "at"], name="journal_by_step")]  # who looked, and when
        constraints = [
            models.UniqueConstraint(fields=["record", "seq"], name="journal_of_record"),
            models.UniqueConstraint(fields=["book", "seq"], name="journal_of_book"),
            models.CheckConstraint(
                condition=models.Q(record__isnull=False, book__isnull=True)
                | models.Q(record__isnull=True, book__isnull=False),
                name="journal_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.sentence
