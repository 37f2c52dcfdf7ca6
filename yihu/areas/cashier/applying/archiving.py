"""What becomes of a closed month (ARC-12): its fee records are written to files, sealed, and handed to finance to keep."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import IO, Any

from django import forms
from django.core.files.base import File
from django.db.models import Min
from django.utils import timezone

from yihu.areas.cashier.applying.limits import keep_years
from yihu.areas.cashier.applying.models import FeeArchive
from yihu.areas.cashier.applying.periods import closed_through
from yihu.basics.months import Month
from yihu.basics.worktime import add_months
from yihu.ground.ledger.models import Line
from yihu.kernel.forms import StepForm
from yihu.kernel.models import Attachment

Maker = Callable[[Any, Any, Any, datetime], Iterable[tuple[str, IO[bytes]]]]
_makers: list[Maker] = []


def made_by(maker: Maker) -> None:
    """``maker(community, first day of the month, by, now)`` gives the files with their names. A front registers it."""
    if maker not in _makers:
        _makers.append(maker)


def known() -> bool:
    return bool(_makers)


class ArchiveForm(StepForm):
    """The program opens it, for a month that is closed."""

    class Meta:
        model = FeeArchive
        fields = ["period"]

    def clean_period(self) -> str:
        period = str(self.cleaned_data["period"])
        if (month := Month.read(period)) is None:
            raise forms.ValidationError("月份写成 2026-10 这样。")
        closed = closed_through(self.record.community_id)
        if closed is None or closed < month.last:
            raise forms.ValidationError("这个月还没有结账，结账以后才归档。")
        at = self.at or timezone.now()
        self.record.keep_until = add_months(month.last, 12 * keep_years(self.record.community_id, at))
        return period


class TakeForm(StepForm):
    """Who keeps it, and where the copy outside this machine lies."""

    class Meta:
        model = FeeArchive
        fields = ["place"]
        help_texts = {"place": "例如：财务室保险柜 2 号，加密移动硬盘 A"}


def drawn_up(act: Any) -> None:
    archive, count = act.record, 0
    if not act.history:
        for maker in _makers:
            for name, file in maker(archive.community, archive.first, act.by, act.at):
                with file:
                    act.command.attach(archive, File(file, name=name), Attachment.Purpose.PAPER, ours=True)
                count += 1
    archive.file_count = count
    for post in ("accountant", "finance_supervisor"):
        act.tell_post(post, f"{archive.number} {archive.summarise()}已生成，请财务接管。")


def taken(act: Any) -> None:
    act.record.handler = act.by


def never(archive: Any, by: Any) -> str:
    return f"收费档案由财务保管至 {archive.keep_until:%Y-%m-%d}，不能撤回。"


def waiting_months(community: Any, today: Any) -> list[str]:
    """Of the last twelve months those that are closed and have no archive yet, the oldest first."""
    closed, first = closed_through(community), today.replace(day=1)
    begun = Line.objects.filter(community=community).aggregate(day=Min("day"))["day"]
    if closed is None or begun is None:
        return []
    months = [add_months(first, -back) for back in range(12, 0, -1)]
    kept = set(FeeArchive.objects.filter(community=community).values_list("period", flat=True))
    periods = [f"{day:%Y-%m}" for day in months if begun <= Month.of(day).last <= closed]
    return [period for period in periods if period not in kept]
