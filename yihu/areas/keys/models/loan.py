"""客服中心钥匙使用登记表 (F51): each time a key went out."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from yihu.areas.keys.models.ledger import KeySet
from yihu.kernel.models import Record
from yihu.kernel.personal import PersonalField
from yihu.kernel.unspoken import UnspokenField


class KeyLoan(Record):
    """钥匙使用登记 (KEY-04, KEY-06, KEY-07): who, why, approved by whom, out, due, back, in what state, who kept it."""

    class State(models.TextChoices):
        ASKED = "asked", "待批准"
        APPROVED = "approved", "已批准待取"
        OUT = "out", "借出"
        BACK = "back", "已还"
        REFUSED = "refused", "未批准"
        LOST = "lost", "未还（已报遗失）"

    class Act(models.TextChoices):
        BORROW = "borrow", "借用"
        DRAW = "draw", "领用"
        COPY = "copy", "复制"

    class Borrower(models.TextChoices):
        REPAIRER = "repairer", "维修人员"
        STAFF = "staff", "非维修人员"
        SALES = "sales", "营销代表"
        OWNER = "owner", "业主"
        CONTRACTOR = "contractor", "外单位"

    class Condition(models.TextChoices):
        GOOD = "good", "完好"
        DAMAGED = "damaged", "损坏"

    act = models.CharField("办理", max_length=8, choices=Act.choices, default=Act.BORROW)
    key = models.ForeignKey(KeySet, models.PROTECT, related_name="loans", verbose_name="钥匙")
    borrower_kind = models.CharField(
        "借用人类别", max_length=10, choices=Borrower.choices, default=Borrower.REPAIRER
    )  # fmt: skip
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="借用员工"
    )
    borrower = UnspokenField("借用人", max_length=40, blank=True)
    company = models.CharField("单位", max_length=60, blank=True)
    phone = PersonalField("借用人电话", kind="phone", blank=True)
    id_last4 = models.CharField("证件后四位", max_length=4, blank=True)
    job = models.ForeignKey(
        "kernel.Record", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="维修单"
    )  # fmt: skip
    reason = models.CharField("事由", max_length=200, blank=True)
    escort = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="陪同人"
    )
    consent_from = UnspokenField("业主谁同意的", max_length=40, blank=True)
    consent_at = models.DateTimeField("征得业主同意的时间", null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="批准人", editable=False
    )
    approved_at = models.DateTimeField("批准时间", null=True, editable=False)
    refusal = models.CharField("不批准的原因", max_length=200, blank=True)
    out_at = models.DateTimeField("借出时间", null=True, editable=False)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="发放人", editable=False
    )
    due_at = models.DateTimeField("应还时间")
    back_at = models.DateTimeField("归还时间", null=True, editable=False)
    returned_by = UnspokenField("归还人", max_length=40, blank=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="收回人", editable=False
    )
    condition = models.CharField("归还状况", max_length=10, choices=Condition.choices, blank=True)
    copies = models.PositiveSmallIntegerField("复制了几把", null=True, blank=True)
    chased = models.PositiveSmallIntegerField("催还次数", default=0, editable=False)
    is_out = models.BooleanField("在外", default=False, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "钥匙使用登记"
        constraints = [
            # KEY-10: no key is with two people at once
            models.UniqueConstraint(fields=["key"], condition=Q(is_out=True), name="key_out_once"),
            models.CheckConstraint(
                condition=Q(is_out=False) | Q(out_at__isnull=False, given_by__isnull=False, back_at__isnull=True),
                name="key_out_is_written_down",
            ),
            # KEY-06, KEY-07: only a repairer with his order goes without an approval
            models.CheckConstraint(
                condition=Q(out_at__isnull=True) | Q(approved_by__isnull=False)
                | Q(act="borrow", borrower_kind="repairer", job__isnull=False),
                name="key_out_is_approved",
            ),
        ]  # fmt: skip

    def summarise(self) -> str:
        return f"{self.get_act_display()} {self.key}：{self.staff or self.get_borrower_kind_display()}"

    def search_words(self) -> str:
        return f"{self.key} {self.borrower} {self.company}"
