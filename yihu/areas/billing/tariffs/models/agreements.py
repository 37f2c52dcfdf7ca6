"""What was agreed with one household: a paper that somebody else approves, and the term that then holds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from yihu.basics.pricing import Rent, plain
from yihu.kernel.models import Record


class What(models.TextChoices):
    PRICE = "price", "单独价格"
    DISCOUNT = "discount", "按比例减收"
    FREE = "free", "免收"
    VACANT = "vacant", "空置减收"
    PAYER = "payer", "由租户付"
    RENT = "rent", "租金"


LESS = (What.PRICE, What.DISCOUNT, What.FREE, What.VACANT)


def _percent(label: str, least: str) -> Any:
    return models.DecimalField(
        label, max_digits=5, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(Decimal(least)), MaxValueValidator(Decimal(100))],
    )  # fmt: skip


class Agreement(Record):
    """收费约定: drafted by one, approved by another, with its ground and its dates (domain §5.3)."""

    class State(models.TextChoices):
        PENDING = "pending", "待审批"
        RETURNED = "returned", "退回修改"
        AGREED = "agreed", "生效"
        ENDED = "ended", "已终止"
        REFUSED = "refused", "不同意"

    What = What

    what = models.CharField("约定什么", max_length=10, choices=What.choices)
    item = models.ForeignKey(
        "ledger.FeeItem", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="收费项目"
    )
    price = models.DecimalField(
        "约定价格（元）", max_digits=12, decimal_places=4, null=True, blank=True,
        validators=[MinValueValidator(Decimal("0.0001"))],
    )  # fmt: skip
    percent = _percent("减收百分之几", "0.01")
    free_days = models.PositiveSmallIntegerField("免租天数", default=0, blank=True)
    grows_on = models.DateField("首次递增日", null=True, blank=True)
    grows_by = _percent("每次递增百分之几", "0.01")
    grows_every = models.PositiveSmallIntegerField("每几个月递增一次", default=0, blank=True)
    from_on = models.DateField("自")
    to_on = models.DateField("至", null=True, blank=True)
    ground = models.CharField("依据", max_length=200)
    decision = models.CharField("审批意见", max_length=200, blank=True)
    ends_on = models.DateField("最后一天", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "收费约定"
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")), name="agreement_runs_forward"
            )
        ]

    @property
    def period(self) -> str:
        last = self.ends_on or self.to_on
        return f"{self.from_on:%Y-%m-%d} 起" + (f"至 {last:%Y-%m-%d}" if last else "")

    @property
    def terms(self) -> str:
        """What was agreed, in words."""
        said = self.get_what_display()
        if self.what == What.PRICE and self.price is not None:
            return f"单价 {plain(self.price, 2)}元"
        if self.what == What.RENT and self.price is not None:
            grows = (
                f"，{self.grows_on:%Y-%m-%d} 起递增 {plain(self.grows_by)}%" if self.grows_on and self.grows_by else ""
            )
            free = f"，免租 {self.free_days} 天" if self.free_days else ""
            return f"月租 {plain(self.price, 2)}元{free}{grows}"
        if self.what == What.DISCOUNT and self.percent is not None:
            return f"减收 {plain(self.percent)}%"
        return said

    def summarise(self) -> str:
        return f"{self.item or '全部项目'} {self.terms} {self.period}"[:120]

    def facts(self) -> dict[str, Any]:
        return {**super().facts(), "content": self.ground}


class Term(models.Model):
    """What holds of an approved agreement; the bills are made from these rows. Two of one slot never hold at once."""

    class Slot(models.TextChoices):
        LESS = "less", "减收"
        PAYER = "payer", "付款人"
        RENT = "rent", "租金"

    agreement = models.OneToOneField(Agreement, models.PROTECT, related_name="term", verbose_name="收费约定")
    unit = models.ForeignKey("estate.Unit", models.PROTECT, related_name="+", verbose_name="房屋")
    item = models.ForeignKey("ledger.FeeItem", models.PROTECT, null=True, related_name="+", verbose_name="收费项目")
    party = models.ForeignKey("estate.Party", models.PROTECT, null=True, related_name="+", verbose_name="付款人")
    slot = models.CharField(max_length=5, choices=Slot.choices)
    what = models.CharField("约定什么", max_length=10, choices=What.choices)
    price = models.DecimalField("约定价格", max_digits=12, decimal_places=4, null=True)
    percent = models.DecimalField("减收百分之几", max_digits=5, decimal_places=2, null=True)
    free_days = models.PositiveSmallIntegerField("免租天数", default=0)
    grows_on = models.DateField("首次递增日", null=True)
    grows_by = models.DecimalField("每次递增百分之几", max_digits=5, decimal_places=2, null=True)
    grows_every = models.PositiveSmallIntegerField("每几个月递增一次", default=0)
    number = models.CharField("约定编号", max_length=40)
    from_on = models.DateField("自")
    to_on = models.DateField("至", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "约定条款"
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")), name="term_runs_forward"
            ),
            models.CheckConstraint(
                condition=~Q(slot__in=["payer", "rent"]) | Q(party__isnull=False), name="term_has_its_payer"
            ),
            models.CheckConstraint(
                condition=~Q(what__in=["price", "rent"]) | Q(price__isnull=False), name="term_has_its_price"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def rent(self) -> Rent:
        return Rent(
            self.price or Decimal(0), self.from_on, self.free_days, self.grows_on, self.grows_by or Decimal(0), self.grows_every
        )  # fmt: skip
