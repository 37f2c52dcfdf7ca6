"""邮件代收：快递和挂号信，谁的，放在哪，怎么取走或退回。"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yihu.kernel.models import Record
from yihu.kernel.unspoken import UnspokenField

TAIL = 4  # by how many characters people name a parcel


class Sort(models.TextChoices):
    ORDINARY = "ordinary", "普通件"
    REGISTERED = "registered", "挂号信"


class Carrier(models.TextChoices):
    SF = "sf", "顺丰"
    JD = "jd", "京东"
    POST = "post", "邮政"
    ZTO = "zto", "中通"
    YTO = "yto", "圆通"
    STO = "sto", "申通"
    YUNDA = "yunda", "韵达"
    JT = "jt", "极兔"
    DEPPON = "deppon", "德邦"
    OTHER = "other", "其它"


class ParcelCustody(Record):
    """邮件代收登记 (F71, MAI-01): one thing that a carrier left here. Party: the addressee, where he is on the roll."""

    class State(models.TextChoices):
        HELD = "held", "待取"
        TO_RETURN = "to_return", "待退回"
        PICKED = "picked", "已取"
        RETURNED = "returned", "已退回"

    class Fault(models.TextChoices):
        """What is wrong with it. Only a damaged one still waits for its addressee."""

        DAMAGED = "damaged", "外包装破损"
        WRONG = "wrong", "错投"
        REFUSED = "refused", "拒收"
        UNCLAIMED = "unclaimed", "无人领取"

    class Told(models.TextChoices):
        MESSAGE = "message", "消息"
        PHONE = "phone", "电话"
        FACE = "face", "当面"
        SLIP = "slip", "取件通知单"

    class Proof(models.TextChoices):
        CODE = "code", "取件码"
        SIGNATURE = "signature", "签字"

    class Relation(models.TextChoices):
        SELF = "self", "本人"
        FAMILY = "family", "家属"
        TOGETHER = "together", "同住人"
        AGENT = "agent", "受托人"

    class IdType(models.TextChoices):
        CARD = "card", "身份证"
        PASSPORT = "passport", "护照"
        PERMIT = "permit", "港澳台通行证"
        LICENCE = "licence", "营业执照"
        OTHER = "other", "其它证件"

    sort = models.CharField("类别", max_length=10, choices=Sort.choices, default=Sort.ORDINARY)
    carrier = models.CharField("快递公司", max_length=10, choices=Carrier.choices, blank=True)
    tracking_no = models.CharField("单号", max_length=30, blank=True, db_index=True)
    addressee = UnspokenField("收件人", max_length=40, blank=True)
    shelf = models.CharField("位置", max_length=12)
    code = UnspokenField("取件码", max_length=6, blank=True, editable=False)  # which the journal never says
    # where it lies; empty once it is gone, so that its number and its code are free again
    held_in = models.ForeignKey(
        "estate.Community", models.PROTECT, null=True, related_name="+", verbose_name="存放项目", editable=False
    )
    told_how = models.CharField("通知方式", max_length=10, choices=Told.choices, blank=True)
    told_at = models.DateTimeField("通知时间", null=True, editable=False)
    told_times = models.PositiveSmallIntegerField("通知次数", default=0, editable=False)
    fault = models.CharField("异常", max_length=10, choices=Fault.choices, blank=True)
    fault_note = models.CharField("异常说明", max_length=200, blank=True)
    proof = models.CharField("凭什么取", max_length=10, choices=Proof.choices, blank=True, editable=False)
    picked_by = UnspokenField("取件人", max_length=40, blank=True)
    relation = models.CharField("与收件人的关系", max_length=10, choices=Relation.choices, blank=True)
    id_type = models.CharField("核对证件", max_length=10, choices=IdType.choices, blank=True)
    id_last4 = models.CharField("证件后四位", max_length=4, blank=True)
    picked_at = models.DateTimeField("取件时间", null=True, editable=False)
    returned_to = UnspokenField("交给谁", max_length=40, blank=True)
    return_no = models.CharField("退回单号", max_length=30, blank=True)
    returned_at = models.DateTimeField("退回时间", null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "邮件代收登记"
        constraints = [
            models.UniqueConstraint(
                fields=["held_in", "tracking_no"], condition=~Q(tracking_no=""), name="parcel_number_held_once"
            ),
            models.UniqueConstraint(fields=["held_in", "code"], condition=~Q(code=""), name="parcel_code_held_once"),
            # MAI-01: a registered letter leaves only against a signature and a document
            models.CheckConstraint(
                condition=~Q(sort="registered") | Q(picked_at__isnull=True) | (Q(proof="signature") & ~Q(id_last4="")),
                name="registered_only_signed",
            ),
            models.CheckConstraint(
                condition=Q(held_in__isnull=True) | (Q(picked_at__isnull=True) & Q(returned_at__isnull=True)),
                name="parcel_here_or_gone",
            ),
        ]
        indexes = [models.Index(fields=["held_in", "shelf"], name="parcel_on_shelf")]

    @property
    def tail(self) -> str:
        """By what people name it: the last of its number."""
        return f"尾号 {self.tracking_no[-TAIL:]}" if self.tracking_no else "无单号"

    @property
    def what(self) -> str:
        letter = Sort.REGISTERED.label if self.sort == Sort.REGISTERED else ""
        return " ".join(part for part in (self.get_carrier_display(), letter, self.tail) if part)

    def summarise(self) -> str:
        return f"{self.what}（{self.shelf}）"

    def search_words(self) -> str:
        return f"{self.unit or ''} {self.addressee} {self.tracking_no[-TAIL:]}"
