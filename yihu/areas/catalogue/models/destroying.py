"""档案销毁: proposed by one, checked by another, signed by two, and only then carried out."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from yihu.areas.catalogue.models.tree import Item
from yihu.kernel.models import Record


class Destruction(Record):
    """档案销毁清单 (domain §2: after the time of keeping, a list with two signatures)."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "待核对"
        CHECKED = "checked", "待主管签批"
        SIGNED = "signed", "待经理签批"
        APPROVED = "approved", "已批待销毁"
        DESTROYED = "destroyed", "已销毁"
        REFUSED = "refused", "未批准"

    class Method(models.TextChoices):
        SHRED = "shred", "粉碎"
        PULP = "pulp", "送厂化浆"
        BURN = "burn", "焚毁"

    reason = models.CharField("销毁理由", max_length=100)
    opinion = models.CharField("核对意见", max_length=100, blank=True)
    lines_text = models.CharField("内容", max_length=40, editable=False, blank=True)
    supervisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="主管签批", editable=False
    )
    supervisor_at = models.DateTimeField("主管签批时间", null=True, editable=False)
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="经理签批", editable=False
    )
    manager_at = models.DateTimeField("经理签批时间", null=True, editable=False)
    method = models.CharField("销毁方式", max_length=10, choices=Method.choices, blank=True)
    destroyed_on = models.DateField("销毁日期", null=True, blank=True)
    witness = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="监销人"
    )
    files_gone = models.PositiveIntegerField("删除电子文件", default=0, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "档案销毁清单"
        constraints = [
            models.CheckConstraint(
                condition=Q(supervisor__isnull=True) | Q(manager__isnull=True) | ~Q(supervisor=F("manager")),
                name="catalogue_two_who_sign",
            ),
        ]

    def summarise(self) -> str:
        return f"销毁档案 {self.lines_text}".strip()


class DestructionLine(models.Model):
    """One item on a list; what it was called stays on the list, whatever becomes of the tree."""

    destruction = models.ForeignKey(Destruction, models.PROTECT, related_name="lines")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    number = models.CharField(max_length=40)
    title = models.CharField(max_length=130)
    rule = models.CharField(max_length=20)
    since = models.DateField()
    expires_on = models.DateField()
    copies = models.PositiveSmallIntegerField()
    waits = models.BooleanField(default=True)

    class Meta:
        verbose_name = verbose_name_plural = "销毁条目"
        constraints = [
            models.UniqueConstraint(fields=["destruction", "item"], name="catalogue_line_once"),
            # an item waits on one list only
            models.UniqueConstraint(fields=["item"], condition=Q(waits=True), name="catalogue_item_on_one_list"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"
