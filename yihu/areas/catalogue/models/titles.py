"""权属清册 (F40, F41, ARC-17): the title of each unit, and of what belongs to the building besides."""

from __future__ import annotations

from django.db import models

from yihu.areas.catalogue.models.tree import Kept


class UnitTitle(models.Model):
    """房屋权属 (F40): only what the estate does not know; area and holder are read there."""

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    unit = models.OneToOneField("estate.Unit", models.PROTECT, related_name="+", verbose_name="房号")
    title_no = models.CharField("权证号", max_length=60, blank=True)
    since = models.DateField("登记日期", null=True, blank=True)
    remark = models.CharField("备注", max_length=80, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "房屋权属"

    def __str__(self) -> str:
        return f"{self.unit} {self.title_no}".strip()


class AncillaryTitle(Kept):
    """附属设施权属 (F41): a pump house, a bicycle shed, the office of the property."""

    name = models.CharField("设施", max_length=60)
    place = models.CharField("坐落", max_length=60, blank=True)
    title_no = models.CharField("权证号", max_length=60, blank=True)
    holder = models.CharField("权利人", max_length=60)
    area = models.DecimalField("面积（㎡）", max_digits=9, decimal_places=2, null=True, blank=True)
    since = models.DateField("登记日期", null=True, blank=True)
    remark = models.CharField("备注", max_length=80, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "附属设施权属"
        constraints = [
            models.UniqueConstraint(
                fields=["community", "name", "place"], name="catalogue_ancillary_once", violation_error_message="已经有同样的设施。"
            ),
            models.CheckConstraint(condition=models.Q(area__isnull=True) | models.Q(area__gt=0), name="ancillary_area_positive"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name
