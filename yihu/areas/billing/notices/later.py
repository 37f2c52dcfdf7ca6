"""What was billed after the notices were drawn: they would go out without this month's bills, and nobody would see it."""

from __future__ import annotations

from typing import Any

from django.db.models import F

from yihu.areas.billing.running.models import BillingRun
from yihu.basics.money import yuan


def billed_since(batch: Any, by: Any = None) -> str:
    """Why this batch may not be agreed to: a run was posted since. Single bills by hand wait for the next month's notice."""
    runs = BillingRun.objects.filter(community_id=batch.community_id, lines_posted__gt=F("lines_back"))
    later = list(runs.filter(posted_at__gt=batch.drawn_at).order_by("pk"))
    if not later:
        return ""
    told = "、".join(
        f"{run.number}（{run.month}，{run.lines_posted} 行 {yuan(run.amount_posted)} 元）" for run in later[:3]
    )
    return f"生成通知单以后又出了账：{told}，这批通知单上没有。请会计重新“生成通知单”，再核对、盖章。"
