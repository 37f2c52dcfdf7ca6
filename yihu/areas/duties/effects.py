"""Freezing figures. A front computes those of each kind of sheet; it registers here how."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yihu.kernel.errors import Refused
from yihu.kernel.models import Attachment

Compute = Callable[[Any, Any, Any], dict[str, Any]]
_figures: dict[type, Compute] = {}


def set_figures(model: type, compute: Compute) -> None:
    """``compute(sheet, person, now)`` → what sheets of this kind show, as plain JSON."""
    _figures[model] = compute


def known(model: type) -> bool:
    """Whether any front computes figures for these sheets here."""
    return model in _figures


def figures(sheet: Any, person: Any, now: Any) -> dict[str, Any]:
    if not known(type(sheet)):
        raise Refused("没有可汇总的数据来源，请联系系统管理员。")
    return _figures[type(sheet)](sheet, person, now)


def signed(act: Any) -> None:
    """From now on the sheet shows what was true at this moment, whatever happens later."""
    act.record.signed_at = act.at
    act.record.handler = act.by
    act.record.snapshot = figures(act.record, act.by, act.at)
    act.attach(act.data["signature"], Attachment.Purpose.SIGNATURE)
    title = act.record.procedure.title
    which = f"{act.record.day:%m-%d} " if hasattr(act.record, "day") else f"{act.record.time_words} "
    act.tell_post("cs_manager", f"{which}{title}已由 {act.by} 签字，请阅。")


def drawn_up(act: Any) -> None:
    """As any sheet is signed; it is laid before the project manager."""
    signed(act)
    act.tell_post("project_manager", f"{act.record.period} 投诉情况月汇总表已由 {act.by} 签字，请审签。")


def fees_waiting(act: Any) -> None:
    for post in ("accountant", "finance_supervisor"):
        act.tell_post(post, f"{act.record.number} {act.record.time_words} 收费率周报已开出，请核对签发。")


def fees_sent(act: Any) -> None:
    """The figures are frozen and sent: each manager reads the heads of them in his message (FEE-14)."""
    sheet = act.record
    sheet.signed_at, sheet.handler = act.at, act.by
    sheet.snapshot = figures(sheet, act.by, act.at)
    act.attach(act.data["signature"], Attachment.Purpose.SIGNATURE)
    told = "，".join(f"{one['label']} {one.get('text') or one['value']}" for one in sheet.snapshot["rates"])
    for post in ("project_manager", "cs_manager"):
        act.tell_post(post, f"{sheet.community.name} 截至 {sheet.friday:%m-%d} 收费率：{told}。")


def approved(act: Any) -> None:
    act.attach(act.data["signature"], Attachment.Purpose.SIGNATURE)


def sent_back(act: Any) -> None:
    """What is drawn up again shows the figures of that day."""
    sheet = act.record
    act.tell([sheet.handler], f"{sheet.number} 投诉情况月汇总表被退回：{act.data['reason'][:100]}。")
    sheet.snapshot, sheet.signed_at, sheet.handler = None, None, None


def reported(act: Any) -> None:
    """The program itself reports the morning (D23): the supervisor reads the heads of it in his message."""
    found = figures(act.record, act.by, act.at)
    act.record.snapshot = found
    values = {one["key"]: one["value"] for name in ("counts", "standing", "repairs") for one in found[name]}
    words = (
        f"接待 {values['counts.received']} 件（投诉 {values['counts.complaint']}），未注销 {values['standing.open']}；"
        f"维修受理 {values['repairs.received']}、未完工 {values['repairs.unfinished']}、超时 {values['repairs.late']}"
    )
    act.tell_post("cs_supervisor", f"{act.record.day:%m-%d} 上午统计：{words}。")


def written(act: Any) -> None:
    act.tell_post("cs_supervisor", f"{act.by} 的 {act.record.day:%m-%d} 工作日志已交，请阅。")
