"""公摊方案: what is shared, among whom, and how."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from yihu.areas.billing.meters.models import Meter
from yihu.areas.billing.sharing.reckon import Rule
from yihu.ground.estate.models import Unit
from yihu.kernel.models import Record


class SharePool(Record):
    """One pool of shared costs from a month on; another rule is another pool, drafted by one and approved by another."""

    class State(models.TextChoices):
        DRAFT = "draft", "待批准"
        IN_FORCE = "in_force", "已批准"
        REFUSED = "refused", "不批准"
        ENDED = "ended", "已停用"

    class Scope(models.TextChoices):
        COMMUNITY = "community", "全项目"
        CLUSTER = "cluster", "组团"
        BUILDING = "building", "楼栋"
        ENTRANCE = "entrance", "单元"

    class Method(models.TextChoices):
        AREA = "area", "按面积"
        HOUSEHOLD = "household", "按户"
        USAGE = "usage", "按各户用量"
        LIFT = "lift", "按电梯楼层系数"
        HEADS = "heads", "按人数"
        FIXED = "fixed", "按约定份数"

    class Origin(models.TextChoices):
        METER = "meter", "按总表读数"
        INVOICE = "invoice", "按供应方账单"

    name = models.CharField("名称", max_length=40)
    item = models.ForeignKey("ledger.FeeItem", models.PROTECT, related_name="+", verbose_name="收费项目")
    scope = models.CharField("范围", max_length=10, choices=Scope.choices, default=Scope.BUILDING)
    cluster = models.ForeignKey(
        "estate.Cluster", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="组团"
    )
    building = models.ForeignKey(
        "estate.Building", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="楼栋"
    )
    entrance = models.CharField("单元", max_length=20, blank=True)
    unit_kind = models.CharField("只摊给", max_length=10, choices=Unit.Kind.choices, blank=True)
    method = models.CharField("分摊办法", max_length=10, choices=Method.choices)
    vacant_percent = models.PositiveSmallIntegerField("空置房按（%）", default=100, validators=[MaxValueValidator(100)])
    first_floor_free = models.BooleanField("一层不摊电梯费", default=False)
    agreed_parts = models.TextField("约定份数", max_length=5000, blank=True)
    parts: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True, editable=False)
    origin = models.CharField("费用来源", max_length=10, choices=Origin.choices, default=Origin.INVOICE)
    meter = models.ForeignKey(Meter, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="总表")
    usage_kind = models.CharField("按哪种表的用量", max_length=10, choices=Meter.Kind.choices, blank=True)
    due_months = models.PositiveSmallIntegerField("应缴在出账后第几个月", default=1, validators=[MaxValueValidator(12)])
    due_day = models.PositiveSmallIntegerField(
        "应缴日", default=10, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    measure = models.CharField("计量单位", max_length=10, blank=True)
    clause = models.CharField("依据", max_length=200)
    from_on = models.DateField("自哪个月起")
    to_on = models.DateField("用到", null=True, blank=True)
    opinion = models.CharField("意见", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "公摊方案"
        constraints = [
            models.CheckConstraint(condition=Q(vacant_percent__lte=100), name="pool_vacant_up_to_all"),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=models.F("from_on")), name="pool_days_in_order"
            ),
        ]

    @property
    def rule(self) -> Rule:
        measure = (
            "度"
            if self.usage_kind == Meter.Kind.POWER
            else "立方米"
            if self.method == self.Method.USAGE
            else self.measure
        )
        return Rule(self.method, self.vacant_percent, self.first_floor_free, measure)

    @property
    def where(self) -> str:
        """The scope in words."""
        place = {
            self.Scope.COMMUNITY: "全项目", self.Scope.CLUSTER: str(self.cluster or ""), self.Scope.BUILDING: str(self.building or ""),
            self.Scope.ENTRANCE: f"{self.building or ''}{self.entrance}{self.community.entrance_word}",
        }[self.Scope(self.scope)]  # fmt: skip
        return f"{place} {self.get_unit_kind_display()}" if self.unit_kind else place

    @property
    def method_words(self) -> str:
        """The method as it stands on the wall, with every coefficient that counts."""
        said = str(self.get_method_display())
        if self.method == self.Method.USAGE:
            said += f"（{self.get_usage_kind_display()}表）"
        if self.method == self.Method.LIFT:
            said += "：1–5 层系数 1，每高五层加 0.2"
            said += "；一层不摊" if self.first_floor_free else ""
        if self.vacant_percent != 100 and self.method in ("area", "household", "lift"):
            said += f"；空置房按 {self.vacant_percent}%，办理装修起算入住"
        return said

    def summarise(self) -> str:
        return f"{self.name}（{self.where}，{self.get_method_display()}）"

    def search_words(self) -> str:
        return f"{self.name} {self.where}"


def pools_in_force(community_id: int, day: date) -> models.QuerySet[SharePool]:
    """The approved pools of which the month of that day is one."""
    rows = SharePool.objects.filter(community_id=community_id, from_on__lte=day, closed_as="")
    rows = rows.filter(state__in=[SharePool.State.IN_FORCE, SharePool.State.ENDED])
    return rows.filter(Q(to_on__isnull=True) | Q(to_on__gte=day)).order_by("pk")
