"""代转留言：找的人不在，前台记下来，转到本人。"""

from __future__ import annotations

from django.db import models

from yihu.basics.identity import mask_free_text
from yihu.kernel.models import Record
from yihu.kernel.personal import PersonalField
from yihu.kernel.unspoken import UnspokenField


class AbsentNote(Record):
    """代转留言 (DESK-20): who asked for whom, what he said, when it came in and when it was passed on. Handler: for whom."""

    class State(models.TextChoices):
        TO_PASS = "to_pass", "待转达"
        PASSED = "passed", "已转达"
        CONFIRMED = "confirmed", "本人已收"

    class How(models.TextChoices):
        FACE = "face", "当面"
        PHONE = "phone", "电话"
        CHAT = "chat", "短信/微信"
        DEPUTY = "deputy", "交代理人"

    caller_name = UnspokenField("来电来访人", max_length=40)
    phone = PersonalField("对方电话", kind="phone", blank=True)
    words = models.TextField("留言", max_length=500)
    urgent = models.BooleanField("急", default=False)
    how = models.CharField("转达方式", max_length=10, choices=How.choices, blank=True)
    passed_at = models.DateTimeField("转达时间", null=True, editable=False)
    confirmed_at = models.DateTimeField("本人确认时间", null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "代转留言"

    def summarise(self) -> str:
        return f"{'【急】' if self.urgent else ''}有人找 {self.handler}：{mask_free_text(self.words)}"

    def search_words(self) -> str:
        return f"{self.caller_name} {mask_free_text(self.words)}"
