"""客户关系：表扬、建议、论坛与意见箱、客户沟通。"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from yihu.basics.identity import mask_free_text
from yihu.kernel import moments
from yihu.kernel.models import Deadline, Record
from yihu.kernel.personal import PersonalField
from yihu.kernel.unspoken import UnspokenField


class Praise(Record):
    """表扬 (F24): verified by a supervisor before it counts, then a merit of the person praised (DESK-03)."""

    class State(models.TextChoices):
        PENDING = "pending", "待核实"
        CONFIRMED = "confirmed", "已核实"
        CALL_BACK = "call_back", "待回访"
        CLOSED = "closed", "办结"
        TRIED = "tried", "已尝试"
        UNCONFIRMED = "unconfirmed", "未能核实"

    class Source(models.TextChoices):
        DESK = "desk", "来访来电"
        LETTER = "letter", "表扬信、锦旗"
        BOX = "box", "意见箱"
        FORUM = "forum", "论坛"
        TALK = "talk", "访谈"
        OTHER = "other", "其它"

    source = models.CharField("来源", max_length=10, choices=Source.choices, default=Source.DESK)
    content = models.TextField("表扬事由", max_length=2000)
    whom = models.CharField("受表扬人", max_length=200, blank=True, editable=False)
    caller_name = UnspokenField("表扬人", max_length=40, blank=True)
    phone = PersonalField("联系电话", kind="phone", blank=True)
    promised_at = models.DateTimeField("承诺答复时间", null=True, blank=True)
    finding = models.CharField("核实情况", max_length=400, blank=True)
    posted_at = models.CharField("公布位置", max_length=60, blank=True)
    posted_on = models.DateField("公布日期", null=True, blank=True)
    thanks = models.CharField("致谢情况", max_length=400, blank=True)
    thanked_at = models.DateTimeField("致谢时间", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "表扬"

    def summarise(self) -> str:
        return f"表扬{self.whom or '（待核实对象）'}：{mask_free_text(self.content)}"

    def search_words(self) -> str:
        return f"{self.unit or ''} {self.caller_name} {self.whom} {mask_free_text(self.content)}"


class Merit(models.Model):
    """嘉奖记录: one person, or one department, in one praise. It counts from the day it was confirmed."""

    praise = models.ForeignKey(Praise, models.PROTECT, related_name="merits", verbose_name="表扬")
    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="merits", verbose_name="人员"
    )
    team = models.CharField("部门", max_length=20, blank=True)
    confirmed_at = models.DateTimeField("核实时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "嘉奖记录"
        constraints = [
            models.UniqueConstraint(fields=["praise", "person"], name="merit_person_once"),
            models.UniqueConstraint(
                fields=["praise", "team"], condition=models.Q(person__isnull=True), name="merit_team_once"
            ),
            models.CheckConstraint(
                condition=models.Q(person__isnull=False, team="") | models.Q(person__isnull=True) & ~models.Q(team=""),
                name="merit_of_somebody",
            ),
        ]
        indexes = [models.Index(fields=["community", "-confirmed_at"], name="merit_list")]

    def __str__(self) -> str:
        return f"{self.praise_id} {self.person or self.team}"


class Suggestion(Record):
    """建议 (F24): decided by the project manager, answered in time, carried out where it was taken up (DESK-03, DESK-18)."""

    class State(models.TextChoices):
        PENDING = "pending", "待决定"
        TO_ANSWER = "to_answer", "待答复"
        DOING = "doing", "落实中"
        DONE = "done", "办结"

    class Source(models.TextChoices):
        DESK = "desk", "来访来电"
        BOX = "box", "意见箱"
        FORUM = "forum", "论坛"
        TALK = "talk", "访谈"
        OTHER = "other", "其它"

    class Decision(models.TextChoices):
        ADOPTED = "adopted", "采纳"
        PARTLY = "partly", "部分采纳"
        DECLINED = "declined", "不采纳"

    source = models.CharField("来源", max_length=10, choices=Source.choices, default=Source.DESK)
    content = models.TextField("建议内容", max_length=2000)
    caller_name = UnspokenField("建议人", max_length=40, blank=True)
    phone = PersonalField("联系电话", kind="phone", blank=True)
    promised_at = models.DateTimeField("约定时间", null=True, blank=True)
    decision = models.CharField("决定", max_length=10, choices=Decision.choices, blank=True)
    reason = models.CharField("理由", max_length=400, blank=True)
    planned_on = models.DateField("落实期限", null=True, blank=True)
    answer = models.TextField("答复内容", max_length=1000, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True, editable=False)
    public_answer = models.TextField("公开答复", max_length=1000, blank=True)
    result = models.TextField("落实结果", max_length=1000, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "建议"

    @property
    def taken_up(self) -> bool:
        return self.decision in (self.Decision.ADOPTED, self.Decision.PARTLY)

    def summarise(self) -> str:
        return f"建议：{mask_free_text(self.content)}"

    def search_words(self) -> str:
        return f"{self.unit or ''} {self.caller_name} {mask_free_text(self.content)}"


class Channel(models.Model):
    """渠道: a forum that is looked at or a box that is emptied, by a named person. Not kept: nothing comes round."""

    class Kind(models.TextChoices):
        FORUM = "forum", "论坛"
        BOX = "box", "意见箱"

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    kind = models.CharField("种类", max_length=10, choices=Kind.choices)
    name = models.CharField("名称", max_length=40)
    place = models.CharField("网址或位置", max_length=200, blank=True)
    keeper = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="负责人")
    times = models.CharField("每天几点查看", max_length=60)
    kept = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "渠道"
        constraints = [models.UniqueConstraint(fields=["community", "name"], name="channel_once")]

    def __str__(self) -> str:
        return self.name


class Look(Record):
    """渠道查看 (F17): one look at a forum, one emptying of a box (DESK-17, DESK-18)."""

    class State(models.TextChoices):
        DUE = "due", "待查看"
        LOOKED = "looked", "已查看"
        MISSED = "missed", "漏查"

    channel = models.ForeignKey(Channel, models.PROTECT, related_name="looks", verbose_name="渠道")
    slot = models.DateTimeField("应查看时间")
    due_at = models.DateTimeField("最迟")
    looked_at = models.DateTimeField("查看时间", null=True, editable=False)
    found = models.PositiveSmallIntegerField("新内容件数", null=True, editable=False)
    why = models.CharField("漏查原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "渠道查看"
        constraints = [models.UniqueConstraint(fields=["channel", "slot"], name="look_once")]

    @property
    def of_forum(self) -> bool:
        return self.channel.kind == Channel.Kind.FORUM

    @property
    def forum_due_at(self) -> Any:
        """D26 runs for forums, D27 for boxes."""
        return self.due_at if self.of_forum else None

    @property
    def box_due_at(self) -> Any:
        return None if self.of_forum else self.due_at

    def summarise(self) -> str:
        return f"{moments.short(self.slot)} {self.channel}"


class Posting(Record):
    """网帖与意见: one post of a forum or one slip out of a box; answered on the spot or passed up to the desk."""

    class State(models.TextChoices):
        OPEN = "open", "待答复"
        ANSWERED = "answered", "已答复"
        PASSED_UP = "passed_up", "已转接待"

    channel = models.ForeignKey(Channel, models.PROTECT, related_name="postings", verbose_name="渠道")
    source = models.CharField("来源", max_length=10, choices=Channel.Kind.choices, editable=False)
    author = UnspokenField("作者", max_length=40, blank=True)
    content = models.TextField("内容", max_length=2000)
    link = models.CharField("链接", max_length=300, blank=True)
    answer = models.TextField("答复内容", max_length=1000, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True, editable=False)
    public_answer = models.TextField("公开答复", max_length=1000, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "网帖与意见"

    def summarise(self) -> str:
        return f"{self.channel}：{mask_free_text(self.content)}"

    def search_words(self) -> str:
        return f"{self.author} {mask_free_text(self.content)}"

    def facts(self) -> dict[str, Any]:
        """For the contact of the desk: it is routed there as any other, and the answer is promised for the same moment."""
        due = Deadline.objects.filter(record_id=self.pk, code="D28", stopped_at__isnull=True).first()
        return {
            **super().facts(),
            "channel": self.source,
            "relation": "owner" if self.author else "anonymous",
            "caller_name": self.author,
            "content": f"{self.content}\n{self.link}".strip()[:2000],
            "promised_at": due.due_at if due else None,
            "unrouted": True,
        }


class Talk(Record):
    """客户沟通登记 (F11): a visit, a call at a festival, an interview; what was promised is followed up (DESK-22, COM-11)."""

    class State(models.TextChoices):
        FOLLOWING = "following", "跟进中"
        FILED = "filed", "已归档"

    class Method(models.TextChoices):
        VISIT = "visit", "上门"
        PHONE = "phone", "电话"
        FESTIVAL = "festival", "节日问候"
        MEETING = "meeting", "座谈"
        OTHER = "other", "其它"

    talked_on = models.DateField("日期")
    method = models.CharField("方式", max_length=10, choices=Method.choices, default=Method.VISIT)
    interviewee = UnspokenField("受访人", max_length=40)
    phone = PersonalField("联系电话", kind="phone", blank=True)
    topics = models.TextField("沟通内容", max_length=2000)
    needs = models.TextField("客户需求与意见", max_length=1000, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "客户沟通登记"

    def summarise(self) -> str:
        return f"{self.get_method_display()}：{mask_free_text(self.topics)}"

    def search_words(self) -> str:
        return f"{self.unit or ''} {self.interviewee} {mask_free_text(self.topics)} {mask_free_text(self.needs)}"

    def follow_ups(self) -> list[dict[str, Any]]:
        """What the desk is to follow up, one matter for each promise."""
        return [
            {
                "category": "other",
                "content": f"{self.get_method_display()}时承诺：{line.what}",
                "promised_at": line.due_at,
                "handler": line.handler_id,
                "unit": self.unit_id,
                "party": self.party_id,
                "caller_name": self.interviewee,
                "phone": self.phone,
            }
            for line in self.promises.order_by("pk")
        ]


class Promise(models.Model):
    """承诺事项: what was promised in a talk, by when, in whose hands."""

    talk = models.ForeignKey(Talk, models.PROTECT, related_name="promises")
    what = models.CharField("承诺事项", max_length=200)
    due_at = models.DateTimeField("完成时间")
    handler = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="责任人")

    class Meta:
        verbose_name = verbose_name_plural = "承诺事项"

    def __str__(self) -> str:
        return self.what
