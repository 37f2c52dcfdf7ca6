"""How a company changes a number: a new row from a moment on, with a reason. What was in force before stays as it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from yihu.kernel import calendars, moments
from yihu.kernel.errors import NotAllowed, Refused
from yihu.kernel.models.parameter import Parameter
from yihu.kernel.plain import may_everywhere, require, writing

CHANGE = "kernel.parameters"
BOOK = "kernel.parameter"
NOTICE = timedelta(minutes=1)  # every process has read the table by then
FARTHEST = timedelta(days=731)


@dataclass(frozen=True)
class Change:
    """One value to come: of which name, from when, why; ``what``, ``old`` and ``new`` say it in words."""

    name: str
    value: Any
    in_force_at: datetime
    why: str
    what: str
    old: str
    new: str


def set_parameter(change: Change, community: Any | None, *, by: Any, key: str | None = None) -> None:
    """Write the value down. Without a community it holds for the whole company, where a community has none of its own."""
    if community is not None:
        require(by, CHANGE, community.pk, "您不能修改这个项目的参数，请找系统管理员。")
    elif not may_everywhere(by, CHANGE):
        raise NotAllowed("全公司的参数只能由管理所有项目的系统管理员修改。")
    now, moment = timezone.now(), change.in_force_at
    if moment < now + NOTICE:
        raise Refused("生效时间至少要在一分钟以后，请改晚一些再保存。")
    if moment > now + FARTHEST:
        raise Refused("生效时间最远两年以后，请改早一些再保存。")
    body = [change.value, moment, change.why]
    with writing(BOOK, book_id(change.name, community), by=by, key=key, verb="set", body=body) as opened:
        if opened is None:
            return
        commanding, book = opened
        if Parameter.objects.filter(community=community, name=change.name, in_force_at=moment).exists():
            said = moments.stamp(moment)
            raise Refused(f"{said} 起已经有一次改动，不能覆盖。请换一个生效时间，例如晚一分钟。")
        row = Parameter.objects.create(
            community=community, name=change.name, value=change.value, in_force_at=moment, by=by, why=change.why
        )
        commanding.note(
            book,
            f"{by} 改{change.what}，自 {moments.stamp(moment)} 起，原因：{change.why}",
            {"value": [change.old, change.new]},
            step="set",
        )
        commanding.answer(row)
    calendars.forget()


def book_id(name: str, community: Any | None) -> str:
    return f"{community.pk if community else 'all'}/{name}"


def coming(name: str, community: Any | None, now: datetime) -> list[Parameter]:
    """Changes that have been written down and are not yet in force, the next one first."""
    rows = Parameter.objects.filter(name=name, community=community, in_force_at__gt=now)
    return list(rows.select_related("by").order_by("in_force_at"))


def history(name: str, community: Any) -> list[Parameter]:
    """Every value the name ever had here and for the whole company, the newest first."""
    rows = Parameter.objects.filter(name=name, community=community) | Parameter.objects.filter(
        name=name, community__isnull=True
    )
    return list(rows.select_related("by").order_by("-in_force_at", "-pk"))
