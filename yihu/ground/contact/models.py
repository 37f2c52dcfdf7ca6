"""回访: what people say after something was done for them."""

from django.conf import settings
from django.db import models

from yihu.kernel.unspoken import UnspokenField


class CallBack(models.Model):
    """客户回访记录 (F12): one attempt to reach the person, and what he said. Clause DESK-13."""

    class Outcome(models.TextChoices):
        REACHED = "reached", "已通话"
        MISSED = "missed", "未接通"
        IMPOSSIBLE = "impossible", "无法回访"

    class Method(models.TextChoices):
        PHONE = "phone", "电话"
        VISIT = "visit", "上门"

    class Feedback(models.TextChoices):
        SATISFIED = "A", "满意"
        FAIRLY = "B", "较满意"
        UNSATISFIED = "C", "不满意"

    record = models.ForeignKey("kernel.Record", models.PROTECT, related_name="call_backs", verbose_name="回访事项")
    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+")
    attempt = models.PositiveSmallIntegerField("第几次")
    outcome = models.CharField("结果", max_length=10, choices=Outcome.choices)
    method = models.CharField("方式", max_length=10, choices=Method.choices, default=Method.PHONE)
    interviewee = UnspokenField("受访人", max_length=40, blank=True)
    feedback = models.CharField("评价", max_length=1, choices=Feedback.choices, blank=True)
    score = models.PositiveSmallIntegerField("总分", null=True)
    quality = models.PositiveSmallIntegerField("质量", null=True)
    attitude = models.PositiveSmallIntegerField("态度", null=True)
    timeliness = models.PositiveSmallIntegerField("及时", null=True)
    cleanliness = models.PositiveSmallIntegerField("整洁", null=True)
    words = models.CharField("客户意见", max_length=400, blank=True)
    caller = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="回访人")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "客户回访记录"
        indexes = [models.Index(fields=["community", "-at"], name="call_back_list")]
        constraints = [
            models.UniqueConstraint(fields=["record", "attempt"], name="call_back_attempt_once"),
            models.CheckConstraint(
                condition=~models.Q(outcome="reached") | ~models.Q(feedback=""), name="call_back_reached_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} {self.get_feedback_display()}".strip()
