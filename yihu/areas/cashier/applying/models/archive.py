"""收费档案 (ARC-12): a closed month's fee records, sealed, in the custody of finance."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models

from yihu.basics.months import Month
from yihu.kernel.models import Record


class FeeArchive(Record):
    """Drawn up by the program once a month is closed; its files are encrypted like every file of the house, and only those
    who keep the books see it. Nobody takes it back or throws it away."""

    class State(models.TextChoices):
        MADE = "made", "待财务接管"
        KEPT = "kept", "保管中"

    period = models.CharField("月份", max_length=7)
    keep_until = models.DateField("保管至", editable=False)
    file_count = models.PositiveSmallIntegerField("文件数", default=0, editable=False)
    place = models.CharField("备份存放", max_length=60, blank=True)
    # a second column for the community, so that the database itself keeps a second archive of one month out
    archive_of = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "收费档案"
        constraints = [models.UniqueConstraint(fields=["archive_of", "period"], name="fee_archive_once")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.archive_of_id = self.community_id
        super().save(*args, **kwargs)

    @property
    def first(self) -> date:
        return Month.known(self.period).first

    def summarise(self) -> str:
        return f"{self.period} 收费档案"
