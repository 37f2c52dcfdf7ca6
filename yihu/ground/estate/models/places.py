"""Places: a community, its clusters and buildings, and the unit on which everything hangs."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import StrIndex, Substr
from django.urls import reverse

from yihu.ground.estate import naming

# The day from which the first known area holds; a later figure gets the day on which it came into force.
SINCE_EVER = date(1900, 1, 1)


def from_roll() -> Any:
    """The import that made a row, so that the batch can be taken back; empty for what a person wrote."""
    return models.ForeignKey(
        "estate.RollImport",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="来自导入",
    )


class Community(models.Model):
    """管理项目: one managed site; the boundary of numbers, calendars, prices and permissions."""

    name = models.CharField("名称", max_length=60, unique=True)
    code = models.CharField("代号", max_length=12, unique=True, help_text="大写字母或数字，用在编号里，如 YQ")
    address = models.CharField("地址", max_length=120, blank=True)
    entrance_word = models.CharField("“单元”的叫法", max_length=10, default="单元")
    unit_label_format = models.CharField("房号写法", max_length=60, default=naming.PLAIN_LABEL)

    class Meta:
        verbose_name = verbose_name_plural = "管理项目"
        constraints = [models.CheckConstraint(condition=~Q(code=""), name="community_has_a_code")]

    def __str__(self) -> str:
        return self.name


class Cluster(models.Model):
    """组团: a part of the site that was handed over together."""

    community = models.ForeignKey(Community, models.PROTECT, related_name="clusters", verbose_name="管理项目")
    code = models.CharField("代号", max_length=20)
    name = models.CharField("名称", max_length=60)
    roll = from_roll()

    class Meta:
        verbose_name = verbose_name_plural = "组团"
        constraints = [models.UniqueConstraint(fields=["community", "code"], name="cluster_once")]

    def __str__(self) -> str:
        return self.name


class Building(models.Model):
    """楼栋: numbers may start again in each cluster."""

    community = models.ForeignKey(Community, models.PROTECT, related_name="buildings", verbose_name="管理项目")
    cluster = models.ForeignKey(
        Cluster, models.PROTECT, null=True, blank=True, related_name="buildings", verbose_name="组团"
    )
    code = models.CharField("楼栋号", max_length=20)
    name = models.CharField("名称", max_length=60, blank=True)
    completed_on = models.DateField("竣工验收日期", null=True, blank=True)
    design_years = models.PositiveSmallIntegerField(
        "设计使用年限", default=50, validators=[MinValueValidator(1), MaxValueValidator(200)]
    )
    developer = models.CharField("开发商", max_length=60, blank=True, default="")
    roll = from_roll()

    class Meta:
        verbose_name = verbose_name_plural = "楼栋"
        constraints = [
            models.UniqueConstraint(fields=["community", "cluster", "code"], name="building_once_in_cluster"),
            models.UniqueConstraint(
                fields=["community", "code"], name="building_once_without_cluster", condition=Q(cluster__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.code


class Unit(models.Model):
    """房屋: the smallest premises that are billed; everything that happens hangs on one."""

    class Kind(models.TextChoices):
        HOME = "home", "住宅"
        OFFICE = "office", "写字楼"
        SHOP = "shop", "商铺"

    class Use(models.TextChoices):
        OWN = "own", "自住"
        LET = "let", "出租"
        MIXED = "mixed", "商住"
        VACANT = "vacant", "空置"
        OFFICE = "office", "办公"
        TRADE = "trade", "商业"

    community = models.ForeignKey(Community, models.PROTECT, related_name="units", verbose_name="管理项目")
    cluster = models.ForeignKey(
        Cluster, models.PROTECT, null=True, blank=True, related_name="units", verbose_name="组团"
    )
    building = models.ForeignKey(Building, models.PROTECT, related_name="units", verbose_name="楼栋")
    entrance = models.CharField("单元", max_length=20, blank=True, default="")
    room = models.CharField("房号", max_length=20)
    label = models.CharField("房屋", max_length=60)
    kind = models.CharField("类型", max_length=10, choices=Kind.choices, default=Kind.HOME)
    use = models.CharField("使用情况", max_length=10, choices=Use.choices, blank=True, default="")
    handed_over_on = models.DateField("交房日期", null=True, blank=True)
    renovation_begun_on = models.DateField("装修办理日期", null=True, blank=True)
    moved_in_on = models.DateField("入住日期", null=True, blank=True)
    verified_on = models.DateField("资料核对日期", null=True, blank=True)
    remark = models.CharField("备注", max_length=500, blank=True, default="")
    sort_key = models.CharField(max_length=120, editable=False)
    search_key = models.CharField(max_length=80, editable=False)
    room_key = models.CharField(max_length=20, editable=False)
    # What stands behind the first blank of the search key: entrance and room.
    door_key = models.GeneratedField(
        expression=Substr("search_key", StrIndex(F("search_key"), Value(" ")) + 1),
        output_field=models.CharField(max_length=80),
        db_persist=True,
    )
    # What the roll last said, to tell what a person has changed since. Empty for a unit that a person entered.
    as_rolled: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True, editable=False)
    roll = from_roll()
    roll_row = models.ForeignKey(
        "estate.RollRow", models.SET_NULL, null=True, editable=False, related_name="+", db_index=False
    )

    class Meta:
        verbose_name = verbose_name_plural = "房屋"
        constraints = [
            models.UniqueConstraint(fields=["community", "building", "entrance", "room"], name="unit_once"),
            models.CheckConstraint(condition=~Q(room=""), name="unit_has_a_room"),
        ]
        indexes = [
            models.Index(fields=["community", "sort_key", "id"], name="unit_list"),
            # led by what is typed; of all communities, those of the person follow at once, in their order
            models.Index(fields=["room_key", "community", "sort_key"], name="unit_by_room_anywhere"),
            models.Index(fields=["door_key", "community", "sort_key"], name="unit_by_door_anywhere"),
            models.Index(fields=["search_key", "community", "room_key"], name="unit_by_words_anywhere"),
            # beginnings, and one building, in one community
            models.Index(fields=["community", "search_key", "room_key"], name="unit_by_words_here"),
        ]

    def __str__(self) -> str:
        return self.label

    def name_itself(self) -> None:
        """Set the label, if it has none, and the keys by which the unit is sorted and found."""
        cluster = self.cluster.code if self.cluster else ""
        names = naming.UnitName(cluster, self.building.code, self.entrance, self.room)
        self.be_called(names, self.community.unit_label_format)

    def be_called(self, names: naming.UnitName, pattern: str) -> None:
        """The same where the names are at hand; for those who write in bulk."""
        self.label = self.label or names.label(pattern)
        self.sort_key = names.sort_key()
        self.search_key = names.search_key()
        self.room_key = names.folded()[2]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_itself()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("unitfile:file", args=[self.pk])

    @property
    def area(self) -> UnitArea | None:
        """The figures in force today (the latest)."""
        return max(self.areas.all(), key=lambda area: area.from_on, default=None)


class UnitArea(models.Model):
    """面积: the figures of a unit from a day on."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="areas", verbose_name="房屋")
    gross_area = models.DecimalField("建筑面积", max_digits=9, decimal_places=2, null=True, blank=True)
    net_area = models.DecimalField("套内面积", max_digits=9, decimal_places=2, null=True, blank=True)
    billing_area = models.DecimalField("计费面积", max_digits=9, decimal_places=2, null=True, blank=True)
    from_on = models.DateField("自何日起", default=SINCE_EVER)
    roll = from_roll()

    class Meta:
        verbose_name = verbose_name_plural = "面积"
        constraints = [
            models.UniqueConstraint(fields=["unit", "from_on"], name="area_once_a_day"),
            models.CheckConstraint(
                condition=(Q(gross_area__isnull=True) | Q(gross_area__gt=0))
                & (Q(net_area__isnull=True) | Q(net_area__gt=0))
                & (Q(billing_area__isnull=True) | Q(billing_area__gt=0)),
                name="area_is_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.gross_area}㎡"
