"""投诉：一件一单，从受理到归档；集体投诉一件多户，户户有答复。"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import models

from yihu.areas.complaints.words import Apology, Category, Cause, Level, Opinion, Receipt, Source, Validity
from yihu.basics.identity import mask_free_text
from yihu.basics.worktime import OFFICE_ZONE, office_time
from yihu.ground.contact.words import Channel, Relation
from yihu.kernel.models import Record
from yihu.kernel.personal import PersonalField
from yihu.kernel.unspoken import UnspokenField

STAFF: dict[str, Any] = {"null": True, "blank": True, "related_name": "+"}


class Complaint(Record):
    """投诉记录表 (F20) and 投诉意见处理表 (F21) in one: what was complained of, what was done, what the owner says to it."""

    class State(models.TextChoices):
        RECEIVED = "received", "受理"
        CHECKING = "checking", "待确认"
        ISSUED = "issued", "已发单"
        REPLIED = "replied", "部门已回复"
        HANDLING = "handling", "处理中"
        TOLD = "told", "已告知业主"
        OPINION = "opinion", "业主意见"
        CONFIRMING = "confirming", "待项目经理确认"
        CALL_BACK = "call_back", "待回访"
        CLOSED = "closed", "归档"
        EXPLAINED = "explained", "判无效-已解释"

    channel = models.CharField("投诉方式", max_length=10, choices=Channel.choices, default=Channel.PHONE)
    source = models.CharField("来源", max_length=10, choices=Source.choices, default=Source.DIRECT)
    referred_by = models.CharField("转来单位或文号", max_length=80, blank=True)
    anonymous = models.BooleanField("匿名", default=False)
    complainant = UnspokenField("投诉人", max_length=40, blank=True)
    phone = PersonalField("联系电话", kind="phone", blank=True)
    relation = models.CharField("身份", max_length=10, choices=Relation.choices, default=Relation.OWNER)
    about_dept = models.CharField("被投诉部门", max_length=20, blank=True)
    about_staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="被投诉员工", **STAFF)
    whole_team_out = models.BooleanField("整个部门回避", default=False)
    happened_at = models.DateTimeField("发生时间", null=True, blank=True)
    place = models.CharField("发生地点", max_length=80, blank=True)
    content = models.TextField("投诉内容", max_length=2000)
    demand = models.TextField("投诉人要求", max_length=1000, blank=True)
    apologised = models.BooleanField("已当场致歉", default=False)
    safety = models.BooleanField("涉及人身安全", default=False)
    # a major complaint and one of safety does not wait for the desk to open
    pace = models.CharField(max_length=8, default="service", editable=False)

    level = models.CharField("级别", max_length=10, choices=Level.choices, default=Level.IMPORTANT)
    level_reason = models.CharField("定级理由", max_length=200, blank=True)
    major_at = models.DateTimeField("定为重大时间", null=True, editable=False)
    validity = models.CharField(
        "有效性", max_length=8, choices=Validity.choices, default=Validity.PENDING, editable=False
    )
    invalid_reason = models.CharField("判为无效的理由", max_length=400, blank=True)
    explained_at = models.DateTimeField("解释时间", null=True, editable=False)
    appealed_at = models.DateTimeField("申诉时间", null=True, editable=False)
    appeal = models.TextField("申诉内容", max_length=1000, blank=True)
    appeal_answer = models.CharField("申诉答复", max_length=400, blank=True)
    category = models.CharField("投诉类别", max_length=12, choices=Category.choices)
    repeat_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name="重复投诉于", related_name="repeats"
    )
    round = models.PositiveSmallIntegerField("第几轮", default=1, editable=False)

    issued_at = models.DateTimeField("发单时间", null=True, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="确认人", editable=False, **STAFF
    )
    cause = models.TextField("原因", max_length=1000, blank=True)
    cause_class = models.CharField("原因分类", max_length=10, choices=Cause.choices, blank=True)
    remedy = models.TextField("处理措施", max_length=1000, blank=True)
    prevention = models.TextField("预防措施", max_length=1000, blank=True)
    due_on = models.DateField("预计完成日期", null=True, blank=True)
    undecided_reason = models.CharField("暂不能定期的原因", max_length=400, blank=True)
    replied_at = models.DateTimeField("部门答复时间", null=True, editable=False)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="答复人", editable=False, **STAFF
    )
    remedied_at = models.DateTimeField("措施完成时间", null=True, editable=False)
    first_answer_at = models.DateTimeField("首次答复业主时间", null=True, editable=False)
    first_answer = models.CharField("首次答复内容", max_length=400, blank=True)
    told_at = models.DateTimeField("措施告知业主时间", null=True, editable=False)
    told = models.CharField("告知内容", max_length=400, blank=True)

    opinion = models.CharField("业主意见", max_length=12, choices=Opinion.choices, blank=True)
    opinion_words = models.CharField("业主的话", max_length=400, blank=True)
    opinion_at = models.DateTimeField("签署时间", null=True, editable=False)
    opinion_way = models.CharField("签署方式", max_length=10, blank=True, editable=False)
    opinion_refused = models.CharField("拒签原因", max_length=200, blank=True)
    witnesses = models.CharField("拒签见证人", max_length=80, blank=True, editable=False)
    owner_signature = models.ForeignKey(
        "kernel.Attachment", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="业主签名"
    )
    apology_at = models.DateTimeField("主管致歉时间", null=True, editable=False)
    apology_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="致歉的主管", editable=False, **STAFF
    )
    apology_way = models.CharField("致歉方式", max_length=10, choices=Apology.choices, blank=True)
    apology_with = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="和谁一起", **STAFF)
    no_apology = models.CharField("没有致歉的原因", max_length=200, blank=True)
    noticed_at = models.DateTimeField("通报时间", null=True, editable=False)
    notice = models.CharField("通报内容", max_length=400, blank=True)
    confirmed_at = models.DateTimeField("项目经理确认时间", null=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="确认归档人", editable=False, **STAFF
    )
    caller = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="指定回访人", **STAFF)

    receipt_way = models.CharField("回执怎样交的", max_length=10, choices=Receipt.choices, blank=True)
    receipt_words = models.CharField("回执说明", max_length=100, blank=True)
    receipt_at = models.DateTimeField("回执交出时间", null=True, editable=False)
    receipt_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="交回执的人", editable=False, **STAFF
    )

    class Meta:
        verbose_name = verbose_name_plural = "投诉"
        indexes = [
            models.Index(fields=["category", "about_dept"], name="complaint_alike"),
            models.Index(fields=["level"], name="complaint_level"),
        ]

    @property
    def dept(self) -> str:
        """The responsible department; the code stands in ``Record.team``."""
        return self.team

    @property
    def received_at(self) -> datetime:
        return self.opened_at

    @property
    def collective_count(self) -> int:
        """The households that complain: the first one and those that joined."""
        return 1 + self.joined.count()

    @property
    def joined(self) -> Any:
        """The households that joined and were not taken out again."""
        return self.households.filter(withdrawn_at__isnull=True)

    @property
    def counts_month(self) -> str:
        """The month of grace (D11) runs for what is valid, or not yet judged, and not major already."""
        return "no" if self.level == Level.MAJOR or self.validity == Validity.INVALID else "yes"

    @property
    def month_over_at(self) -> datetime | None:
        """One month after it was received: the same day of the next month, or that month's last."""
        return one_month_after(self.opened_at) if self.opened_at else None

    @property
    def due_at(self) -> datetime | None:
        """The end of the day by which the department means to be done."""
        return datetime.combine(self.due_on, time(23, 59, 59), OFFICE_ZONE) if self.due_on else None

    def summarise(self) -> str:
        again = f"（第 {self.round} 轮）" if self.round > 1 else ""
        many = self.joined.count() if self.pk else 0
        told = f"（集体 {many + 1} 户）" if many else ""
        return f"{self.get_category_display()}{again}{told}：{mask_free_text(self.content)}"

    def search_words(self) -> str:
        return f"{self.unit or ''} {self.complainant} {mask_free_text(self.content)}"

    def facts(self) -> dict[str, Any]:
        return {
            **super().facts(),
            "content": self.content,
            "caller_name": self.complainant,
            "phone": self.phone,
            "about_staff": self.about_staff_id,
            "about_dept": self.about_dept,
            "cause": self.cause,
            "relation": self.relation,
            "anonymous": self.anonymous,
            "complaint": self.number,
            "complaint_category": self.category,
        }


class Household(models.Model):
    """A household that joined a collective complaint. Each of them gets an answer of its own.

    ``came_by`` is the entry of its call, or the complaint of its own that was merged into this one; one that joined wrongly
    is taken out again with a reason and stays in the list of what was. How it got its receipt is its own affair, too
    (CMP-14); ``receipt_failed_at``: a message of it came to nothing, and it was not given otherwise since.
    """

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="households", verbose_name="投诉")
    unit = models.ForeignKey(
        "estate.Unit", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="房号"
    )
    party = models.ForeignKey(
        "estate.Party", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="客户"
    )
    name = UnspokenField("投诉人", max_length=40, blank=True)
    phone = PersonalField("联系电话", kind="phone", blank=True)
    said = models.CharField("反映内容", max_length=400, blank=True)
    joined_at = models.DateTimeField("并入时间")
    answered_at = models.DateTimeField("答复时间", null=True)
    answer = models.CharField("答复内容", max_length=400, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="答复人", **STAFF)
    came_by = models.ForeignKey(
        "kernel.Record", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="来电或原投诉"
    )
    receipt_way = models.CharField("回执怎样交的", max_length=10, choices=Receipt.choices, blank=True)
    receipt_words = models.CharField("回执说明", max_length=100, blank=True)
    receipt_at = models.DateTimeField("回执交出时间", null=True)
    receipt_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="交回执的人", **STAFF)
    receipt_signed = models.ForeignKey(
        "kernel.Attachment", models.PROTECT, null=True, related_name="+", verbose_name="签收的回执"
    )
    receipt_message = models.ForeignKey(
        "sending.Outgoing", models.PROTECT, null=True, related_name="+", verbose_name="回执消息"
    )
    receipt_failed_at = models.DateTimeField("回执消息没有送到", null=True)
    withdrawn_at = models.DateTimeField("撤出时间", null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="撤出人", **STAFF)
    withdrawn_why = models.CharField("撤出原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "集体投诉住户"
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "unit"],
                name="household_joins_once",
                condition=models.Q(withdrawn_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return " ".join(part for part in (str(self.unit or ""), self.name) if part) or f"第 {self.pk} 户"

    @property
    def journal_name(self) -> str:
        return str(self.unit or f"第 {self.pk} 户")


class Explanation(models.Model):
    """A manager whom the desk called in to explain to the complainant: who came, when, what was said (CMP-15)."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="explanations", verbose_name="投诉")
    came = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="到场解释人")
    came_at = models.DateTimeField("到场时间")
    said = models.CharField("解释内容", max_length=400)

    class Meta:
        verbose_name = verbose_name_plural = "到场解释"
        ordering = ["came_at", "pk"]

    def __str__(self) -> str:
        return f"{self.came} {self.said}"


def one_month_after(moment: datetime) -> datetime:
    """The same clock time one month on; where that month has no such day, on its last."""
    local = office_time(moment)
    year, month = (local.year + 1, 1) if local.month == 12 else (local.year, local.month + 1)
    first_after = date(year + 1, 1, 1) if month == 12 else date(year, month + 1, 1)
    last = (first_after - timedelta(days=1)).day
    return local.replace(year=year, month=month, day=min(local.day, last))
