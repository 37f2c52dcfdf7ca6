"""The lists that the desk keeps: what is checked each morning, what is counted each shift, numbers and fees."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse


class _Kept(models.Model):
    """A row of a list: out of use rather than deleted, in an order of its own."""

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    position = models.PositiveSmallIntegerField("次序", default=0)
    shown = models.BooleanField("在用", default=True)

    class Meta:
        abstract = True


class CheckItem(_Kept):
    """前台 5S 检查项目 (DESK-23): one line of the morning's check."""

    name = models.CharField("检查项目", max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = "前台检查项目"
        constraints = [
            models.UniqueConstraint(
                fields=["community", "name"], name="check_item_once", violation_error_message="已经有同样的检查项目。"
            )
        ]

    def __str__(self) -> str:
        return self.name


class StockItem(_Kept):
    """前台物品清单 (DESK-15): equipment and documents that are counted at each shift."""

    class Kind(models.TextChoices):
        EQUIPMENT = "equipment", "设备"
        DOCUMENT = "document", "资料"

    name = models.CharField("物品", max_length=40)
    kind = models.CharField("类别", max_length=10, choices=Kind.choices, default=Kind.EQUIPMENT)
    quantity = models.PositiveIntegerField("应有数量", default=1)
    place = models.CharField("存放处", max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "前台物品清单"
        constraints = [
            models.UniqueConstraint(
                fields=["community", "name"], name="stock_item_once", violation_error_message="清单里已经有这样物品。"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ServiceNumber(_Kept):
    """服务电话与收费 (DESK-25): one line of the board, the cards and the search box; shown only as it was approved."""

    class Group(models.TextChoices):
        OURS = "ours", "物业服务"
        EMERGENCY = "emergency", "应急"
        UTILITY = "utility", "水电气暖"
        PUBLIC = "public", "政务与社区"
        NEARBY = "nearby", "周边便民"
        FEES = "fees", "收费标准"

    group = models.CharField("分组", max_length=10, choices=Group.choices, default=Group.OURS)
    name = models.CharField("名称", max_length=40)
    text = models.CharField("号码或收费", max_length=80)
    hours = models.CharField("服务时间", max_length=40, blank=True)
    remark = models.CharField("说明", max_length=100, blank=True)
    source = models.CharField("依据", max_length=60)
    valid_from = models.DateField("起用日期")
    on_card = models.BooleanField("印在业主卡片上", default=False)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="拟稿人", editable=False
    )
    waiting = models.BooleanField("待审定", default=True, editable=False)
    published: models.JSONField[Any, Any] = models.JSONField("已公布的内容", null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="审定人", editable=False
    )
    approved_at = models.DateTimeField("审定时间", null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "服务电话与收费"
        constraints = [
            models.UniqueConstraint(
                fields=["community", "group", "name"], name="service_number_once",
                violation_error_message="这一组里已经有同名的一条，请改那一条。",
            ),
            models.CheckConstraint(
                condition=models.Q(published__isnull=True) | models.Q(approved_by__isnull=False), name="service_number_approved"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('counter:board')}#n{self.pk}"
