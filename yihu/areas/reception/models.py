"""业主接待：每一次来访、来电、来信，和由此要跟进的事。"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse

from yihu.basics.identity import mask_free_text
from yihu.ground.contact import words
from yihu.kernel.models import Record
from yihu.kernel.personal import PersonalField
from yihu.kernel.unspoken import UnspokenField


class Category(models.TextChoices):
    """Exactly one of seven (DESK-02)."""

    REPAIR = "repair", "报修"
    COMPLAINT = "complaint", "投诉"
    SERVICE = "service", "服务"
    AFTER_SALES = "after_sales", "售后"
    PRAISE = "praise", "表扬"
    SUGGESTION = "suggestion", "建议"
    OTHER = "other", "其它"


class Contact(Record):
    """业主接待记录 (F01): one visit, call or letter."""

    class State(models.TextChoices):
        REGISTERED = "registered", "登记"
        IN_HAND = "in_hand", "处理中"
        READY = "ready", "待注销"
        STRUCK = "struck", "已注销"
        VOIDED = "voided", "作废"

    Channel, Relation = words.Channel, words.Relation

    channel = models.CharField("来访方式", max_length=10, choices=Channel.choices, default=Channel.PHONE)
    received_at = models.DateTimeField("接待时间")
    caller_name = UnspokenField("来访人", max_length=40, blank=True)
    phone = PersonalField("联系电话", kind="phone", blank=True)
    relation = models.CharField("身份", max_length=10, choices=Relation.choices, default=Relation.OWNER)
    category = models.CharField("类别", max_length=12, choices=Category.choices)
    content = models.TextField("内容", max_length=2000)
    answered = models.BooleanField("当场答复", default=False)
    result = models.TextField("处理结果", max_length=1000, blank=True)
    promised_at = models.DateTimeField("承诺答复时间", null=True, blank=True)
    replied_at = models.DateTimeField("答复时间", null=True, blank=True, editable=False)
    report = models.TextField("部门回报", max_length=1000, blank=True)
    reported_at = models.DateTimeField("回报时间", null=True, blank=True, editable=False)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="回报人", editable=False
    )
    about_staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="涉及员工"
    )

    class Meta:
        verbose_name = verbose_name_plural = "业主接待记录"
        indexes = [models.Index(fields=["category"], name="contact_category")]

    @property
    def ready_to_strike(self) -> bool:
        return self.state == self.State.READY

    def summarise(self) -> str:
        return f"{self.get_category_display()}：{mask_free_text(self.content)}"

    def search_words(self) -> str:
        return f"{self.unit or ''} {self.caller_name} {mask_free_text(self.content)}"

    def facts(self) -> dict[str, Any]:
        return {
            **super().facts(),
            "category": self.category,
            "content": self.content,
            "caller_name": self.caller_name,
            "phone": self.phone,
            "promised_at": self.promised_at,
            "anonymous": self.relation == self.Relation.ANONYMOUS,
            "channel": self.channel,
            "relation": self.relation,
            "about_staff": self.about_staff_id,
        }


class Matter(Record):
    """跟进事项: a matter with a person, a promise, a result and a call-back, for categories that have no area of their own yet."""

    class State(models.TextChoices):
        OPEN = "open", "待办"
        CALL_BACK = "call_back", "待回访"
        CLOSED = "closed", "办结"
        TRIED = "tried", "已尝试"

    class Subject(models.TextChoices):
        """What the other matters are about: a register of their own (DESK-03)."""

        PETS = "pets", "宠物"
        NOISE = "noise", "噪音"
        PARKING = "parking", "停车"
        LOST_FOUND = "lost_found", "遗失拾得"
        HYGIENE = "hygiene", "环境卫生"
        OTHER = "other", "其它"

    category = models.CharField("类别", max_length=12, choices=Category.choices)
    subject = models.CharField("事由", max_length=12, choices=Subject.choices, blank=True)
    content = models.TextField("事项", max_length=2000)
    caller_name = UnspokenField("来访人", max_length=40, blank=True)
    phone = PersonalField("联系电话", kind="phone", blank=True)
    promised_at = models.DateTimeField("承诺答复时间", null=True, blank=True)
    result = models.TextField("处理结果", max_length=1000, blank=True)
    done_at = models.DateTimeField("完成时间", null=True, blank=True, editable=False)
    round_no = models.PositiveSmallIntegerField("第几轮", default=1, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "跟进事项"

    def summarise(self) -> str:
        again = f"（第 {self.round_no} 轮）" if self.round_no > 1 else ""
        about = f"·{self.get_subject_display()}" if self.subject not in ("", self.Subject.OTHER) else ""
        return f"{self.get_category_display()}{about}{again}：{mask_free_text(self.content)}"

    def search_words(self) -> str:
        return f"{self.unit or ''} {self.caller_name} {mask_free_text(self.content)}"

    def facts(self) -> dict[str, Any]:
        return {
            **super().facts(),
            "category": self.category,
            "content": self.content,
            "caller_name": self.caller_name,
            "phone": self.phone,
        }


class Knowledge(models.Model):
    """知识库: an answer that clerks look up: fees, numbers, procedures, law (DESK-11)."""

    class Topic(models.TextChoices):
        FEES = "fees", "收费"
        NUMBERS = "numbers", "电话"
        PROCEDURE = "procedure", "办事"
        LAW = "law", "法规"
        OTHER = "other", "其它"

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    topic = models.CharField("类别", max_length=10, choices=Topic.choices, default=Topic.OTHER)
    question = models.CharField("问题", max_length=120)
    answer = models.TextField("答复", max_length=2000)
    asked = models.PositiveIntegerField("被问次数", default=0)
    shown = models.BooleanField("启用", default=True)
    checked_on = models.DateField("核对日期")

    class Meta:
        verbose_name = verbose_name_plural = "知识库"
        constraints = [models.UniqueConstraint(fields=["community", "question"], name="knowledge_once")]

    def __str__(self) -> str:
        return self.question

    def get_absolute_url(self) -> str:
        return reverse("reception:entry", args=[self.pk])


class Guide(models.Model):
    """接待指引: what to say and do for a kind of contact, shown beside the form (DESK-10). Edited by the supervisor."""

    community = models.ForeignKey(
        "estate.Community", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="管理项目"
    )
    when = models.CharField("场合", max_length=40)
    channel = models.CharField("来访方式", max_length=10, choices=Contact.Channel.choices, blank=True)
    category = models.CharField("类别", max_length=12, choices=Category.choices, blank=True)
    lines = models.TextField("要点", max_length=1000)
    position = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "接待指引"
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.when
