"""Messages inside the program: what the bell shows."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Message(models.Model):
    """提醒: one sentence to one person, mostly about one record."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="messages_to_me")
    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+")
    record = models.ForeignKey("kernel.Record", models.PROTECT, null=True, related_name="+")
    sentence = models.CharField(max_length=200)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "-at"], name="message_unread", condition=models.Q(read_at__isnull=True)),
            models.Index(fields=["person", "-at", "-id"], name="message_list"),
        ]

    def __str__(self) -> str:
        return self.sentence
