"""The card that hangs in a home or a hall, and what somebody reported with it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q


class Card(models.Model):
    """报修卡: a code on paper for one home, or for one place that is everybody's. Of the code only a digest is kept; from
    ``salt`` it is made again, by whoever has the installation's key, when the same card is printed a second time.

    ``holders`` are the occupancies of owners and lessees on the day of printing: where others hold the home, the card is void.
    """

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    unit = models.ForeignKey("estate.Unit", models.PROTECT, null=True, related_name="+", verbose_name="房号")
    building = models.ForeignKey("estate.Building", models.PROTECT, null=True, related_name="+", verbose_name="楼栋")
    place = models.CharField("公共部位", max_length=60, blank=True, default="")
    salt = models.CharField(max_length=32, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    holders: models.JSONField[Any, Any] = models.JSONField(default=list, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="制卡人")
    made_at = models.DateTimeField("制卡时间")
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="作废人"
    )
    revoked_at = models.DateTimeField("作废时间", null=True)
    why = models.CharField("作废原因", max_length=100, blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = "报修卡"
        indexes = [models.Index(fields=["community", "building"], name="online_card_shared")]
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], name="online_card_once", condition=Q(revoked_at__isnull=True, unit__isnull=False)
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=False) | ~Q(place=""), name="online_card_of_a_home_or_a_place"
            ),
        ]

    def __str__(self) -> str:
        if self.unit_id:
            return str(self.unit)
        return f"{self.building} {self.place}" if self.building_id else self.place


class Report(models.Model):
    """网上报修、网上投诉: what was sent with a card, and the desk's entry and matter that came of it. Its address is a secret of
    its own; of that, too, only a digest is kept."""

    class Opinion(models.TextChoices):
        """As in a call-back, so that both read alike; it is none (DESK-13: the desk calls or visits)."""

        SATISFIED = "A", "满意"
        FAIRLY = "B", "较满意"
        UNSATISFIED = "C", "不满意"

    card = models.ForeignKey(Card, models.PROTECT, related_name="reports", verbose_name="报修卡")
    contact = models.OneToOneField("reception.Contact", models.PROTECT, related_name="+", verbose_name="接待")
    matter = models.ForeignKey("kernel.Record", models.PROTECT, related_name="+", verbose_name="维修单或投诉")
    salt = models.CharField(max_length=32, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    sent_at = models.DateTimeField("提交时间")
    wish = models.CharField("希望时间", max_length=30, blank=True, default="")
    urged_at = models.DateTimeField("最近网上催办", null=True)
    opinion = models.CharField("网上评价", max_length=1, choices=Opinion.choices, blank=True, default="")
    opinion_words = models.CharField("评价内容", max_length=200, blank=True, default="")
    opinion_at = models.DateTimeField("评价时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "网上报修"
        indexes = [models.Index(fields=["card", "sent_at"], name="online_report_of")]

    def __str__(self) -> str:
        return str(self.card)
