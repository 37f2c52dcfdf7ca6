"""出账: one community's bills of one month, drawn up, checked by another person, posted slice by slice."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from yihu.areas.billing.reckoned import SOURCES
from yihu.basics.money import yuan
from yihu.basics.months import Month
from yihu.kernel.models import Record

PERSON = {"on_delete": models.PROTECT, "null": True, "related_name": "+", "editable": False}


class BillingRun(Record):
    """出账单. ``drawn_to``, ``done`` and ``back_to`` say how far each of its long works has come: each slice moves them in
    the transaction that writes it."""

    class State(models.TextChoices):
        DRAWING = "drawing", "正在试算"
        READY = "ready", "待核对"
        CHECKED = "checked", "已核对"
        POSTING = "posting", "正在出账"
        STOPPED = "stopped", "已暂停"
        POSTED = "posted", "已出账"
        ASKED_BACK = "asked_back", "待批准冲回"
        REVERSING = "reversing", "正在冲回"
        REVERSED = "reversed", "已冲回"
        DROPPED = "dropped", "作废"

    month_on = models.DateField("账单月份")
    sources = models.JSONField("来源", default=list)
    items = models.JSONField("收费项目", default=list, blank=True)
    threshold = models.PositiveSmallIntegerField("变动超过百分之几要看", default=30)
    # one at a time: while a run of the same scope is under way a second one cannot be opened
    under_way = models.CharField(max_length=200, null=True, unique=True, editable=False)

    round = models.PositiveIntegerField(default=0, editable=False)
    drawn_to = models.BigIntegerField(default=0, editable=False)
    units_drawn = models.PositiveIntegerField(default=0, editable=False)
    units_total = models.PositiveIntegerField("户数", default=0, editable=False)
    figures = models.JSONField(default=dict, editable=False)
    drawn_at = models.DateTimeField("试算时间", null=True, editable=False)
    slices = models.PositiveIntegerField(default=0, editable=False)

    check_note = models.CharField("核对意见", max_length=200, blank=True)
    checker = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="核对人", **PERSON)
    checked_at = models.DateTimeField("核对时间", null=True, editable=False)

    poster = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="出账人", **PERSON)
    posted_at = models.DateTimeField("出账完成时间", null=True, editable=False)
    done = models.PositiveIntegerField(default=0, editable=False)
    lines_posted = models.PositiveIntegerField("已出账行数", default=0, editable=False)
    amount_posted = models.BigIntegerField("已出账金额（分）", default=0, editable=False)
    lines_skipped = models.PositiveIntegerField("已出过、跳过的行数", default=0, editable=False)
    digest = models.CharField("账单校验值", max_length=64, blank=True, editable=False)
    offset_to = models.BigIntegerField(default=0, editable=False)
    payer_to = models.BigIntegerField(default=0, editable=False)
    amount_offset = models.BigIntegerField("已抵缴金额（分）", default=0, editable=False)
    trouble = models.CharField("暂停原因", max_length=200, blank=True, editable=False)

    back_why = models.CharField("冲回原因", max_length=200, blank=True)
    back_units = models.JSONField("只冲这些户", default=list, blank=True)
    back_asker = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="申请冲回", **PERSON)
    back_approver = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="批准冲回", **PERSON)
    back_to = models.BigIntegerField(default=0, editable=False)
    back_total = models.PositiveIntegerField(default=0, editable=False)
    lines_back = models.PositiveIntegerField("已冲回行数", default=0, editable=False)
    amount_back = models.BigIntegerField("已冲回金额（分）", default=0, editable=False)
    task_id = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "出账"

    @property
    def month(self) -> Month:
        return Month.of(self.month_on)

    @property
    def scope(self) -> str:
        """What is billed: the month and the sources, with the items where only some were chosen."""
        items = ".".join(str(pk) for pk in sorted(self.items))
        return f"{self.community_id}:{self.month_on:%Y-%m}:{','.join(sorted(self.sources))}:{items}"[:200]

    @property
    def source_words(self) -> str:
        return "、".join(SOURCES[slug].label if slug in SOURCES else slug for slug in self.sources) or "—"

    @property
    def lines(self) -> int:
        return int(self.figures.get("lines", 0))

    @property
    def amount(self) -> int:
        """What the preview comes to, in 分."""
        return int(self.figures.get("amount", 0))

    def summarise(self) -> str:
        return f"{self.month} {self.source_words}"

    def facts(self) -> dict[str, Any]:
        told = f"{self.lines} 行，{yuan(self.amount)} 元" if self.drawn_at else "正在试算"
        return {**super().facts(), "content": f"{self.month}：{told}"}
