"""部门档案总目录 (F44, ARC-10): parts and sections as they are printed, the items in them, the boxes that hold these."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from yihu.basics.worktime import add_months
from yihu.kernel.models import StoredFile

LEVELS = 3  # an item is the fourth level


class Kept(models.Model):
    """A row of a list: out of use rather than deleted, in an order of its own."""

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    position = models.PositiveSmallIntegerField("次序", default=0)
    shown = models.BooleanField("在用", default=True)

    class Meta:
        abstract = True


class Rule(Kept):
    """保管期限: how long a sort of papers is kept; without a number of years it is never due."""

    name = models.CharField("保管期限", max_length=20)
    years = models.PositiveSmallIntegerField(
        "年数", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    what = models.CharField("适用", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "保管期限"
        constraints = [
            models.UniqueConstraint(
                fields=["community", "name"], name="catalogue_rule_once", violation_error_message="已经有同名的保管期限。"
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def ends(self, since: date | None) -> date | None:
        """The last day of keeping; None where there is none, or where nobody has said since when."""
        return add_months(since, 12 * self.years) if since and self.years else None


class Section(Kept):
    """目录节: a part or a section below it. The number is what is printed, the order is its own."""

    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    level = models.PositiveSmallIntegerField(default=1, editable=False)
    number = models.CharField("编号", max_length=20)
    title = models.CharField("名称", max_length=60, blank=True)
    cabinet = models.CharField("档案柜", max_length=40, blank=True)
    rule = models.ForeignKey(Rule, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="默认保管期限")
    remark = models.CharField("说明", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "目录节"
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "number"], condition=Q(shown=True), name="catalogue_section_once",
                violation_error_message="同一级里已经有这个编号。",
            ),
            models.UniqueConstraint(
                fields=["community", "number"], condition=Q(parent__isnull=True, shown=True), name="catalogue_part_once",
                violation_error_message="已经有这个编号的部分。",
            ),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=LEVELS), name="catalogue_four_levels"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()


class Box(Kept):
    """档案盒: what stands on the shelf, with its number on the spine."""

    number = models.CharField("盒号", max_length=20)
    title = models.CharField("盒名", max_length=60)
    cabinet = models.CharField("档案柜", max_length=40)

    class Meta:
        verbose_name = verbose_name_plural = "档案盒"
        constraints = [
            models.UniqueConstraint(
                fields=["community", "number"], name="catalogue_box_once", violation_error_message="这个盒号已经用了，请换一个。"
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Item(models.Model):
    """目录条目: one thing that is kept, or that once was: what has been destroyed stays as an entry."""

    class Status(models.TextChoices):
        KEPT = "kept", "在档"
        LOST = "lost", "遗失"
        DESTROYED = "destroyed", "已销毁"

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    section = models.ForeignKey(Section, models.PROTECT, related_name="items", verbose_name="目录节")
    position = models.PositiveSmallIntegerField("次序", default=0)
    number = models.CharField("编号", max_length=20)
    title = models.CharField("名称", max_length=80)
    period = models.CharField("期间", max_length=40, blank=True)
    copies = models.PositiveSmallIntegerField("份数", default=0, help_text="现在有几份；目录里有、手上没有的填 0")
    cabinet = models.CharField("档案柜", max_length=40, blank=True)
    box = models.ForeignKey(Box, models.PROTECT, null=True, blank=True, related_name="items", verbose_name="档案盒")
    place = models.CharField("位置", max_length=60, blank=True)
    keeper = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="保管人"
    )
    rule = models.ForeignKey(Rule, models.PROTECT, null=True, blank=True, related_name="items", verbose_name="保管期限")
    since = models.DateField("保管起算", null=True, blank=True)
    expires_on = models.DateField("保管到期", null=True, editable=False)
    remark = models.CharField("说明", max_length=100, blank=True)
    hold = models.CharField("锁定原因", max_length=100, blank=True)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.KEPT, editable=False)
    destroyed_in = models.ForeignKey(
        "catalogue.Destruction", models.PROTECT, null=True, related_name="+", verbose_name="销毁清单", editable=False
    )
    source = models.ForeignKey(
        "kernel.Record", models.PROTECT, null=True, related_name="+", verbose_name="来源", editable=False
    )
    shown = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "目录条目"
        indexes = [
            models.Index(fields=["community", "section", "position"], name="catalogue_item_order"),
            models.Index(fields=["community", "expires_on"], condition=Q(status="kept"), name="catalogue_item_expiry"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["section", "number"], condition=Q(shown=True), name="catalogue_item_once",
                violation_error_message="这一节里已经有这个编号。",
            ),
            models.CheckConstraint(
                condition=~Q(status="destroyed") | Q(destroyed_in__isnull=False, hold=""), name="catalogue_destroyed_by_a_list"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.title}（{self.period}）" if self.period else self.title

    def get_absolute_url(self) -> str:
        return reverse("catalogue:item", args=[self.pk])

    def reckon(self) -> None:
        """Until when it must be kept, by its rule."""
        self.expires_on = self.rule.ends(self.since) if self.rule else None


class ItemFile(StoredFile):
    """电子文件 of an item (档案法37: an electronic archive has the same effect). The bytes lie under their own digest."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="files", verbose_name="条目")

    class Meta(StoredFile.Meta):
        verbose_name = verbose_name_plural = "电子文件"
