"""Freezing the day's figures. A front computes them; it registers here how."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yihu.kernel.errors import Refused
from yihu.kernel.models import Attachment

Figures = Callable[..., dict[str, Any]]
_figures: list[Figures] = []


def set_figures(figures: Figures) -> None:
    """``figures(community, day, person, now)`` → what the sheet shows, as plain JSON."""
    _figures[:] = [figures]


def known() -> bool:
    """Whether any front computes figures here."""
    return bool(_figures)


def figures(sheet: Any, person: Any, now: Any) -> dict[str, Any]:
    if not _figures:
        raise Refused("没有可汇总的数据来源，请联系系统管理员。")
    return _figures[0](sheet.community, sheet.day, person, now)


def signed(act: Any) -> None:
    """From now on the sheet shows what was true at this moment, whatever happens later."""
    act.record.signed_at = act.at
    act.record.handler = act.by
    act.record.snapshot = figures(act.record, act.by, act.at)
    act.attach(act.data["signature"], Attachment.Purpose.SIGNATURE)
    act.tell_post("cs_manager", f"{act.record.day:%m-%d} 每日工作汇总表已由 {act.by} 签字，请阅。")
