"""个人信息提供: the effects of its steps, its slip and the register of a month (ARC-13, SEC-03)."""

from __future__ import annotations

from typing import Any

from yihu.areas.archives.models import Disclosure
from yihu.basics.identity import mask_free_text
from yihu.basics.worktime import business_month, business_month_bounds
from yihu.kernel import moments
from yihu.kernel.models import Attachment

MOST_LINES = 2000


def asked(act: Any) -> None:
    if act.data.get("signature"):
        act.attach(act.data["signature"], Attachment.Purpose.SIGNATURE)
    for scan in act.data.get("proof") or ():
        act.attach(scan, Attachment.Purpose.PAPER)
    act.tell_post("cs_manager", f"{act.record.number} 申请向外提供个人信息（{act.record.summarise()}），请决定。")


def allowed(act: Any) -> None:
    act.record.allowed_by, act.record.allowed_at = act.by, act.at
    act.tell([act.record.opened_by], f"{act.record.number} 已批准，请只提供批准的内容，当面签收。")


def refused(act: Any) -> None:
    act.tell([act.record.opened_by], f"{act.record.number} 不同意提供：{mask_free_text(act.record.refusal)[:80]}")


def without_leave(disclosure: Any, by: Any) -> str:
    """Nothing is handed over before somebody has allowed it by name (ARC-13)."""
    return "" if disclosure.allowed_by_id else "还没有人批准提供，请先由客服经理批准。"


def given(act: Any) -> None:
    act.record.given_by, act.record.given_at = act.by, act.at
    if act.data.get("signature"):
        act.attach(act.data["signature"], Attachment.Purpose.SIGNATURE)
    for scan in act.data.get("slip") or ():
        act.attach(scan, Attachment.Purpose.PAPER)


def slip(one: Any, by: Any) -> dict[str, Any]:
    """《个人信息提供签收单》: what is handed over, on what ground, by whose leave; signed by who receives it."""
    by_law = one.ground == Disclosure.Ground.LAW
    return {
        "community": one.community.name,
        "number": one.number,
        "unit": str(one.unit or ""),
        "party": str(one.party or ""),
        "to_whom": mask_free_text(one.to_whom),
        "grounds": Disclosure.Ground.labels,
        "ground": one.get_ground_display(),
        "by_law": by_law,
        "law": one.law,
        "letter": one.letter_no,
        "officials": one.officials(),
        "data": Disclosure.Data.labels,
        "kinds": [str(Disclosure.Data(kind).label) for kind in one.kinds],
        "what": mask_free_text(one.what),
        "purpose": mask_free_text(one.purpose),
        "ways": Disclosure.Way.labels,
        "way": one.get_way_display(),
        "state": one.state_word,
        "opened": f"{one.opened_by} {moments.stamp(one.opened_at)}",
        "allowed": f"{one.allowed_by} {moments.stamp(one.allowed_at)}" if one.allowed_by else "",
        "refusal": mask_free_text(one.refusal),
        "given": f"{one.given_by} {moments.stamp(one.given_at)}" if one.given_by else "",
        "receiver": one.receiver,
    }


def month_register(one: Any, by: Any) -> dict[str, Any]:
    """《个人信息提供登记表》 of the business month in which this one was asked for."""
    year, month = business_month(one.opened_at)
    start, end = business_month_bounds(year, month)
    rows = Disclosure.objects.seen_by(by).filter(community=one.community, opened_at__gte=start, opened_at__lt=end)
    found = rows.select_related("unit", "party", "allowed_by", "given_by").order_by("opened_at", "pk")[:MOST_LINES]
    return {
        "community": one.community.name,
        "number": f"{one.community.code}-TG-{year}{month:02d}",
        "period": f"{year}年{month}月",
        "lines": [_line(row) for row in found],
    }


def _line(row: Any) -> list[str]:
    ground = (
        f"{row.law} {row.letter_no}\n{row.officials()}" if row.law else f"{row.get_ground_display()} {row.party or ''}"
    )
    result = mask_free_text(row.refusal) or row.state_word
    return [
        row.number.rpartition("-")[2], moments.short(row.opened_at), str(row.unit or ""), mask_free_text(row.to_whom), row.kinds_words(),
        mask_free_text(row.purpose), ground, str(row.allowed_by or ""),
        f"{moments.short(row.given_at)} {row.get_way_display()}" if row.given_at else result, str(row.given_by or ""), row.receiver,
    ]  # fmt: skip
