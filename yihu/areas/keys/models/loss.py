"""钥匙遗失/损坏报告 (F55)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from yihu.areas.keys.models.ledger import KeySet
from yihu.areas.keys.models.loan import KeyLoan
from yihu.kernel.models import Record
from yihu.kernel.unspoken import UnspokenField


class LossReport(Record):
    """钥匙遗失/损坏报告 (KEY-05): found when, by whom, had last by whom, told whom when, what was done, who pays."""

    class State(models.TextChoices):
        REPORTED = "reported", "待告知主管"
        TOLD = "told", "待处理"
        DONE = "done", "已处理"
        FOUND = "found", "已找回"

    class What(models.TextChoices):
        LOST = "lost", "遗失"
        DAMAGED = "damaged", "损坏"

    class Remedy(models.TextChoices):
        LOCK = "lock", "换锁"
        COPY = "copy", "配匙"
        PAY = "pay", "只赔偿"

    class Payer(models.TextChoices):
        BORROWER = "borrower", "借用人"
        STAFF = "staff", "责任员工"
        COMPANY = "company", "本公司"
        OWNER = "owner", "业主自行承担"

    class Stage(models.TextChoices):
        """Whom the running D42 waits for."""

        SUPERVISOR = "supervisor", "告知主管"
        OWNER = "owner", "告知业主"
        NOBODY = "nobody", "无须再告知"

    key = models.ForeignKey(KeySet, models.PROTECT, related_name="losses", verbose_name="钥匙")
    borrowing = models.ForeignKey(
        KeyLoan, models.PROTECT, null=True, blank=True, editable=False, related_name="losses", verbose_name="借用登记"
    )
    what = models.CharField("遗失或损坏", max_length=10, choices=What.choices, default=What.LOST)
    found_at = models.DateTimeField("发现时间")
    cause = models.CharField("经过和原因", max_length=300)
    last_holder = UnspokenField("最后经手人", max_length=60)
    stage = models.CharField("等谁", max_length=12, choices=Stage.choices, default=Stage.SUPERVISOR, editable=False)
    told_supervisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="主管", editable=False
    )
    told_supervisor_at = models.DateTimeField("主管知道的时间", null=True, blank=True)
    told_owner = UnspokenField("告知了业主谁", max_length=40, blank=True)
    told_owner_at = models.DateTimeField("告知业主的时间", null=True, blank=True)
    remedy = models.CharField("处理方式", max_length=8, choices=Remedy.choices, blank=True)
    remedy_note = models.CharField("处理情况", max_length=200, blank=True)
    cost_fen = models.BigIntegerField("费用", null=True, blank=True)
    payer = models.CharField("由谁承担", max_length=10, choices=Payer.choices, blank=True)
    done_at = models.DateTimeField("处理完毕时间", null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "钥匙遗失损坏报告"

    def summarise(self) -> str:
        return f"钥匙 {self.key} {self.get_what_display()}：{self.cause}"

    def search_words(self) -> str:
        return f"{self.key} {self.last_holder}"
