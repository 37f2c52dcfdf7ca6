"""租户商住情况登记: who rents or does business in a unit, on which terms, and what was seen of it."""

from __future__ import annotations

from typing import Any

from django.db import models

from yihu.ground.estate.models import Occupancy, Unit
from yihu.kernel.models import Record
from yihu.kernel.unspoken import UnspokenField

USES = [(use.value, use.label) for use in (Unit.Use.LET, Unit.Use.MIXED, Unit.Use.OFFICE, Unit.Use.TRADE)]


class LeaseFiling(Record):
    """《租户商住情况登记表》 (F36, ARC-07): one lease or mixed use of one unit, from filing to the lessee's leaving."""

    class State(models.TextChoices):
        FILED = "filed", "在租"
        EXPIRED = "expired", "到期待办"
        ENDED = "ended", "已退租"

    class Payer(models.TextChoices):
        OWNER = "owner", "业主"
        LESSEE = "lessee", "租户"

    class FitOut(models.TextChoices):
        NONE = "none", "不装修"
        FILED = "filed", "已办装修手续"
        WAITING = "waiting", "要装修，未办手续"

    stay = models.ForeignKey(
        Occupancy, models.PROTECT, null=True, related_name="filings", editable=False, verbose_name="租户登记"
    )
    owner = UnspokenField("业主", max_length=200, blank=True, editable=False)
    lessee = UnspokenField("租户", max_length=80, editable=False)
    licence_no = models.CharField("营业执照号", max_length=30, blank=True)
    contact_name = UnspokenField("联系人", max_length=40, blank=True)
    use = models.CharField("用途", max_length=10, choices=USES)
    business = models.CharField("经营内容", max_length=80, blank=True)
    lease_from = models.DateField("租期自")
    lease_to = models.DateField("租期至")
    persons = models.PositiveSmallIntegerField("居住、办公人数", null=True, blank=True)
    payer = models.CharField("谁交物业费", max_length=10, choices=Payer.choices)
    owner_consent = models.BooleanField("业主书面同意已存档", default=False)
    id_seen = models.BooleanField("已查看租户证件", default=False)
    police_on = models.DateField("公安备案日期", null=True, blank=True)
    fit_out = models.CharField("装修", max_length=10, choices=FitOut.choices, default=FitOut.NONE)
    filed_on = models.DateField("登记日期")
    remark = models.CharField("备注", max_length=300, blank=True)
    warned_to = models.DateField("已提醒的到期日", null=True, editable=False)
    renewals = models.PositiveSmallIntegerField("续租次数", default=0, editable=False)
    left_on = models.DateField("退租日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "租户商住情况登记表"
        indexes = [models.Index(fields=["lease_to"], name="filing_by_end")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lease_from__lte=models.F("lease_to")), name="filing_dates_in_order"
            )
        ]

    def gaps(self) -> list[str]:
        """What is still to be brought or seen."""
        found = []
        if not self.owner:
            found.append("业主登记")
        if not self.owner_consent:
            found.append("业主书面同意")
        if not self.id_seen:
            found.append("租户证件")
        if self.use != Unit.Use.LET and not self.licence_no:
            found.append("营业执照")
        if self.police_on is None and self.use in (Unit.Use.LET, Unit.Use.MIXED):
            found.append("公安备案")
        if self.fit_out == self.FitOut.WAITING:
            found.append("装修手续")
        return found

    def summarise(self) -> str:
        return f"{self.lessee} {self.get_use_display()}，租期至 {self.lease_to:%Y-%m-%d}"[:120]

    def search_words(self) -> str:
        return f"{self.unit or ''} {self.lessee} {self.owner} {self.business}"

    def facts(self) -> dict[str, Any]:
        return {**super().facts(), "caller_name": self.contact_name or self.lessee}
