"""Shared costs of one building: agreed on, divided and published before last month's bills; this month's waits for the check (FEE-13)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from yihu.areas.billing.sharing.models import PoolMonth, SharePool, Term
from yihu.areas.billing.sharing.pages.terms import TERMS
from yihu.basics.months import Month
from yihu.demo import pictures
from yihu.ground.estate.models import Building, Unit
from yihu.ground.ledger.models import FeeItem
from yihu.kernel.doors import open_record, perform

POWER = "GTD"
CLAUSE = "前期物业服务合同（虚构）第十二条：公共照明、电梯用电据实分摊"
P, S = SharePool.State, PoolMonth.State
# what, how it is divided, 度 by the bill of last month and of this one, 元
POOLS = (
    ("照明", "楼道照明电", {"method": "household"}, ("412", "389"), ("230.72", "217.84")),
    ("电梯", "电梯用电", {"method": "area"}, ("1260", "1214"), ("705.60", "679.84")),
)


def share_costs(community: Any, month: Month, people: dict[str, Any]) -> None:
    """项经理 says what the contract agrees; 高经理 drafts the pools; 沈会计 divides, 蔡财务 checks, 王客服 hangs it up."""
    lived_in = Unit.objects.filter(community=community, roll__isnull=False, handed_over_on__isnull=False)
    building = Building.objects.filter(pk__in=lived_in.values("building")).order_by("pk").first()
    if building is None:
        return
    key = f"demo:shares:{community.code}"
    if not Term.objects.filter(community=community).exists():
        term = Term(community=community, from_on=month.before.first, energy=Term.Energy.SHARED, clause=CLAUSE[:120])
        TERMS.write(term, by=people["xiang"], key=f"{key}:term")
    item = FeeItem.objects.get(community=community, code=POWER)
    for code, name, how, used, cost in POOLS:
        said = {
            "name": f"{building}{name}", "item": item.pk, "origin": "invoice", "measure": "度", "scope": "building",
            "building": building.pk, "clause": CLAUSE, "from_on": month.first.isoformat(), "due_months": 1, "due_day": 10,
            "vacant_percent": 100, **how,
        }  # fmt: skip
        pool: Any = open_record(SharePool(community=community), by=people["gao"], key=f"{key}:{code}", data=said)
        if pool.state == P.DRAFT:
            pool = perform(pool, "agree", by=people["xiang"], key=f"{key}:{code}:agree")
        _month(pool, month, (used[0], cost[0]), people, key=f"{key}:{code}:last", whole=True)
        _month(pool, month.after, (used[1], cost[1]), people, key=f"{key}:{code}:this", whole=False)


def _month(pool: Any, month: Month, figures: tuple[str, str], people: dict[str, Any], *, key: str, whole: bool) -> None:
    fresh = PoolMonth(community=pool.community)
    said = {"pool": pool.pk, "month": month.first.isoformat()}
    there: Any = PoolMonth.objects.filter(pool=pool, month=month.first).first()
    one: Any = there or open_record(fresh, by=people["shen"], key=key, data=said)
    if one.state == S.DUE:
        typed = {
            "subs": "0", "invoice_fen": figures[1], "invoice_no": f"GD{month.first:%Y%m}{pool.pk:04d}",
            "from_on": month.first.isoformat(), "to_on": month.last.isoformat(),
        }  # fmt: skip
        files = {"scan": [pictures.page(pool.pk, f"供电账单 {figures[0]} 度")]}
        one = perform(one, "fill", by=people["shen"], key=f"{key}:fill", data=typed, files=files)
    if not whole:
        return
    if one.state == S.RECKONED:
        one = perform(one, "check", by=people["cai"], key=f"{key}:check")
    if one.state == S.APPROVED:
        hung = min(month.first.replace(day=23), timezone.localdate())
        posted = {
            "posted_where": "各单元公告栏", "posted_from": hung.isoformat(),
            "posted_to": month.after.first.replace(day=7).isoformat(),
        }  # fmt: skip
        perform(one, "publish", by=people["wang"], key=f"{key}:publish", data=posted)
