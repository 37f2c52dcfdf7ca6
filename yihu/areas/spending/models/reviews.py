"""预算执行考核: a month's plan against what happened, and each quarter what it should mean for the head of the project (FEE-15, D72)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from yihu.basics.money import yuan
from yihu.kernel.models import Record


class BudgetReview(Record):
    """Drawn up by one, checked by another, read by the head; a quarter's carries a proposal of reward or penalty."""

    class State(models.TextChoices):
        DUE = "due", "待编制"
        SIGNED = "signed", "待财务主管审核"
        CHECKED = "checked", "待负责人签阅"
        READ = "read", "已签阅"

    class Span(models.TextChoices):
        MONTH = "month", "月度"
        QUARTER = "quarter", "季度"

    class Proposal(models.TextChoices):
        NONE = "none", "不奖不罚"
        REWARD = "reward", "奖励"
        PENALTY = "penalty", "处罚"

    span = models.CharField("周期", max_length=10, choices=Span.choices)
    from_on = models.DateField("自")
    to_on = models.DateField("至")
    told: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True, editable=False)
    words = models.TextField("差异说明", max_length=1000, blank=True)
    proposal = models.CharField("奖惩建议", max_length=10, choices=Proposal.choices, blank=True)
    proposal_fen = models.BigIntegerField("建议金额（分）", default=0)
    proposal_why = models.CharField("建议的理由", max_length=200, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="编制人", editable=False
    )
    signed_at = models.DateTimeField("编制时间", null=True, editable=False)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="审核人", editable=False
    )
    why_back = models.CharField("退回原因", max_length=200, blank=True)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="项目负责人", editable=False
    )
    reply = models.CharField("负责人意见", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "预算执行表"
        constraints = [
            models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="review_runs_forward"),
            models.CheckConstraint(
                condition=~Q(proposal__in=["reward", "penalty"]) | (Q(proposal_fen__gt=0) & ~Q(proposal_why="")),
                name="review_proposal_has_its_reason",
            ),
        ]

    @property
    def period(self) -> str:
        if self.span == self.Span.QUARTER:
            return f"{self.from_on.year} 年第 {(self.from_on.month + 2) // 3} 季度"
        return f"{self.from_on.year} 年 {self.from_on.month} 月"

    @property
    def proposed(self) -> str:
        """The proposal in words."""
        if self.proposal in ("", self.Proposal.NONE):
            return str(self.get_proposal_display()) if self.proposal else ""
        return f"{self.get_proposal_display()} {yuan(self.proposal_fen)} 元：{self.proposal_why}"

    def summarise(self) -> str:
        return f"{self.period}预算执行表"
