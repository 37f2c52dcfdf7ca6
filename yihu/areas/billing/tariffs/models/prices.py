"""收费标准: a dated price of a fee item, for whom it holds, and how it is reckoned (FEE-01, FEE-02, FEE-22; F80)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from yihu.basics.periods import FirstMonth
from yihu.basics.pricing import Rounding, Step, plain
from yihu.ground.estate.models import Unit


class Kind(models.TextChoices):
    """By what it is reckoned: a closed list, there is no formula in the data."""

    GROSS = "area_gross", "建筑面积 × 单价"
    NET = "area_net", "套内面积 × 单价"
    BILLING = "area_billing", "计费面积 × 单价"
    HOUSEHOLD = "household", "每户"
    FIXED = "fixed", "定额"
    QUANTITY = "quantity", "数量 × 单价"
    RENT = "rent", "租金（按约定）"
    METER = "meter", "抄表用量 × 单价"
    SHARE = "share", "公摊"
    SERVICE = "service", "按次（只公示）"


AREAS = (Kind.GROSS, Kind.NET, Kind.BILLING)


class Tariff(models.Model):
    """One price from one day on. In force it is never changed: a new one begins, and this one ends the day before."""

    class Cycle(models.IntegerChoices):
        MONTH = 1, "每月"
        QUARTER = 3, "每季"
        HALF_YEAR = 6, "每半年"
        YEAR = 12, "每年"
        ONCE = 0, "一次"

    class Per(models.TextChoices):
        MONTH = "month", "每月的价"
        TERM = "term", "每期的价"

    class First(models.TextChoices):
        DAILY = FirstMonth.DAILY.value, "按天，交房当天算"
        HALF_MONTH = FirstMonth.HALF_MONTH.value, "15 日及以前算整月，以后算半月"
        FULL = FirstMonth.FULL.value, "算整月"
        NEXT_MONTH = FirstMonth.NEXT_MONTH.value, "从下月起"

    class Round(models.TextChoices):
        HALF_UP = Rounding.HALF_UP.value, "四舍五入到分"
        UP = Rounding.UP.value, "进位到分"
        DOWN = Rounding.DOWN.value, "舍去分以下"

    class StepsPer(models.TextChoices):
        MONTH = "month", "按月累计"
        YEAR = "year", "按年累计"

    class Pricing(models.TextChoices):
        GUIDED = "guided", "政府指导价"
        CONTRACT = "contract", "合同约定"
        VOTED = "voted", "业主共同决定"
        COST = "cost", "按供应单位价格代收"
        SET = "set", "市场调节价"

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    item = models.ForeignKey("ledger.FeeItem", models.PROTECT, related_name="tariffs", verbose_name="收费项目")
    kind = models.CharField("计算方式", max_length=20, choices=Kind.choices)
    price = models.DecimalField(
        "单价（元）", max_digits=12, decimal_places=4, validators=[MinValueValidator(Decimal(0))]
    )
    measure = models.CharField("计量单位", max_length=10, blank=True)
    steps: models.JSONField[Any, Any] = models.JSONField("阶梯", default=list, blank=True)
    steps_per = models.CharField("阶梯累计", max_length=5, choices=StepsPer.choices, default=StepsPer.MONTH)

    unit_kind = models.CharField("适用类型", max_length=10, choices=Unit.Kind.choices, blank=True)
    use = models.CharField("适用使用情况", max_length=10, choices=Unit.Use.choices, blank=True)
    cluster = models.ForeignKey(
        "estate.Cluster", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="适用组团"
    )
    building = models.ForeignKey(
        "estate.Building", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="适用楼栋"
    )
    unit = models.ForeignKey(
        "estate.Unit", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="只用于这户"
    )

    cycle = models.PositiveSmallIntegerField("收费周期", choices=Cycle.choices, default=Cycle.MONTH)
    starts = models.PositiveSmallIntegerField(
        "周期从几月起", default=1, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    per = models.CharField("单价是", max_length=5, choices=Per.choices, default=Per.MONTH)
    prepaid = models.BooleanField("预收", default=False)
    ahead = models.PositiveSmallIntegerField("提前几个月出账", default=0, validators=[MaxValueValidator(12)])
    due_months = models.PositiveSmallIntegerField("应缴在出账后第几个月", default=1, validators=[MaxValueValidator(12)])
    due_day = models.PositiveSmallIntegerField(
        "应缴日", default=10, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    first_month = models.CharField("交房当月", max_length=12, choices=First.choices, default=First.DAILY)
    rounding = models.CharField("取整", max_length=8, choices=Round.choices, default=Round.HALF_UP)
    vacant_percent = models.DecimalField(
        "空置按百分之几收", max_digits=5, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )  # fmt: skip
    vacant_ground = models.CharField("空置减收的依据", max_length=120, blank=True)

    pricing = models.CharField("定价方式", max_length=10, choices=Pricing.choices, default=Pricing.CONTRACT)
    authority = models.CharField("定价单位", max_length=60, blank=True)
    document = models.CharField("依据文件", max_length=80)
    document_no = models.CharField("文号", max_length=40, blank=True)
    from_on = models.DateField("自何日起")
    to_on = models.DateField("至", null=True, blank=True)
    cancelled = models.BooleanField("生效前撤回", default=False, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "收费标准"
        constraints = [
            models.CheckConstraint(condition=Q(price__gt=0) | Q(kind__in=["rent", "share"]), name="tariff_has_a_price"),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")), name="tariff_runs_forward"
            ),
            models.CheckConstraint(
                condition=Q(vacant_percent__isnull=True) | ~Q(vacant_ground=""), name="tariff_vacancy_has_a_ground"
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=True)
                | Q(unit_kind="", use="", cluster__isnull=True, building__isnull=True),
                name="tariff_of_one_unit_or_of_many",
            ),
            models.CheckConstraint(
                condition=Q(cluster__isnull=True) | Q(building__isnull=True), name="tariff_of_cluster_or_building"
            ),
            models.CheckConstraint(condition=Q(prepaid=True) | Q(ahead=0), name="tariff_ahead_when_prepaid"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["community", "item", "from_on"], name="tariff_of_item")]

    def __str__(self) -> str:
        return f"{self.item} {self.price_words}"

    @property
    def price_words(self) -> str:
        if self.kind == Kind.RENT:
            return "按租约"
        word = {Kind.HOUSEHOLD: "户", Kind.FIXED: "户"}.get(
            Kind(self.kind), "㎡" if self.kind in AREAS else self.measure
        )
        over = f"/{word}" if word else ""
        time = "" if self.kind in (Kind.METER, Kind.SHARE, Kind.SERVICE) else self._time()
        return f"{plain(self.price, 2)}元{over}{time}"

    def _time(self) -> str:
        if self.cycle == self.Cycle.ONCE:
            return ""
        if self.per == self.Per.MONTH:
            return "·月"
        return {1: "·月", 3: "·季", 6: "·半年", 12: "·年"}[self.cycle]

    @property
    def scope_words(self) -> str:
        """For whom it holds, in words."""
        if self.unit_id:
            return str(self.unit)
        parts = [
            str(self.cluster or self.building or ""),
            self.get_unit_kind_display() if self.unit_kind else "",
            self.get_use_display() if self.use else "",
        ]
        return "、".join(filter(None, parts)) or "全部"

    @property
    def way(self) -> str:
        """How it is reckoned and when, as a notice on the wall says it."""
        kind = Kind(self.kind)
        said = f"每{self.measure or '件'} × 单价" if kind == Kind.QUANTITY else kind.label
        if kind in (Kind.METER, Kind.SHARE, Kind.SERVICE):
            return said
        ahead = "预收" if self.prepaid else ""
        return f"{said}，{self.get_cycle_display()}{'收' if not ahead else ''}{ahead}"

    @property
    def steps_words(self) -> list[str]:
        """每一档: 0–210 度 0.4883 元."""
        rows, below = [], "0"
        for step in self.ladder if self.steps else ():
            upto = f"{plain(step.upto)}" if step.upto is not None else ""
            span = f"{below}–{upto} {self.measure}" if upto else f"{below} {self.measure}以上"
            rows.append(f"{span} {plain(step.price, 2)} 元")
            below = upto
        return rows

    @property
    def ladder(self) -> tuple[Step, ...]:
        """The price steps; without any, one price for everything."""
        if not self.steps:
            return (Step(None, self.price),)
        return tuple(Step(None if upto is None else Decimal(upto), Decimal(price)) for upto, price in self.steps)
