"""What a unit has of what is paid by the piece, and who pays for units that nobody has taken over."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Holding(models.Model):
    """占用数量: parking spaces, signs … that a unit has from a day until another. Each is one line of the bill."""

    unit = models.ForeignKey("estate.Unit", models.PROTECT, related_name="holdings", verbose_name="房屋")
    item = models.ForeignKey("ledger.FeeItem", models.PROTECT, related_name="+", verbose_name="收费项目")
    what = models.CharField("名称编号", max_length=40)
    quantity = models.DecimalField("数量", max_digits=9, decimal_places=3, default=1)
    from_on = models.DateField("自")
    to_on = models.DateField("至", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "占用数量"
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="holding_is_something"),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")), name="holding_runs_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.what}"

    @property
    def community_id(self) -> int:
        return self.unit.community_id


class Developer(models.Model):
    """开发商付费: who pays for units not yet handed over, of a cluster or of the whole site (物业管理条例第41条)."""

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    cluster = models.ForeignKey(
        "estate.Cluster", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="组团"
    )
    party = models.ForeignKey("estate.Party", models.PROTECT, related_name="+", verbose_name="开发商")
    from_on = models.DateField("自")
    to_on = models.DateField("至", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "开发商付费"
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")), name="developer_runs_forward"
            )
        ]

    def __str__(self) -> str:
        return f"{self.cluster or self.community} {self.party}"


class Board(models.Model):
    """公示表: what stands on the price list besides the prices (FEE-01)."""

    community = models.OneToOneField(
        "estate.Community", models.PROTECT, primary_key=True, related_name="+", verbose_name="管理项目"
    )
    company = models.CharField("服务单位", max_length=60, blank=True)
    hotline = models.CharField("服务与投诉电话", max_length=40, blank=True)
    oversight = models.CharField("价格监督电话", max_length=40, default="12315", blank=True)
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "公示表"

    def __str__(self) -> str:
        return f"{self.community} 收费公示表"
