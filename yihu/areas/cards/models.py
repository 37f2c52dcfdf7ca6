"""门禁水电卡：每一张卡，和每一次发卡。"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yihu.kernel.models import Record
from yihu.kernel.unspoken import UnspokenField


class Kind(models.TextChoices):
    ACCESS = "access", "门禁卡"
    FOB = "fob", "门禁扣"
    WATER = "water", "水卡"
    POWER = "power", "电卡"


class Card(models.Model):
    """One physical card or fob, known by the number that is printed on it."""

    class Status(models.TextChoices):
        BLANK = "blank", "库存"
        OUT = "out", "已发出"
        VOID = "void", "作废"

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    kind = models.CharField("种类", max_length=10, choices=Kind.choices)
    number = models.CharField("卡号", max_length=30)
    status = models.CharField("状况", max_length=10, choices=Status.choices, default=Status.BLANK)

    class Meta:
        verbose_name = verbose_name_plural = "卡片"
        constraints = [models.UniqueConstraint(fields=["community", "kind", "number"], name="card_number_once")]
        indexes = [models.Index(fields=["community", "status", "kind", "number"], name="card_stock")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"


class Issue(Record):
    """发卡登记: one card in the hands of one household's member (domain.md §1.5, 门禁卡/水卡/电卡)."""

    class State(models.TextChoices):
        IN_USE = "in_use", "使用中"
        STOPPED = "stopped", "已停用"
        REPLACED = "replaced", "已补换"
        RETURNED = "returned", "已退回"
        CANCELLED = "cancelled", "已注销"

    class Reason(models.TextChoices):
        """Why a card may be stopped. Money owed is none of them (民法典第944条, domain.md §6.2)."""

        LOST = "lost", "遗失"
        DAMAGED = "damaged", "损坏"
        MOVED = "moved", "已搬离"
        LEASE_END = "lease_end", "租约到期"
        ASKED = "asked", "持卡人要求"
        MISTAKE = "mistake", "发错"

    class Condition(models.TextChoices):
        GOOD = "good", "完好"
        DAMAGED = "damaged", "损坏"

    card = models.ForeignKey(
        Card, models.PROTECT, null=True, related_name="issues", verbose_name="卡片", editable=False
    )
    card_kind = models.CharField("种类", max_length=10, choices=Kind.choices)
    card_no = models.CharField("卡号", max_length=30)
    receiver = UnspokenField("领取人", max_length=40, blank=True)
    valid_until = models.DateField("有效期至", null=True, blank=True)
    fee_note = models.CharField("押金或工本费", max_length=80, blank=True)
    fee_fen = models.BigIntegerField("金额", default=0)
    receipt_no = models.CharField("收据号", max_length=30, blank=True)
    stop_reason = models.CharField("停用原因", max_length=10, choices=Reason.choices, blank=True)
    stop_note = models.CharField("停用说明", max_length=200, blank=True)
    stopped_at = models.DateTimeField("停用时间", null=True, editable=False)
    condition = models.CharField("退回状况", max_length=10, choices=Condition.choices, blank=True)
    returned_by = UnspokenField("退卡人", max_length=40, blank=True)
    returned_at = models.DateTimeField("退回时间", null=True, editable=False)
    is_out = models.BooleanField("未收回", default=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "发卡登记"
        constraints = [
            # no card is with two people at once
            models.UniqueConstraint(fields=["card"], condition=Q(is_out=True), name="card_out_once"),
            models.CheckConstraint(condition=Q(fee_fen=0) | ~Q(receipt_no=""), name="card_fee_has_a_receipt"),
            models.CheckConstraint(
                condition=Q(stop_reason__in=["", "lost", "damaged", "moved", "lease_end", "asked", "mistake"]),
                name="card_never_stopped_for_money",
            ),
        ]

    @property
    def what(self) -> str:
        return f"{self.get_card_kind_display()} {self.card_no}"

    def summarise(self) -> str:
        return self.what

    def search_words(self) -> str:
        return f"{self.unit or ''} {self.party or ''} {self.receiver} {self.card_no}"
