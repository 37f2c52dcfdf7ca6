"""Ways out for messages: what goes out, who agreed to it, and in which words."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from yihu.kernel.personal import PersonalField


class Way(models.TextChoices):
    """How a message leaves the program."""

    SMS = "sms", "短信"
    MAIL = "mail", "邮件"
    WECOM = "wecom", "企业微信"
    WECHAT = "wechat", "微信"
    PUSH = "push", "推送"


class ContactWay(models.Model):
    """联系方式与同意: how a customer may be reached, and that he agreed to it. Without it nothing leaves.

    An empty address of 短信 means the telephone on the customer's own card.
    """

    class How(models.TextChoices):
        SIGNED = "signed", "书面签字"
        DESK = "desk", "当面同意"
        PHONE = "phone", "电话同意"
        ONLINE = "online", "网上勾选"

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    party = models.ForeignKey("estate.Party", models.PROTECT, related_name="contact_ways", verbose_name="客户")
    way = models.CharField("方式", max_length=10, choices=Way.choices)
    address = PersonalField("号码或地址", kind="address")
    consent_how = models.CharField("同意方式", max_length=10, choices=How.choices)
    consent_at = models.DateTimeField("同意时间")
    consent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="记下同意的人"
    )
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "联系方式与同意"
        constraints = [models.UniqueConstraint(fields=["party", "way"], name="contact_way_once")]

    def __str__(self) -> str:
        return f"{self.party} {self.get_way_display()}"

    @property
    def in_force(self) -> bool:
        return self.withdrawn_at is None


class StaffWay(models.Model):
    """我的通知: whether the bell rings outside the program as well, and where. Each person's own choice."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="staff_ways")
    way = models.CharField("方式", max_length=10, choices=Way.choices)
    address = PersonalField("号码或地址", kind="address")
    on_since = models.DateTimeField("打开时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "我的通知"
        constraints = [models.UniqueConstraint(fields=["account", "way"], name="staff_way_once")]
        indexes = [models.Index(fields=["on_since"], name="staff_way_on", condition=Q(on_since__isnull=False))]

    def __str__(self) -> str:
        return self.get_way_display()


class StaffQuiet(models.Model):
    """One person's own hours of rest; without a row those of the community hold."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="staff_quiet")
    begins = models.TimeField("免打扰开始")
    ends = models.TimeField("免打扰结束")

    class Meta:
        verbose_name = verbose_name_plural = "我的免打扰时间"

    def __str__(self) -> str:
        return f"{self.begins:%H:%M}–{self.ends:%H:%M}"


class Wording(models.Model):
    """消息模板: the words of one kind of message from a day on; somebody else than its writer approves it."""

    class State(models.TextChoices):
        DRAFT = "draft", "待批准"
        APPROVED = "approved", "已批准"
        REFUSED = "refused", "未批准"

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    code = models.CharField("用途", max_length=20)
    text = models.CharField("内容", max_length=300)
    urgent = models.BooleanField("紧急", default=False)
    from_on = models.DateField("启用日期")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="起草人")
    drafted_at = models.DateTimeField("起草时间")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="批准人"
    )
    decided_at = models.DateTimeField("批准时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "消息模板"
        indexes = [models.Index(fields=["community", "code", "-from_on", "-id"], name="wording_in_force")]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("drafted_by")), name="wording_two_people"
            )
        ]

    def __str__(self) -> str:
        return self.text


class Outgoing(models.Model):
    """消息: one message to one person by one way. Written in the transaction that caused it, sent by the worker.

    ``token`` is what a provider knows it by before it has given an id of its own; ``key`` makes a second writing impossible.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "待发"
        SENDING = "sending", "发送中"
        HANDED = "handed", "已交"
        DELIVERED = "delivered", "送达"
        FAILED = "failed", "失败"
        RETURNED = "returned", "退回"
        CANCELLED = "cancelled", "已取消"
        KEPT = "kept", "只存未发"

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    party = models.ForeignKey("estate.Party", models.PROTECT, null=True, related_name="outgoing", verbose_name="客户")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="outgoing", verbose_name="员工"
    )
    record = models.ForeignKey(
        "kernel.Record", models.PROTECT, null=True, related_name="outgoing", verbose_name="有关的单"
    )
    bell = models.ForeignKey("kernel.Message", models.SET_NULL, null=True, related_name="+")
    way = models.CharField("方式", max_length=10, choices=Way.choices)
    code = models.CharField("用途", max_length=20)
    values: models.JSONField[Any, Any] = models.JSONField(default=dict)
    text = models.CharField("内容", max_length=400)
    urgent = models.BooleanField("紧急", default=False)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField("说明", max_length=200, blank=True)
    mask = models.CharField("发往", max_length=60, blank=True)
    key = models.CharField(max_length=160, unique=True)
    token = models.UUIDField(default=uuid.uuid4, unique=True)
    provider_id = models.CharField("服务商编号", max_length=100, blank=True)
    attempts = models.PositiveSmallIntegerField("发送次数", default=0)
    not_before = models.DateTimeField("最早发送时间")
    written_at = models.DateTimeField("写入时间")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="发起人")
    claimed_at = models.DateTimeField("发送时间", null=True)
    handed_at = models.DateTimeField("交出时间", null=True)
    reported_at = models.DateTimeField("回执时间", null=True)
    # a customer was not reached, and nobody has said yet how he was told otherwise
    lost_at = models.DateTimeField("没有送到", null=True)
    dealt_at = models.DateTimeField("另行告知时间", null=True)
    dealt_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="另行告知的人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "消息"
        indexes = [
            models.Index(fields=["community", "-id"], name="outgoing_list"),
            models.Index(fields=["community", "state", "-id"], name="outgoing_by_state"),
            models.Index(fields=["party", "-claimed_at"], name="outgoing_by_party"),
            models.Index(
                fields=["state", "not_before"],
                name="outgoing_unsettled",
                condition=Q(state__in=["waiting", "sending", "handed"]),
            ),
            models.Index(
                fields=["community", "-id"],
                name="outgoing_lost",
                condition=Q(lost_at__isnull=False, dealt_at__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(party__isnull=False, account__isnull=True) | Q(party__isnull=True, account__isnull=False),
                name="outgoing_to_one",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_way_display()} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("sending:message", args=[self.pk])


class Passage(models.Model):
    """经过: what happened to a message, one line each. ``report`` is the provider's own number of a report, once only."""

    message = models.ForeignKey(Outgoing, models.CASCADE, related_name="course")
    at = models.DateTimeField("时间")
    words = models.CharField("经过", max_length=240)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    report = models.CharField(max_length=120, null=True, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "消息经过"

    def __str__(self) -> str:
        return self.words
