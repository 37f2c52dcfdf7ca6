"""个人信息提供: what of an owner was given to whom, and on what ground: his own signed word, or the law's letter (ARC-13, SEC-03)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from yihu.kernel.models import Record
from yihu.kernel.unspoken import UnspokenField


class Disclosure(Record):
    """One giving-out of personal data, from the request to the receipt. Unit and party say whose data it is."""

    class State(models.TextChoices):
        ASKED = "asked", "待批准"
        ALLOWED = "allowed", "待提供"
        GIVEN = "given", "已提供"
        REFUSED = "refused", "不提供"

    class Ground(models.TextChoices):
        WORD = "word", "本人同意"
        LAW = "law", "法律规定"

    class Data(models.TextChoices):
        CONTACT = "contact", "姓名、电话"
        IDENTITY = "identity", "证件信息"
        HOUSE = "house", "房屋与占用情况"
        VEHICLE = "vehicle", "车辆"
        MONEY = "money", "缴费情况"
        RECORDS = "records", "报修、投诉等办理记录"
        FILE = "file", "户档资料"
        FOOTAGE = "footage", "监控、门禁记录"

    class Way(models.TextChoices):
        COPY = "copy", "纸质复印件"
        FILE = "file", "电子文件"
        LOOK = "look", "当面查看"
        ORAL = "oral", "口头告知"

    to_whom = UnspokenField("提供给谁", max_length=80)
    kinds: models.JSONField[Any, Any] = models.JSONField("提供哪些", default=list, editable=False)
    what = models.TextField("具体内容", max_length=500, blank=True)
    purpose = models.CharField("用途", max_length=200)
    ground = models.CharField("依据", max_length=6, choices=Ground.choices)
    law = models.CharField("法律依据", max_length=120, blank=True)
    letter_no = models.CharField("公函文号", max_length=60, blank=True)
    official_1 = UnspokenField("经办人一姓名", max_length=40, blank=True)
    badge_1 = UnspokenField("经办人一证件号", max_length=30, blank=True)
    official_2 = UnspokenField("经办人二姓名", max_length=40, blank=True)
    badge_2 = UnspokenField("经办人二证件号", max_length=30, blank=True)
    allowed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="批准人", editable=False
    )
    allowed_at = models.DateTimeField("批准时间", null=True, editable=False)
    refusal = models.CharField("不提供的原因", max_length=200, blank=True)
    way = models.CharField("怎样提供", max_length=6, choices=Way.choices, blank=True)
    receiver = UnspokenField("签收人", max_length=40, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="提供人", editable=False
    )
    given_at = models.DateTimeField("提供时间", null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "个人信息提供登记"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ground="word")
                | ~(
                    models.Q(law="")
                    | models.Q(letter_no="")
                    | models.Q(official_1="")
                    | models.Q(badge_1="")
                    | models.Q(official_2="")
                    | models.Q(badge_2="")
                ),
                name="disclosure_by_law_names_it",
            ),
            models.CheckConstraint(
                condition=models.Q(given_at__isnull=True)
                | (models.Q(allowed_by__isnull=False, given_by__isnull=False) & ~models.Q(receiver="")),
                name="disclosure_given_with_leave",
            ),
        ]

    def kinds_words(self) -> str:
        return "、".join(str(self.Data(kind).label) for kind in self.kinds)

    def officials(self) -> str:
        pairs = ((self.official_1, self.badge_1), (self.official_2, self.badge_2))
        return "、".join(f"{name}（{badge}）" for name, badge in pairs if name)

    def summarise(self) -> str:
        """Which kinds, on which ground; neither whose nor what they say."""
        return f"{self.get_ground_display()}：{self.kinds_words()}"
