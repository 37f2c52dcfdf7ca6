"""纠正预防：不合格的原因、措施、效果；值得大家学的写成案例。"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from yihu.basics.identity import mask_free_text
from yihu.ground.staff.codes import DEPARTMENT_NAMES
from yihu.kernel.models import Record


class CorrectiveAction(Record):
    """纠正预防措施表 (F25): what was wrong, why, what is done about it and against it, and whether that helped (CMP-11)."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "待立项"
        ANALYSIS = "analysis", "待定措施"
        DOING = "doing", "措施中"
        CHECKING = "checking", "待验证"
        TO_CLOSE = "to_close", "待关闭"
        CLOSED = "closed", "已关闭"
        DECLINED = "declined", "不立项"

    class Source(models.TextChoices):
        COMPLAINT = "complaint", "投诉"
        REPEAT = "repeat", "同因投诉"
        AUDIT = "audit", "审核"
        INSPECTION = "inspection", "检查"

    class Effect(models.TextChoices):
        EFFECTIVE = "effective", "有效"
        NOT_YET = "not_yet", "未见效"

    source = models.CharField("来源", max_length=12, choices=Source.choices, default=Source.INSPECTION)
    nonconformity = models.TextField("不合格事实", max_length=1000)
    due_on = models.DateField("措施完成期限", null=True, blank=True)
    due_at = models.DateTimeField("措施完成时限", null=True, editable=False)

    cause = models.TextField("原因分析", max_length=1000, blank=True)
    correction = models.TextField("纠正措施", max_length=1000, blank=True)
    prevention = models.TextField("预防措施", max_length=1000, blank=True)
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="措施拟定人"
    )

    result = models.TextField("完成情况", max_length=1000, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="完成人"
    )
    done_at = models.DateTimeField("完成时间", null=True, editable=False)

    check_on = models.DateField("效果验证日", null=True, editable=False)
    check_at = models.DateTimeField("效果验证时限", null=True, editable=False)
    effect = models.CharField("验证结果", max_length=10, choices=Effect.choices, blank=True)
    effect_words = models.TextField("验证情况", max_length=600, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="验证人"
    )
    checked_at = models.DateTimeField("验证时间", null=True, editable=False)
    round_no = models.PositiveSmallIntegerField("第几轮", default=1, editable=False)
    closing_words = models.CharField("经理意见", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "纠正预防措施"

    @property
    def department(self) -> str:
        return DEPARTMENT_NAMES.get(self.team, self.team)

    def summarise(self) -> str:
        again = f"（第 {self.round_no} 轮）" if self.round_no > 1 else ""
        return f"{self.get_source_display()}{again}：{mask_free_text(self.nonconformity)}"

    def search_words(self) -> str:
        words = f"{self.department} {self.nonconformity} {self.cause} {self.correction} {self.prevention}"
        return mask_free_text(words)[:1500]

    def facts(self) -> dict[str, Any]:
        return {"content": self.nonconformity, "cause": self.cause, "lesson": self.prevention}


class CaseStudy(Record):
    """投诉案例: what happened and what it teaches, so written that it points at nobody; read by all of the desk."""

    class State(models.TextChoices):
        DRAFT = "draft", "待审"
        PUBLISHED = "published", "已公布"
        TAKEN_DOWN = "taken_down", "已撤下"

    title = models.CharField("标题", max_length=60)
    happened = models.TextField("经过", max_length=3000)
    lesson = models.TextField("教训与做法", max_length=2000)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="审核人"
    )
    published_at = models.DateTimeField("公布时间", null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "投诉案例"

    def summarise(self) -> str:
        return self.title

    def search_words(self) -> str:
        return f"{self.happened} {self.lesson}"[:2500]
