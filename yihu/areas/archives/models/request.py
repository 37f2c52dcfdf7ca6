"""个人信息请求: a person asks for a copy of what is held on him, for its correction, its erasure, or for a lock to be opened (PIPL 45–47)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from yihu.kernel.models import Record
from yihu.kernel.unspoken import UnspokenField


class DataRequest(Record):
    """One request, from the desk to the answer; the party is whose data it is about."""

    class State(models.TextChoices):
        ASKED = "asked", "待决定"
        DECIDED = "decided", "待办理"
        ANSWERED = "answered", "已答复"
        CALLED_OFF = "called_off", "本人撤回"

    class Asks(models.TextChoices):
        COPY = "copy", "查阅、复制"
        CORRECT = "correct", "更正、补充"
        ERASE = "erase", "删除"
        UNLOCK = "unlock", "解除锁定"

    class Asker(models.TextChoices):
        SELF = "self", "本人"
        PROXY = "proxy", "受托人（有委托书）"
        KIN = "kin", "近亲属（本人已去世）"

    class IdType(models.TextChoices):
        CARD = "card", "身份证"
        PASSPORT = "passport", "护照"
        LICENCE = "licence", "营业执照"
        OTHER = "other", "其它证件"

    class Delivery(models.TextChoices):
        HAND = "hand", "当面交付"
        POST = "post", "邮寄"
        MAIL = "mail", "电子邮件"

    asks = models.CharField("请求", max_length=8, choices=Asks.choices)
    asker = models.CharField("谁来请求", max_length=6, choices=Asker.choices, default=Asker.SELF)
    asker_name = UnspokenField("代办人姓名", max_length=40, blank=True)
    id_type = models.CharField("核对证件", max_length=8, choices=IdType.choices, default=IdType.CARD)
    id_last4 = models.CharField("证件后四位", max_length=4)
    said = models.TextField("怎样请求的", max_length=500, blank=True)
    also_called = UnspokenField(
        "还被称作", max_length=80, blank=True, help_text="登记里可能这样写他，用顿号分开，例如 赵先生、老赵"
    )
    items: models.JSONField[Any, Any] = models.JSONField("逐项决定", default=list, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="决定人", editable=False
    )
    decided_at = models.DateTimeField("决定时间", null=True, editable=False)
    outcome = models.TextField("更正了什么", max_length=500, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="办理人", editable=False
    )
    done_at = models.DateTimeField("办理时间", null=True, editable=False)
    delivery = models.CharField("答复方式", max_length=6, choices=Delivery.choices, blank=True)
    received_by = UnspokenField("签收人", max_length=40, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "个人信息请求"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(asker="self") | ~models.Q(asker_name=""), name="data_request_names_the_proxy"
            ),
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True) | models.Q(decided_by__isnull=False),
                name="data_request_answered_after_decision",
            ),
        ]

    def summarise(self) -> str:
        """What is asked; neither who nor what about."""
        return f"请求{self.get_asks_display()}（{self.get_asker_display().partition('（')[0]}）"

    def decision(self, code: str) -> str:
        return next((str(item["decision"]) for item in self.items if item["code"] == code), "")

    @property
    def granted(self) -> bool:
        """Something is to be done, not only to be answered."""
        return any(item["decision"] not in ("refuse", "keep") for item in self.items)
