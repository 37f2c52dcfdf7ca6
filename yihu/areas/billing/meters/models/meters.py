"""A place where something is measured, and the devices that stood there one after the other."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from yihu.ground.estate.naming import UnitName


class Meter(models.Model):
    """计量表: of a unit, or common (总表、公共表) for an entrance, a building, a cluster or the site. A sub-meter names the
    meter above it. ``number`` is that of the device that stands there now."""

    class Kind(models.TextChoices):
        WATER = "water", "水"
        POWER = "power", "电"
        GAS = "gas", "气"
        HEAT = "heat", "热"
        HOT_WATER = "hot_water", "热水"
        COOLING = "cooling", "空调冷量"

    class Scope(models.TextChoices):
        UNIT = "unit", "户内"
        ENTRANCE = "entrance", "单元"
        BUILDING = "building", "楼栋"
        CLUSTER = "cluster", "组团"
        SITE = "site", "全区"

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    kind = models.CharField("表类", max_length=10, choices=Kind.choices)
    number = models.CharField("表号", max_length=40)
    scope = models.CharField("计量范围", max_length=10, choices=Scope.choices, default=Scope.UNIT)
    unit = models.ForeignKey(
        "estate.Unit", models.PROTECT, null=True, blank=True, related_name="meters", verbose_name="房号"
    )
    building = models.ForeignKey(
        "estate.Building", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="楼栋"
    )
    entrance = models.CharField("单元", max_length=20, blank=True, default="")
    cluster = models.ForeignKey(
        "estate.Cluster", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="组团"
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="subs", verbose_name="上级总表"
    )
    name = models.CharField("用途", max_length=40, blank=True, default="")
    place = models.CharField("装在哪里", max_length=60, blank=True, default="")
    shown = models.BooleanField("使用中", default=True)
    run = models.ForeignKey(
        "meters.ReadingImport",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="来自导入",
    )
    walk_key = models.CharField(max_length=130, blank=True, default="", editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "计量表"
        constraints = [
            models.UniqueConstraint(
                fields=["community", "kind", "number"], name="meter_number_once", condition=Q(shown=True)
            ),
            models.CheckConstraint(
                condition=Q(scope="unit", unit__isnull=False) | (~Q(scope="unit") & Q(unit__isnull=True)),
                name="meter_is_of_a_unit_or_common",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="meter_not_under_itself"
            ),
        ]
        indexes = [models.Index(fields=["community", "shown", "walk_key", "id"], name="meter_walk")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}表 {self.number}"

    @property
    def where(self) -> str:
        """The room, or the place and purpose of a common meter."""
        if self.unit_id:
            return str(self.unit)
        part = {"site": "全区", "cluster": str(self.cluster or ""), "building": str(self.building or "")}
        named = part.get(self.scope) or f"{self.building or ''}{self.entrance}单元"
        return f"{named} {self.name}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.walk_key = walk_key(self)
        super().save(*args, **kwargs)


def walk_key(meter: Meter) -> str:
    """The order in which a reader walks: common meters at the door of their building, then room by room."""
    if meter.unit is not None:
        return f"{meter.unit.sort_key}/{meter.kind}"
    building = meter.building
    cluster = building.cluster if building else meter.cluster
    place = UnitName(cluster.code if cluster else "", building.code if building else "", meter.entrance, "")
    return f"{place.sort_key()}/{meter.kind}"


class Installation(models.Model):
    """装表: one device at a meter's place between two days, with its own number, multiplier and dial."""

    meter = models.ForeignKey(Meter, models.PROTECT, related_name="installations", verbose_name="计量表")
    number = models.CharField("表号", max_length=40)
    multiplier = models.DecimalField(
        "倍率", max_digits=9, decimal_places=3, default=Decimal(1), validators=[MinValueValidator(Decimal("0.001"))]
    )
    digits = models.PositiveSmallIntegerField(
        "表盘整数位数", default=5, validators=[MinValueValidator(3), MaxValueValidator(9)]
    )
    installed_on = models.DateField("装表日期")
    opening = models.DecimalField("起数", max_digits=13, decimal_places=3, default=Decimal(0))
    removed_on = models.DateField("拆表日期", null=True, blank=True)
    verified_until = models.DateField("检定有效期至", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "装表"
        constraints = [
            models.UniqueConstraint(
                fields=["meter"], name="one_device_at_a_time", condition=Q(removed_on__isnull=True)
            ),
            models.CheckConstraint(condition=Q(multiplier__gt=0), name="multiplier_above_zero"),
            models.CheckConstraint(
                condition=Q(removed_on__isnull=True) | Q(removed_on__gte=F("installed_on")), name="device_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.number
