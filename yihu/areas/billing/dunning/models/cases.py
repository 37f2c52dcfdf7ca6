"""催缴 of one payer in one community: what is owed, what was asked and proven, what was said, what was agreed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from yihu.areas.billing.delivering import Delivered
from yihu.basics.money import yuan
from yihu.kernel.models import Record


class DunningCase(Record):
    """催缴: the ladder of domain.md §10. ``open_of`` makes a second open case of the same payer impossible."""

    class State(models.TextChoices):
        REMIND = "remind", "提醒"
        FIRST = "first", "催款一"
        SECOND = "second", "催款二"
        TALK = "talk", "面谈"
        PLAN = "plan", "分期履行"
        URGED = "urged", "委托方、业委会催告"
        LAWYER = "lawyer", "律师函"
        COURT = "court", "支付令、诉讼"
        ENFORCE = "enforce", "执行"
        PAUSED = "paused", "暂停"
        PAID = "paid", "已缴清"
        TURNED = "turned", "已转业主"
        WRITTEN_OFF = "written_off", "核销"

    class Pause(models.TextChoices):
        DISPUTE = "dispute", "争议"
        CHECKING = "checking", "查账中"

    class Reason(models.TextChoices):
        """Why somebody does not pay (FEE-21)."""

        CONSTRUCTION = "construction", "房屋质量"
        DESIGN = "design", "规划设计"
        THEFT = "theft", "被盗、失物"
        NEIGHBOURS = "neighbours", "邻里纠纷"
        SERVICE = "service", "服务不满"
        HARDSHIP = "hardship", "经济困难"
        AMOUNT = "amount", "对金额有争议"
        VACANT = "vacant", "房屋空置"
        ABSENT = "absent", "人在外地、联系不上"
        FORGOT = "forgot", "忘记、没收到通知"
        OTHER = "other", "其它"

    class CourtWay(models.TextChoices):
        ORDER = "order", "支付令"
        SUIT = "suit", "诉讼"
        ARBITRATION = "arbitration", "仲裁"

    open_of = models.OneToOneField(
        "estate.Party", models.PROTECT, null=True, related_name="+", verbose_name="在催", editable=False
    )
    owed_fen = models.BigIntegerField("欠费", default=0, editable=False)
    since = models.DateField("最早应缴", null=True, editable=False)
    level = models.PositiveSmallIntegerField("已发催款单", default=0, editable=False)
    reason = models.CharField("未缴原因", max_length=12, choices=Reason.choices, blank=True)
    pause_why = models.CharField("暂停原因", max_length=10, choices=Pause.choices, blank=True)
    pause_words = models.CharField("暂停说明", max_length=300, blank=True)
    before = models.CharField("暂停前", max_length=30, blank=True, editable=False)
    limitation_on = models.DateField("诉讼时效最早届满", null=True, editable=False)
    limitation_at = models.DateTimeField("时效提醒", null=True, editable=False)
    next_part_at = models.DateTimeField("下期应缴", null=True, editable=False)
    court_way = models.CharField("途径", max_length=12, choices=CourtWay.choices, blank=True)
    court = models.CharField("法院或仲裁机构", max_length=80, blank=True)
    court_no = models.CharField("案号", max_length=60, blank=True)
    filed_on = models.DateField("立案日期", null=True, blank=True)
    outcome = models.CharField("结果", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "催缴"

    def summarise(self) -> str:
        return (
            f"{self.unit or self.party.journal_name}：欠费 {yuan(self.owed_fen)} 元"
            if self.owed_fen
            else f"{self.unit or self.party.journal_name}"
        )

    def search_words(self) -> str:
        return f"{self.party or ''} {self.unit or ''}"

    def facts(self) -> dict[str, object]:
        """What a contact takes over of a defect or complaint that stands behind not paying."""
        said = self.calls.order_by("-pk").first() if self.pk else None
        return {
            **super().facts(),
            "content": said.said if said else "",
            "unrouted": True,
            "channel": "phone",
            "category": "complaint",
        }


class Call(models.Model):
    """沟通记录: a call or a visit; what the payer said, what was explained to him (FEE-10, FEE-21)."""

    class Way(models.TextChoices):
        PHONE = "phone", "电话"
        VISIT = "visit", "上门面谈"
        OFFICE = "office", "来访"
        MESSAGE = "message", "短信、微信"

    case = models.ForeignKey(DunningCase, models.PROTECT, related_name="calls")
    at = models.DateTimeField("时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="谁去谈的")
    way = models.CharField("方式", max_length=8, choices=Way.choices)
    reached = models.BooleanField("找到本人", default=True)
    reason = models.CharField("未缴原因", max_length=12, choices=DunningCase.Reason.choices, blank=True)
    said = models.CharField("客户怎么说", max_length=500, blank=True)
    explained = models.CharField("解释了什么", max_length=500, blank=True)
    promised_on = models.DateField("答应哪天缴", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "沟通记录"
        indexes = [models.Index(fields=["case", "-at"], name="dunning_call_of_case")]

    def __str__(self) -> str:
        return f"{self.get_way_display()} {self.said}"


class Dispute(models.Model):
    """争议: one line is contested. While it is, it is not asked for and costs nothing to be late (domain.md §5.5); who decides it
    says whether the days count after all. One of before has no outcome: its days do not count."""

    class Outcome(models.TextChoices):
        UPHELD = "upheld", "客户有理，争议期间不计违约金"
        REJECTED = "rejected", "客户无理，争议期间照计违约金"
        AGREED = "agreed", "协商解决，争议期间不计违约金"
        MOOT = "moot", "不涉及违约金，随缴清了结"

    case = models.ForeignKey(DunningCase, models.PROTECT, related_name="disputes")
    charge = models.ForeignKey("ledger.Charge", models.PROTECT, related_name="+", verbose_name="账单")
    from_on = models.DateField("争议自")
    to_on = models.DateField("争议至", null=True)
    words = models.CharField("争议内容", max_length=300)
    outcome = models.CharField("认定", max_length=10, choices=Outcome.choices, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="认定人"
    )
    decided_at = models.DateTimeField("认定时间", null=True)
    decision = models.CharField("认定理由", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "争议"
        constraints = [
            models.UniqueConstraint(fields=["charge"], name="disputed_once_at_a_time", condition=Q(to_on__isnull=True)),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")), name="dispute_runs_forward"
            ),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(to_on__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
                name="dispute_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.charge} {self.words}"

    @property
    def counts(self) -> bool:
        """Whether its days cost something after all."""
        return self.outcome == self.Outcome.REJECTED

    @property
    def told(self) -> str:
        """How its days stand in the sum of a late fee."""
        if self.to_on is None:
            return f"争议自 {self.from_on:%Y-%m-%d}，未认定，暂不计"
        return f"争议 {self.from_on:%Y-%m-%d} 至 {self.to_on:%Y-%m-%d} {'认定无理，照计' if self.counts else '不计'}"


class Demand(models.Model):
    """What begins the limitation anew (民法典第195条): ``on`` is the day from which it is proven, none before that."""

    class Kind(models.TextChoices):
        NOTICE = "notice", "催款通知单"
        CLIENT = "client", "委托方、业委会催告"
        LAWYER = "lawyer", "律师函"
        PLAN = "plan", "分期协议"
        COURT = "court", "支付令、诉讼、仲裁"

    case = models.ForeignKey(DunningCase, models.PROTECT, related_name="demands")
    kind = models.CharField("种类", max_length=8, choices=Kind.choices)
    record = models.ForeignKey("kernel.Record", models.PROTECT, null=True, related_name="+", verbose_name="单据")
    words = models.CharField("内容", max_length=200)
    on = models.DateField("证明送达之日", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "催告"
        constraints = [
            models.UniqueConstraint(fields=["record"], name="one_demand_of_a_paper", condition=Q(record__isnull=False))
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.words}"

    @property
    def consent(self) -> bool:
        """The debtor himself said that he will pay."""
        return self.kind == self.Kind.PLAN


class DemandLine(models.Model):
    """One bill that was asked for."""

    demand = models.ForeignKey(Demand, models.PROTECT, related_name="lines")
    charge = models.ForeignKey("ledger.Charge", models.PROTECT, related_name="+", verbose_name="账单")
    amount = models.BigIntegerField("当时未缴（分）")

    class Meta:
        verbose_name = verbose_name_plural = "催告的账单"
        constraints = [models.UniqueConstraint(fields=["demand", "charge"], name="demanded_once_in_a_paper")]

    def __str__(self) -> str:
        return f"{self.charge} {yuan(self.amount)}"


class Letter(Delivered):
    """律师函, or the letter of the 业委会 or 委托方 who was asked to urge (物业管理条例第64条)."""

    case = models.ForeignKey(DunningCase, models.PROTECT, related_name="letters")
    demand = models.OneToOneField(Demand, models.PROTECT, related_name="letter")
    writer = models.CharField("由谁发出", max_length=80)
    on = models.DateField("落款日期")
    pay_by = models.DateField("要求缴清日期")
    words = models.CharField("另外说明", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "催告函"
        constraints = [*Delivered.Meta.constraints]

    def __str__(self) -> str:
        return f"{self.writer} {self.on:%Y-%m-%d}"


class Instalment(models.Model):
    """分期 of one case: what falls due when. A new agreement puts the earlier one out of force."""

    case = models.ForeignKey(DunningCase, models.PROTECT, related_name="instalments")
    agreed_on = models.DateField("协议日期")
    due_on = models.DateField("应缴日期")
    amount = models.BigIntegerField("金额（分）")
    owed = models.BigIntegerField("签约时欠费（分）")
    in_force = models.BooleanField("有效", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "分期"
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="instalment_is_something"),
            models.UniqueConstraint(
                fields=["case", "due_on"], name="instalment_once_a_day", condition=Q(in_force=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.due_on:%Y-%m-%d} {yuan(self.amount)}"
