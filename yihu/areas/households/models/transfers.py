"""过户: the dated event by which a unit gets other owners."""

from __future__ import annotations

from typing import Any

from django.db import models

from yihu.kernel.models import Record
from yihu.kernel.unspoken import UnspokenField


class Transfer(Record):
    """产权过户 (民法典 945: told to the manager): proof seen, old owners end and new ones begin on one day (scenario 21)."""

    class State(models.TextChoices):
        PLANNED = "planned", "待生效"
        DONE = "done", "已生效"
        UNDONE = "undone", "已撤销"

    class How(models.TextChoices):
        SALE = "sale", "买卖"
        INHERITANCE = "inheritance", "继承"
        GIFT = "gift", "赠与"
        DIVORCE = "divorce", "离婚析产"
        RULING = "ruling", "法院裁判"
        SHARES = "shares", "份额变更"
        OTHER = "other", "其它"

    class Proof(models.TextChoices):
        TITLE = "title", "不动产权证书"
        CONTRACT = "contract", "买卖合同（已备案）"
        NOTARY = "notary", "公证书"
        RULING = "ruling", "判决书、调解书"
        OTHER = "other", "其它证明"

    how = models.CharField("过户原因", max_length=12, choices=How.choices)
    proof = models.CharField("查看的证明", max_length=10, choices=Proof.choices)
    proof_no = models.CharField("证明编号", max_length=40, blank=True)
    on = models.DateField("生效日期")
    old_owners = UnspokenField("原业主", max_length=300, blank=True, editable=False)
    new_owners = UnspokenField("新业主", max_length=300, blank=True, editable=False)
    arrears_note = models.CharField("费用约定", max_length=200, blank=True)
    # which rows of the estate it ended (with the end they had before) and began
    ended: models.JSONField[Any, Any] = models.JSONField(default=list, editable=False)
    begun: models.JSONField[Any, Any] = models.JSONField(default=list, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "产权过户登记"

    def summarise(self) -> str:
        return f"{self.old_owners or '（未登记）'} → {self.new_owners}，{self.on:%Y-%m-%d}"[:120]

    def search_words(self) -> str:
        return f"{self.unit or ''} {self.old_owners} {self.new_owners}"
