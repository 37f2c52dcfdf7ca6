"""What a payer objected to on the page that nobody signs in to."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Objection(models.Model):
    """疑问、异议: what a payer asked about his bill or one line of it, and the desk's entry that came of it (FEE-21)."""

    class Reason(models.TextChoices):
        """Coded as in dunning, so that both count the same; two more that only the payer himself knows."""

        AMOUNT = "amount", "金额算得不对"
        PAID = "paid", "我已经缴过了"
        NOT_MINE = "not_mine", "不该由我付（已转让、出租等）"
        VACANT = "vacant", "房屋空置"
        SERVICE = "service", "对服务不满意"
        CONSTRUCTION = "construction", "房屋质量有问题"
        HARDSHIP = "hardship", "一时有困难，想商量怎么缴"
        OTHER = "other", "只是问一下"

    notice = models.ForeignKey(
        "notices.Notice", models.PROTECT, null=True, related_name="objections", verbose_name="通知单"
    )
    dunning = models.ForeignKey(
        "dunning.DunningNotice", models.PROTECT, null=True, related_name="objections", verbose_name="催款通知单"
    )
    charge = models.ForeignKey("ledger.Charge", models.PROTECT, null=True, related_name="+", verbose_name="账单行")
    reason = models.CharField("原因", max_length=12, choices=Reason.choices)
    contact = models.OneToOneField("reception.Contact", models.PROTECT, related_name="+", verbose_name="接待")
    asked_at = models.DateTimeField("提出时间")

    class Meta:
        verbose_name = verbose_name_plural = "缴费疑问"
        indexes = [
            models.Index(fields=["notice", "asked_at"], name="payer_objection_of"),
            models.Index(fields=["dunning", "asked_at"], name="payer_objection_of_dunning"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(dunning__isnull=True, notice__isnull=False) | Q(dunning__isnull=False, notice__isnull=True),
                name="payer_objection_of_one_paper",
            )
        ]

    def __str__(self) -> str:
        return self.get_reason_display()
