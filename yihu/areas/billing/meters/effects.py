"""What handing the month's readings over does: nothing may be missing or unchecked, the figures are kept, finance is told."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum

from yihu.areas.billing.meters.models import Meter, Reading
from yihu.areas.billing.meters.rounds import due, missing, pending
from yihu.kernel.models import Attachment

S = Reading.State


def not_complete(round_: Any, by: Any) -> str:
    """Why the month can't go to finance yet (D62: what is missing needs an estimate, and an estimate another's look)."""
    lacking = missing(round_).count()
    if lacking:
        return f"还有 {lacking} 块表没有抄。抄不到的请登记“估抄”，另一人复核后再移交。"
    waiting = pending(round_).count()
    return f"还有 {waiting} 条读数等人复核，复核完再移交。" if waiting else ""


def handed(act: Any) -> None:
    round_ = act.record
    act.attach(act.data["signature"], Attachment.Purpose.SIGNATURE)
    rows = Reading.objects.filter(round=round_, state=S.STANDS)
    monthly = rows.filter(occasion="")
    round_.meters = due(round_).count()
    round_.read = monthly.values("meter").distinct().count()
    round_.estimated = monthly.filter(kind__in=(Reading.Kind.ESTIMATED, Reading.Kind.FAULT)).count()
    round_.abnormal = rows.exclude(oddities="").count()
    sums = rows.values("meter__kind").annotate(total=Sum("use"), meters=Count("meter", distinct=True))
    kinds = dict(Meter.Kind.choices)
    round_.uses = {
        str(kinds[row["meter__kind"]]): [row["meters"], f"{(row['total'] or Decimal(0)).normalize():f}"]
        for row in sums.order_by("meter__kind")
    }
    round_.handed_by, round_.handed_at = act.by, act.at
    act.tell_post("accountant", f"{round_.number} {round_.summarise()}，请核对。")


def sent_back(act: Any) -> None:
    act.tell([act.record.handed_by], f"{act.record.number} 财务退回补抄：{act.data['words'][:80]}")
    act.record.handed_by = act.record.handed_at = None


def finance_checked(act: Any) -> None:
    act.record.finance_by, act.record.finance_at = act.by, act.at


def has_readings(round_: Any, by: Any) -> str:
    return "这个月已经有读数，抄表单不能撤回。" if Reading.objects.filter(round=round_).exists() else ""
