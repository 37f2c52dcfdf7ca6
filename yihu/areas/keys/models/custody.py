"""钥匙保管委托书与回执 (F50), 钥匙解除确认函 (F54)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from yihu.kernel.models import Record
from yihu.kernel.personal import PersonalField
from yihu.kernel.unspoken import UnspokenField


class Custody(Record):
    """钥匙保管委托书 (KEY-01, KEY-08): what an owner entrusted, for what, and how the trust ended. Party: the owner."""

    class State(models.TextChoices):
        HELD = "held", "保管中"
        RELEASED = "released", "已解除"

    class Purpose(models.TextChoices):
        REPAIR = "repair", "维修"
        LETTING = "letting", "出租看房"
        EMERGENCY = "emergency", "应急"
        OTHER = "other", "其它"

    class Capacity(models.TextChoices):
        OWNER = "owner", "业主本人"
        AGENT = "agent", "受托人（有书面授权）"
        LESSEE = "lessee", "租户（业主已同意）"

    class IdType(models.TextChoices):
        CARD = "card", "身份证"
        PASSPORT = "passport", "护照"
        PERMIT = "permit", "港澳台通行证"
        LICENCE = "licence", "营业执照"
        OTHER = "other", "其它证件"

    signer = UnspokenField("签署人", max_length=40)
    capacity = models.CharField("签署身份", max_length=10, choices=Capacity.choices, default=Capacity.OWNER)
    id_type = models.CharField("核对证件", max_length=10, choices=IdType.choices, default=IdType.CARD)
    id_last4 = models.CharField("证件后四位", max_length=4)
    phone = PersonalField("联系电话", kind="phone", blank=True)
    purpose = models.CharField("委托用途", max_length=10, choices=Purpose.choices, default=Purpose.REPAIR)
    purpose_note = models.CharField("用途说明", max_length=100, blank=True)
    allowed = UnspokenField("可以领用的联系人", max_length=100, blank=True)
    from_on = models.DateField("委托自")
    to_on = models.DateField("委托至", null=True, blank=True)
    signed_at = models.DateTimeField("签署时间", null=True, editable=False)
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="经办人", editable=False
    )
    released_at = models.DateTimeField("解除时间", null=True, editable=False)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="解除经办人", editable=False
    )
    released_to = UnspokenField("解除人", max_length=40, blank=True)
    release_id_type = models.CharField("解除时证件", max_length=10, choices=IdType.choices, blank=True)
    release_id_last4 = models.CharField("解除时证件后四位", max_length=4, blank=True)
    receipt_returned = models.BooleanField("回执已收回", null=True, blank=True)
    no_receipt_reason = models.CharField("无回执的原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "钥匙保管委托书"
        constraints = [
            # KEY-08: the slip back, or why there is none
            models.CheckConstraint(
                condition=Q(released_at__isnull=True) | Q(receipt_returned=True) | (Q(receipt_returned=False) & ~Q(no_receipt_reason="")),
                name="custody_released_with_slip_or_reason",
            )
        ]  # fmt: skip

    @property
    def receipt_no(self) -> str:
        """回执编号: the mandate's own number, so that the two parts of the sheet belong together."""
        return f"{self.number}-H"

    def summarise(self) -> str:
        return f"委托保管钥匙（{self.get_purpose_display()}）"

    def search_words(self) -> str:
        return f"{self.unit or ''} {self.signer} {self.receipt_no}"
