"""合同台账 (ARC-16): with whom, about what, for how much, until when."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import models
from django.db.models import F, Q

from yihu.basics.identity import mask_free_text
from yihu.basics.worktime import OFFICE_ZONE
from yihu.kernel.models import Record
from yihu.kernel.personal import PersonalField
from yihu.kernel.unspoken import UnspokenField

MORNING, EVENING = time(8, 30), time(17, 30)


class Contract(Record):
    """One contract from its first to its last day; the next one is a record of its own, tied to it."""

    class State(models.TextChoices):
        RUNNING = "running", "履行中"
        DECIDED = "decided", "已定去向"
        RENEWED = "renewed", "已续签"
        ENDED = "ended", "已终止"

    class Kind(models.TextChoices):
        PROPERTY = "property", "物业服务"
        TENDER = "tender", "招投标"
        EQUIPMENT = "equipment", "设备采购与工程"
        LIFT = "lift", "电梯维保"
        TANK = "tank", "二次供水清洗"
        FIRE = "fire", "消防维保"
        CLEANING = "cleaning", "保洁绿化消杀"
        SECURITY = "security", "保安服务"
        INSURANCE = "insurance", "保险"
        LEASE = "lease", "租赁经营"
        OTHER = "other", "其它"

    class Plan(models.TextChoices):
        RENEW = "renew", "续签"
        RETENDER = "retender", "重新招标或询价"
        STOP = "stop", "到期不续"

    subject = models.CharField("合同名称", max_length=80)
    sort = models.CharField("合同类别", max_length=12, choices=Kind.choices)
    counterparty = models.CharField("对方单位", max_length=80)
    paper_no = models.CharField("合同编号", max_length=40, blank=True)
    amount_fen = models.PositiveBigIntegerField("合同金额", null=True, blank=True)
    amount_note = models.CharField("计价与付款", max_length=100, blank=True)
    from_on = models.DateField("合同起")
    to_on = models.DateField("合同止")
    contact_name = UnspokenField("对方联系人", max_length=40, blank=True)
    contact_phone = PersonalField("对方电话", kind="phone", blank=True)
    place = models.CharField("原件存放", max_length=60, blank=True)
    plan = models.CharField("去向", max_length=10, choices=Plan.choices, blank=True)
    plan_note = models.CharField("去向说明", max_length=200, blank=True)
    ended_on = models.DateField("终止日期", null=True, blank=True)
    end_reason = models.CharField("终止原因", max_length=200, blank=True)
    first_warning_at = models.DateTimeField("首次提醒", null=True, editable=False)
    last_warning_at = models.DateTimeField("再次提醒", null=True, editable=False)
    expires_at = models.DateTimeField("到期时间", null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "合同"
        indexes = [models.Index(fields=["to_on"], name="contract_by_end")]
        constraints = [models.CheckConstraint(condition=Q(from_on__lte=F("to_on")), name="contract_days_in_order")]

    def warn(self, first: int, last: int) -> None:
        """When it is spoken of: so many days before the last day, and on the last day itself."""
        self.first_warning_at = _at(self.to_on - timedelta(days=first), MORNING)
        self.last_warning_at = _at(self.to_on - timedelta(days=last), MORNING)
        self.expires_at = _at(self.to_on, EVENING)

    def summarise(self) -> str:
        return mask_free_text(f"{self.subject}（{self.counterparty}）")[:120]

    def search_words(self) -> str:
        return mask_free_text(f"{self.subject} {self.counterparty} {self.paper_no} {self.get_sort_display()}")


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, OFFICE_ZONE)
