"""派工单和它的用料。"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models

from yihu.basics.identity import mask_free_text
from yihu.basics.money import round_half_up
from yihu.kernel.models import Record
from yihu.kernel.personal import PersonalField
from yihu.kernel.unspoken import UnspokenField


class WorkOrder(Record):
    """维修单 / 派工单 (F03, with the repair log F02 as its opening)."""

    class State(models.TextChoices):
        TO_ASSIGN = "to_assign", "待派"
        ASSIGNED = "assigned", "已派"
        ACCEPTED = "accepted", "已接"
        ON_SITE = "on_site", "到场"
        WORKING = "working", "维修中"
        OUTSIDE = "outside", "外委中"
        ON_HOLD = "on_hold", "挂单"
        TO_SIGN = "to_sign", "完工待签"
        CALL_BACK = "call_back", "待回访"
        CLOSED = "closed", "关闭"
        TRIED = "tried", "已尝试"
        DECLINED = "declined", "不能承接"
        CANCELLED = "cancelled", "取消"
        FALSE_ALARM = "false_alarm", "误报"

    IN_HAND = (State.ASSIGNED, State.ACCEPTED, State.ON_SITE, State.WORKING, State.ON_HOLD, State.TO_SIGN)

    class Level(models.TextChoices):
        URGENT = "urgent", "急修"
        MINOR = "minor", "零修"
        MAJOR = "major", "中大修"

    class Trade(models.TextChoices):
        WATER = "water", "水"
        POWER = "power", "电"
        CARPENTRY = "carpentry", "木"
        MASONRY = "masonry", "泥"
        DOORS = "doors", "门窗"
        AIR = "air", "空调"
        LOW_VOLTAGE = "low_voltage", "弱电"
        OTHER = "other", "其它"

    class Chargeable(models.TextChoices):
        UNDECIDED = "undecided", "待定"
        FREE = "free", "无偿"
        PAID = "paid", "有偿"

    class Responsibility(models.TextChoices):
        OWN = "own", "自营"
        DEVELOPER = "developer", "开发商保修"
        MUNICIPAL = "municipal", "市政"
        OWNER = "owner", "业主自负"

    class Opinion(models.TextChoices):
        SATISFIED = "A", "满意"
        FAIRLY = "B", "较满意"
        UNSATISFIED = "C", "不满意"

    class Settle(models.TextChoices):
        NOW = "now", "即付"
        MONTH = "month", "月结"

    class HoldReason(models.TextChoices):
        PARTS = "parts", "缺料"
        OWNER = "owner", "待业主"
        DEVELOPER = "developer", "待开发商"
        INSURER = "insurer", "待保险"
        OUTSIDE = "outside", "外委"
        FUNDS = "funds", "资金待批"
        SEASON = "season", "季节"
        OTHER = "other", "其它"

    class System(models.TextChoices):
        """The part of the building's equipment that broke; what the damage statistics count by (REP-13)."""

        WATER = "water", "给排水"
        POWER = "power", "供配电"
        LIFT = "lift", "电梯"
        FIRE = "fire", "消防"
        LOW_VOLTAGE = "low_voltage", "弱电"
        STRUCTURE = "structure", "土建"
        GREENING = "greening", "绿化"
        OTHER = "other", "其它"

    class Dispatch(models.TextChoices):
        ASSIGNED = "assigned", "指派"
        GRAB = "grab", "抢单"
        TURN = "turn", "轮派"

    class Ability(models.TextChoices):
        CAN = "can", "能承接"
        PARTS = "parts", "能承接，须领料"
        OUTSIDE = "outside", "须外委"

    symptom = models.TextField("报修内容", max_length=2000)
    building = models.ForeignKey(
        "estate.Building", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="公共部位楼栋"
    )
    floor = models.CharField("楼层", max_length=12, blank=True)
    system = models.CharField("设施系统", max_length=12, choices=System.choices, blank=True)
    common_area = models.CharField("公共部位", max_length=60, blank=True)
    location = models.CharField("具体位置", max_length=60, blank=True)
    reporter = UnspokenField("报修人", max_length=40, blank=True)
    phone = PersonalField("联系电话", kind="phone", blank=True)
    level = models.CharField("级别", max_length=10, choices=Level.choices, default=Level.MINOR)
    trade = models.CharField("工种", max_length=12, choices=Trade.choices, default=Trade.OTHER)
    appointment_from = models.DateTimeField("预约开始", null=True, blank=True)
    appointment_to = models.DateTimeField("预约结束", null=True, blank=True)
    chargeable = models.CharField("收费", max_length=10, choices=Chargeable.choices, default=Chargeable.UNDECIDED)
    responsibility = models.CharField("责任", max_length=10, choices=Responsibility.choices, default=Responsibility.OWN)
    dispatch = models.CharField(
        "派工方式", max_length=10, choices=Dispatch.choices, default=Dispatch.ASSIGNED, editable=False
    )
    ability = models.CharField("能否承接", max_length=10, choices=Ability.choices, blank=True)
    fault = models.ForeignKey(
        "repairs.StandardFault", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="常见故障"
    )
    firm = models.ForeignKey(
        "repairs.Firm", models.PROTECT, null=True, blank=True, related_name="orders", verbose_name="外委单位"
    )
    pass_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="转单给"
    )
    times_rejected = models.PositiveSmallIntegerField("退单次数", default=0, editable=False)
    times_passed = models.PositiveSmallIntegerField("转单次数", default=0, editable=False)
    round_no = models.PositiveSmallIntegerField("第几次维修", default=1, editable=False)
    times_urged = models.PositiveSmallIntegerField("催办次数", default=0, editable=False)
    urged_at = models.DateTimeField("最近催办", null=True, editable=False)

    assigned_at = models.DateTimeField("派单时间", null=True, editable=False)
    accepted_at = models.DateTimeField("接单时间", null=True, editable=False)
    arrived_at = models.DateTimeField("到场时间", null=True, editable=False)
    started_at = models.DateTimeField("开工时间", null=True, editable=False)
    finished_at = models.DateTimeField("完工时间", null=True, editable=False)

    hold_reason = models.CharField("挂单原因", max_length=10, choices=HoldReason.choices, blank=True)
    wake_on = models.DateField("恢复日期", null=True, blank=True)
    owner_agreed = models.BooleanField("业主同意改期", default=False)
    told_at = models.DateTimeField("告知业主时间", null=True, editable=False)
    raised_at = models.DateTimeField("上报主管时间", null=True, editable=False)

    cause = models.CharField("故障原因", max_length=200, blank=True)
    work_done = models.TextField("维修内容", max_length=1000, blank=True)
    labour_fen = models.BigIntegerField("人工费", default=0, validators=[MinValueValidator(0)])
    settle = models.CharField("结算方式", max_length=10, choices=Settle.choices, blank=True)
    opinion = models.CharField("客户意见", max_length=1, choices=Opinion.choices, blank=True)
    sign_refused = models.CharField("拒签原因", max_length=200, blank=True)
    witness_1 = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="见证人一"
    )
    witness_2 = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="见证人二"
    )
    signed_at = models.DateTimeField("签字时间", null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "维修单"
        indexes = [
            models.Index(fields=["wake_on"], name="workorder_wake", condition=models.Q(wake_on__isnull=False)),
            models.Index(fields=["appointment_to"], name="workorder_appointment"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(labour_fen__gte=0), name="workorder_labour_not_negative"),
            models.CheckConstraint(
                condition=models.Q(appointment_to__isnull=True)
                | models.Q(appointment_from__isnull=True)
                | models.Q(appointment_to__gte=models.F("appointment_from")),
                name="workorder_appointment_in_order",
            ),
        ]

    @property
    def place(self) -> str:
        """Where to go, as the worker reads it."""
        return " ".join(part for part in (str(self.unit or ""), self.common_place, self.location) if part)

    @property
    def common_place(self) -> str:
        """A part of the site that is nobody's own: A1栋 地下1层 电梯厅."""
        building = str(self.building) if self.building_id else ""
        return " ".join(part for part in (building, self.floor, self.common_area) if part)

    @property
    def deferred(self) -> bool:
        """It can't be repaired now: it stands on the list of deferred repairs (F04) and is screened (D18)."""
        return self.state == self.State.ON_HOLD

    @property
    def told(self) -> bool:
        return self.told_at is not None

    @property
    def to_be_told(self) -> bool:
        """The owner does not know yet that his repair must wait (D17)."""
        return self.deferred and not self.told

    @property
    def round_kind(self) -> str:
        return "first" if self.round_no == 1 else "again"

    @property
    def material_fen(self) -> int:
        return sum(line.amount_fen for line in self.parts.all())

    @property
    def total_fen(self) -> int:
        return self.material_fen + self.labour_fen

    @property
    def our_cost(self) -> bool:
        """Under the builder's warranty, or the town's own business: the household pays nothing."""
        return self.responsibility in (self.Responsibility.DEVELOPER, self.Responsibility.MUNICIPAL)

    @property
    def due_fen(self) -> int:
        """What the customer signed for; nothing of what is free or under warranty (REP-05)."""
        charged = self.signed_at is not None and self.chargeable == self.Chargeable.PAID and not self.our_cost
        return self.total_fen if charged else 0

    @property
    def to_pay_fen(self) -> int:
        """What is left of it after a granted reversal."""
        due = self.due_fen
        taken_back = self.reversals.filter(takes_back_id=self.pk).values_list("amount_fen", flat=True).first()
        return due - (taken_back or 0) if due else 0

    def summarise(self) -> str:
        again = f"（第 {self.round_no} 次维修）" if self.round_no > 1 else ""
        where = self.common_place or self.location
        return f"{self.get_level_display()}{again}：{where + ' ' if where else ''}{mask_free_text(self.symptom)}"

    def search_words(self) -> str:
        return f"{self.unit or ''} {self.reporter} {self.get_trade_display()} {mask_free_text(self.symptom)}"

    def facts(self) -> dict[str, Any]:
        return {
            **super().facts(),
            "content": self.symptom,
            "caller_name": self.reporter,
            "phone": self.phone,
            "category": "repair",
        }


class PartLine(models.Model):
    """用料: one line of material. Quantity in the line's own measure, two decimals; price in 分."""

    order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="parts")
    item = models.CharField("材料", max_length=60)
    quantity = models.DecimalField(
        "数量", max_digits=9, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    unit_price_fen = models.BigIntegerField("单价", validators=[MinValueValidator(0)])

    class Meta:
        verbose_name = verbose_name_plural = "用料"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0) & models.Q(unit_price_fen__gte=0), name="part_line_sensible"
            )
        ]

    def __str__(self) -> str:
        return self.item

    @property
    def amount_fen(self) -> int:
        return round_half_up(self.quantity * self.unit_price_fen)
