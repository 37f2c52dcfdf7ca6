"""特约（有偿）服务：价目、服务单、冲正、每月送财务的清单。"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from yihu.basics.identity import mask_free_text
from yihu.basics.money import round_half_up, yuan
from yihu.basics.months import Month
from yihu.kernel.models import Record
from yihu.kernel.personal import PersonalField
from yihu.kernel.unspoken import UnspokenField


class PriceRow(models.Model):
    """价目: one line of 《特约服务人工价目表》 (F10). Another price is another row from its own day; no row is rewritten."""

    class Kind(models.TextChoices):
        COURTESY = "courtesy", "礼仪"
        MEETING = "meeting", "会议"
        BUSINESS = "business", "商务"
        SUPPLIES = "supplies", "办公用品"
        CLEANING = "cleaning", "家政保洁"
        REPAIR = "repair", "家庭维修"
        MOVING = "moving", "搬运"
        OTHER = "other", "其它"

    class Decision(models.TextChoices):
        DRAFT = "draft", "待批"
        APPROVED = "approved", "已批准"
        REFUSED = "refused", "未批准"

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    code = models.CharField("编号", max_length=12)
    name = models.CharField("服务项目", max_length=40)
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    measure = models.CharField("计价单位", max_length=10)
    price_fen = models.BigIntegerField("人工费")
    material_rule = models.CharField("材料费", max_length=80, blank=True)
    valid_from = models.DateField("生效日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    decision = models.CharField("审批", max_length=10, choices=Decision.choices, default=Decision.DRAFT)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="起草人")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审批人"
    )
    decided_at = models.DateTimeField("审批时间", null=True, blank=True)
    published_on = models.DateField("公示日期", null=True, blank=True)
    why = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "特约服务价目"
        indexes = [models.Index(fields=["community", "decision", "code", "valid_from"], name="price_in_force")]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "code", "valid_from"], condition=Q(decision="approved"), name="price_once_a_day"
            ),
            models.CheckConstraint(condition=Q(price_fen__gte=0), name="price_not_negative"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")), name="price_days_in_order"
            ),
            models.CheckConstraint(
                condition=~Q(decision="approved")
                | (Q(decided_by__isnull=False, published_on__isnull=False) & ~Q(decided_by=models.F("drafted_by"))),
                name="price_approved_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("services:price", args=[self.pk])

    def standing(self, today: date) -> str:
        """How the row stands today, in a word."""
        if self.decision != self.Decision.APPROVED:
            return str(self.get_decision_display())
        if self.valid_to is not None and self.valid_to < today:
            return "已失效"
        return "在用" if self.valid_from <= today else "将生效"


def prices_in_force(community_id: int, day: date) -> models.QuerySet[PriceRow]:
    """The approved rows that hold on a day, each code once."""
    rows = PriceRow.objects.filter(community_id=community_id, decision=PriceRow.Decision.APPROVED, valid_from__lte=day)
    return rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day)).order_by("code")


class ServiceOrder(Record):
    """有偿服务单 (F09): quoted, accepted, done, signed, called back."""

    class State(models.TextChoices):
        QUOTING = "quoting", "待报价"
        DISCOUNT = "discount", "优惠待批"
        QUOTED = "quoted", "待客户确认"
        TO_ASSIGN = "to_assign", "待派"
        ASSIGNED = "assigned", "已派"
        WORKING = "working", "服务中"
        TO_SIGN = "to_sign", "完工待签"
        CALL_BACK = "call_back", "待回访"
        CLOSED = "closed", "关闭"
        TRIED = "tried", "已尝试"
        REFUSED = "refused", "客户不接受"
        CANCELLED = "cancelled", "取消"

    class Way(models.TextChoices):
        SIGNED = "signed", "当面签字"
        PHONE = "phone", "电话确认"
        MESSAGE = "message", "短信/微信确认"

    class Settle(models.TextChoices):
        NOW = "now", "即付"
        MONTH = "month", "月结"

    class Invoice(models.TextChoices):
        NONE = "none", "不需要"
        NORMAL = "normal", "普通发票"
        SPECIAL = "special", "专用发票"

    class Opinion(models.TextChoices):
        SATISFIED = "A", "满意"
        FAIRLY = "B", "较满意"
        UNSATISFIED = "C", "不满意"

    content = models.TextField("服务要求", max_length=1000)
    location = models.CharField("具体位置", max_length=60, blank=True)
    customer = UnspokenField("客户", max_length=40, blank=True)
    phone = PersonalField("联系电话", kind="phone", blank=True)
    promised_at = models.DateTimeField("承诺答复时间", null=True, blank=True)
    appointment_from = models.DateTimeField("预约开始", null=True, blank=True)
    appointment_to = models.DateTimeField("预约结束", null=True, blank=True)
    free = models.BooleanField("不收费", default=False)
    round_no = models.PositiveSmallIntegerField("第几次服务", default=1, editable=False)

    quote_no = models.PositiveSmallIntegerField("第几次报价", default=1, editable=False)
    quoted_at = models.DateTimeField("报价时间", null=True, editable=False)
    discount_fen = models.BigIntegerField("优惠", default=0)
    discount_reason = models.CharField("优惠原因", max_length=200, blank=True)

    accepted_no = models.PositiveSmallIntegerField("已确认的报价", default=0, editable=False)
    accepted_fen = models.BigIntegerField("确认金额", default=0, editable=False)
    accepted_discount_fen = models.BigIntegerField("确认的优惠", default=0, editable=False)
    accept_way = models.CharField("确认方式", max_length=10, choices=Way.choices, blank=True)
    accepted_by = UnspokenField("确认人", max_length=40, blank=True)
    accepted_at = models.DateTimeField("确认时间", null=True, blank=True)

    provider = models.CharField("外部服务单位", max_length=60, blank=True)
    assigned_at = models.DateTimeField("派单时间", null=True, editable=False)
    started_at = models.DateTimeField("开始时间", null=True, editable=False)
    finished_at = models.DateTimeField("完工时间", null=True, editable=False)
    result = models.TextField("服务结果", max_length=1000, blank=True)
    opinion = models.CharField("客户意见", max_length=1, choices=Opinion.choices, blank=True)
    sign_refused = models.CharField("拒签原因", max_length=200, blank=True)
    signed_at = models.DateTimeField("签字时间", null=True, editable=False)
    settle = models.CharField("结算方式", max_length=10, choices=Settle.choices, blank=True)
    invoice = models.CharField("发票", max_length=10, choices=Invoice.choices, blank=True)
    total_fen = models.BigIntegerField("应收金额", default=0, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "有偿服务单"
        indexes = [models.Index(fields=["signed_at"], name="service_signed", condition=Q(settle="month"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(started_at__isnull=True) | Q(free=True) | Q(accepted_at__isnull=False),
                name="service_accepted_before_work",
            ),
            models.CheckConstraint(
                condition=Q(discount_fen__gte=0, accepted_discount_fen__gte=0, total_fen__gte=0, accepted_fen__gte=0),
                name="service_amounts_not_negative",
            ),
            models.CheckConstraint(condition=Q(total_fen__lte=models.F("accepted_fen")), name="service_as_accepted"),
        ]

    @property
    def place(self) -> str:
        return " ".join(part for part in (str(self.unit or ""), self.location) if part)

    @property
    def all_lines(self) -> list[ServiceLine]:
        return list(self.lines.order_by("pk"))

    @property
    def quote_fen(self) -> int:
        """What the lines come to as they are quoted, less the discount."""
        return max(0, sum(line.quoted_fen for line in self.lines.all()) - self.discount_fen)

    @property
    def actual_fen(self) -> int:
        """What was really done, less the discount that the customer accepted."""
        return max(0, sum(line.actual_fen for line in self.lines.all()) - self.accepted_discount_fen)

    @property
    def due_fen(self) -> int:
        """What the customer signed for."""
        return self.total_fen if self.signed_at else 0

    @property
    def to_pay_fen(self) -> int:
        """What is left of it: a granted reversal takes back all of it."""
        taken_back = Reversal.objects.filter(takes_back_id=self.pk).exists()
        return 0 if taken_back else self.due_fen

    def summarise(self) -> str:
        again = f"（第 {self.round_no} 次服务）" if self.round_no > 1 else ""
        return f"{'不收费' if self.free else '特约服务'}{again}：{mask_free_text(self.content)}"

    def search_words(self) -> str:
        return f"{self.unit or ''} {self.customer} {self.provider} {mask_free_text(self.content)}"

    def facts(self) -> dict[str, Any]:
        return {
            **super().facts(), "content": self.content, "caller_name": self.customer, "phone": self.phone, "category": "service",
        }  # fmt: skip


class ServiceLine(models.Model):
    """服务项目 or 材料: one line of an order. Code, words and price are kept as they were when it was quoted."""

    order = models.ForeignKey(ServiceOrder, models.CASCADE, related_name="lines")
    price = models.ForeignKey(PriceRow, models.PROTECT, null=True, related_name="+")
    code = models.CharField("编号", max_length=12, blank=True)
    item = models.CharField("项目", max_length=40)
    measure = models.CharField("单位", max_length=10)
    unit_price_fen = models.BigIntegerField("单价")
    quantity = models.DecimalField(
        "数量", max_digits=8, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    actual = models.DecimalField("实际数量", max_digits=8, decimal_places=2, null=True)
    quote_no = models.PositiveSmallIntegerField("第几次报价", default=1)

    class Meta:
        verbose_name = verbose_name_plural = "服务项目"
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, unit_price_fen__gte=0) & (Q(actual__isnull=True) | Q(actual__gte=0)),
                name="service_line_sensible",
            )
        ]

    def __str__(self) -> str:
        return f"{self.item} × {self.quantity.normalize():f} {self.measure}"

    @property
    def quoted_fen(self) -> int:
        return round_half_up(self.quantity * self.unit_price_fen)

    @property
    def actual_fen(self) -> int:
        return round_half_up((self.quantity if self.actual is None else self.actual) * self.unit_price_fen)


class Reversal(Record):
    """冲正单: takes back the amount of a signed order. One asks, another grants; the order itself stays as it was signed."""

    class State(models.TextChoices):
        ASKED = "asked", "待批"
        GRANTED = "granted", "已冲正"
        REFUSED = "refused", "不予冲正"

    order = models.ForeignKey(ServiceOrder, models.PROTECT, related_name="reversals", verbose_name="服务单")
    reason = models.CharField("冲正原因", max_length=200)
    amount_fen = models.BigIntegerField("冲正金额", editable=False)
    granted_at = models.DateTimeField("批准时间", null=True, editable=False)
    # the order once more, only where granted: the database itself keeps a second one out
    takes_back = models.OneToOneField(
        ServiceOrder, models.PROTECT, null=True, editable=False, related_name="reversal", verbose_name="冲正"
    )

    class Meta:
        verbose_name = verbose_name_plural = "服务费冲正"

    @property
    def granted_words(self) -> str:
        return f"{yuan(self.amount_fen)} 元"

    def summarise(self) -> str:
        return f"冲正 {self.order.number}：{mask_free_text(self.reason)}"


class MonthList(Record):
    """有偿服务月结清单 (D61): what each unit owes for a business month, signed and handed to finance from the 20th to the 22nd."""

    class State(models.TextChoices):
        DUE = "due", "待汇总"
        SIGNED = "signed", "已签"
        SENT = "sent", "已送财务"
        RECEIVED = "received", "财务已收"

    period = models.CharField("业务月", max_length=7)
    due_at = models.DateTimeField("应送时间")
    remarks = models.TextField("备注", max_length=500, blank=True)
    signed_at = models.DateTimeField("签字时间", null=True, editable=False)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="汇总人"
    )
    total_fen = models.BigIntegerField("合计", default=0, editable=False)
    sent_at = models.DateTimeField("移交时间", null=True, editable=False)
    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="接收人"
    )
    received_at = models.DateTimeField("接收时间", null=True, editable=False)
    # a second column for the community, so that the database itself keeps a second list of one month out; empty from the
    # moment that a list is withdrawn, so that the month can be drawn up again
    list_of = models.ForeignKey("estate.Community", models.PROTECT, null=True, related_name="+", editable=False)
    edition = models.PositiveSmallIntegerField("第几次开单", default=1, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "有偿服务月结清单"
        constraints = [models.UniqueConstraint(fields=["list_of", "period"], name="month_list_once")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            self.list_of_id = self.community_id
        super().save(*args, **kwargs)

    @property
    def withdrawn(self) -> bool:
        return bool(self.closed_as == self.ClosedAs.WITHDRAWN)

    @property
    def month(self) -> Month:
        return Month.known(self.period)

    def summarise(self) -> str:
        again = f"（第 {self.edition} 次开单）" if self.edition > 1 else ""
        return f"{self.period} 有偿服务月结{again}"


class MonthLine(models.Model):
    """A charge as it stands on a signed list. A record stands on one list only, whatever it is; those withdrawn do not count."""

    month_list = models.ForeignKey(MonthList, models.PROTECT, related_name="lines")
    record = models.ForeignKey("kernel.Record", models.PROTECT, related_name="+")
    dropped = models.BooleanField("随清单撤回", default=False)
    unit = models.ForeignKey("estate.Unit", models.PROTECT, related_name="+")
    kind = models.CharField("来源", max_length=10)
    what = models.CharField("内容", max_length=120)
    done_on = models.DateField("日期")
    amount_fen = models.BigIntegerField("金额")
    note = models.CharField("备注", max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "月结明细"
        constraints = [
            models.UniqueConstraint(fields=["record"], condition=Q(dropped=False), name="month_line_on_one_list")
        ]

    def __str__(self) -> str:
        return self.what


def total_of(lines: Iterable[Any]) -> int:
    return sum(line.amount_fen for line in lines)
