"""An export that was asked for: how many it is about, until when it is allowed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from yihu.ground.estate.pages.units import narrow

HOLDS = timedelta(hours=24)


def units_of(record: Any) -> Any:
    """The units that were asked for, as the list was narrowed."""
    return narrow(record.community, QueryDict(record.narrowed))


def opened(act: Any) -> None:
    act.record.units = units_of(act.record).count()
    act.tell_post("cs_manager", f"{act.by} 申请导出 {act.record.units} 户的完整名单，请批准或退回。")


def allowed(act: Any) -> None:
    act.record.allowed_by, act.record.allowed_until = act.by, act.at + HOLDS
    act.tell([act.record.opened_by], f"{act.record.number} 已批准，请在 24 小时内导出，只能导出一次。")


def refused(act: Any) -> None:
    act.tell([act.record.opened_by], f"{act.record.number} 未批准：{act.record.refused_why}")


def too_late(record: Any, by: Any) -> str:
    if record.allowed_until and timezone.now() > record.allowed_until:
        return "批准已超过 24 小时，请重新申请。"
    return ""
