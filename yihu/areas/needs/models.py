"""服务需求：客户委托、公共需求、客户其他委托，一行一件，行行有人签批。"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models

from yihu.basics.identity import mask_free_text
from yihu.ground.staff.codes import DEPARTMENT_NAMES
from yihu.kernel.models import Record
from yihu.kernel.personal import PersonalField
from yihu.kernel.unspoken import UnspokenField


class Need(Record):
    """One line of one of the three registers F06, F07, F08 (DESK-21)."""

    class State(models.TextChoices):
        OPEN = "open", "办理中"
        CALL_BACK = "call_back", "待回访"
        SETTLED = "settled", "办毕待签批"
        CLOSED = "closed", "已办结"

    class Register(models.TextChoices):
        COMMISSIONED = "commissioned", "客户委托"
        PUBLIC = "public", "公共需求"
        OTHER = "other", "其他委托"

    class Type(models.TextChoices):
        REPAIR = "repair", "维修"
        CLEANING = "cleaning", "保洁"
        MOVING = "moving", "搬运"
        ERRAND = "errand", "代办"
        BUSINESS = "business", "商务"
        MEETING = "meeting", "会议"
        PARKING = "parking", "车位"
        ENQUIRY = "enquiry", "咨询"
        OTHER = "other", "其它"

    class SignOff(models.TextChoices):
        WAITING = "waiting", "待签批"
        RETURNED = "returned", "已退回"
        SIGNED = "signed", "已签批"

    register = models.CharField("登记表", max_length=12, choices=Register.choices, default=Register.COMMISSIONED)
    customer = UnspokenField("客户", max_length=40, blank=True)
    phone = PersonalField("联系电话", kind="phone", blank=True)
    place = models.CharField("区域", max_length=60, blank=True)
    need_type = models.CharField("需求类型", max_length=10, choices=Type.choices)
    content = models.TextField("服务需求", max_length=1000)
    expected_at = models.DateTimeField("要求完成时间")
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="办理人", editable=False
    )
    handled_at = models.DateTimeField("办结时间", null=True, blank=True)
    result = models.TextField("办理结果", max_length=1000, blank=True)
    charge_note = models.CharField("收费", max_length=100, blank=True)
    sign_off = models.CharField("签批", max_length=10, choices=SignOff.choices, default=SignOff.WAITING, editable=False)
    sign_by = models.DateTimeField("应签批时间", null=True, editable=False)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="签批人", editable=False
    )
    signed_at = models.DateTimeField("签批时间", null=True, editable=False)
    return_reason = models.CharField("退回原因", max_length=200, blank=True)
    round_no = models.PositiveSmallIntegerField("第几轮", default=1, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "服务需求登记表"
        indexes = [models.Index(fields=["sign_off"], name="need_waits_for_sign_off")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(sign_off="signed") | models.Q(signed_by__isnull=False, signed_at__isnull=False),
                name="need_signed_by_somebody",
            )
        ]

    @property
    def has_customer(self) -> bool:
        return self.register != self.Register.PUBLIC and bool(self.customer)

    @property
    def where(self) -> str:
        return str(self.unit or self.place or "")

    @property
    def department(self) -> str:
        return DEPARTMENT_NAMES.get(self.team, self.team)

    def gaps(self) -> list[str]:
        """What the approver sees missing in this line."""
        found = []
        if self.register != self.Register.PUBLIC and self.unit_id is None:
            found.append("房号")
        if self.has_customer and not self.phone:
            found.append("联系电话")
        if self.handler_id is None and self.handled_by_id is None:
            found.append("承办人")
        if self.handled_at is None and self.expected_at <= self.opened_at + timedelta(minutes=5):
            found.append("要求完成时间与登记时间相同")
        return found

    def summarise(self) -> str:
        again = f"（第 {self.round_no} 轮）" if self.round_no > 1 else ""
        return f"{self.get_need_type_display()}{again}：{mask_free_text(self.content)}"

    def search_words(self) -> str:
        return f"{self.where} {self.customer} {mask_free_text(self.content)}"

    def facts(self) -> dict[str, Any]:
        return {**super().facts(), "content": self.content, "caller_name": self.customer, "phone": self.phone}
