"""A look through the customers' data: what it found when it began, what became of it by its end."""

from __future__ import annotations

from typing import Any

from yihu.areas.households.finding import look_through
from yihu.areas.households.models import Finding


def opened(act: Any) -> None:
    record = act.record
    found = look_through(record.community)
    for one in found:
        one.tidying = record
    Finding.objects.bulk_create(found, batch_size=500)
    record.found = len(found)
    act.tell_post("archivist", f"{record.first_on:%Y-%m} 客户资料整理：发现 {record.found} 处，请逐条处理。")


def shut(act: Any) -> None:
    """What is no longer found has been put right, whoever did it and wherever."""
    record = act.record
    waiting = record.findings.filter(result=Finding.Result.OPEN)
    still = {one.same_as() for one in look_through(record.community)}
    mended = [one.pk for one in waiting if one.same_as() not in still]
    record.findings.filter(pk__in=mended).update(result=Finding.Result.FIXED, by=act.by, at=act.at)
    record.settled = record.findings.exclude(result=Finding.Result.OPEN).count()
    said = f"{record.first_on:%Y-%m} 资料整理结束：发现 {record.found} 处，处理 {record.settled} 处。"
    act.tell_post("cs_supervisor", said)
