"""业主档案查阅: somebody outside the centre reads certain papers, with permission, an escort and a window (F38, ARC-04)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models

from yihu.ground.papers.models import Paper
from yihu.kernel.models import Record
from yihu.kernel.unspoken import UnspokenField


class Reading(Record):
    """One reading, from the request to the papers' return."""

    class State(models.TextChoices):
        ASKED = "asked", "待批准"
        ALLOWED = "allowed", "已批准"
        READING = "reading", "查阅中"
        ENDED = "ended", "已归还"
        REFUSED = "refused", "不同意"
        CALLED_OFF = "called_off", "已取消"

    outside = models.BooleanField("查阅人是外单位的", default=False)
    reader = UnspokenField("查阅人", max_length=40, blank=True)
    dept = models.CharField("部门或单位", max_length=60, blank=True)
    wanted: models.JSONField[Any, Any] = models.JSONField("查阅的资料", default=list, editable=False)
    reason = models.TextField("查阅原因", max_length=500)
    from_at = models.DateTimeField("可查阅时间", null=True, blank=True)
    until_at = models.DateTimeField("至", null=True, blank=True)
    escort = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="陪同人"
    )
    allowed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="批准人", editable=False
    )
    allowed_at = models.DateTimeField("批准时间", null=True, editable=False)
    refusal = models.CharField("不同意的原因", max_length=200, blank=True)
    out_at = models.DateTimeField("开始查阅", null=True, editable=False)
    back_at = models.DateTimeField("归还时间", null=True, editable=False)
    copied = models.BooleanField("复印了", default=False)
    copies = models.CharField("复印了什么", max_length=100, blank=True)
    allowed_papers: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        Paper, related_name="+", verbose_name="批准的资料"
    )

    class Meta:
        verbose_name = verbose_name_plural = "业主档案查阅"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(allowed_by__isnull=True)
                | models.Q(escort__isnull=False, from_at__isnull=False, until_at__isnull=False),
                name="reading_allowed_and_escorted",
            )
        ]

    def wanted_words(self) -> str:
        return "、".join(str(Paper.Kind(kind).label) for kind in self.wanted)

    def summarise(self) -> str:
        return f"{'外来人员' if self.outside else self.opened_by} 查阅{self.wanted_words()}"

    def is_open_to(self, person: Any, now: datetime) -> bool:
        """Only to the reader himself, only while the escort has him there, only inside the window."""
        here = self.state == self.State.READING and not self.outside and self.opened_by_id == person.pk
        return bool(here and self.from_at and self.until_at and self.from_at <= now < self.until_at)
