"""The maintenance fund of one building: what stood there, its interest, a roof that the owners voted for, money just paid in."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from yihu.areas.spending.models import FundVoucher
from yihu.basics.money import yuan
from yihu.demo import pictures
from yihu.ground.estate.models import Building, Unit, UnitArea
from yihu.kernel.doors import open_record, perform

PER_METRE = 80_00  # 分, paid in when the flat was bought
ROOF, INTEREST = 2_680_000, 318_450
SMALLEST = 4


def keep_fund(community: Any, today: date, people: dict[str, Any]) -> None:
    """沈会计 enters, 蔡财务 agrees; what was paid in today still waits for him."""
    building, areas = _building(community)
    if building is None:
        return
    begun = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    listed = "\n".join(f"{unit} {_plain(int(area * PER_METRE))}" for unit, area in areas)
    roof = min(ROOF, int(sum(area for _, area in areas) * PER_METRE) // 4)
    vote = {
        "vote_on": (begun + timedelta(days=5)).isoformat(), "joined_area": "81.60", "joined_owners": "79.20",
        "agreed_area": "92.35", "agreed_owners": "90.80",
    }  # fmt: skip
    topped = "\n".join(f"{unit} {_plain(200_000 + 25_000 * place)}" for place, (unit, _) in enumerate(areas[:2]))
    for word, sort, day, more in (
        ("opening", "opening", begun, {"words": f"{building}维修资金期初余额", "listed": listed}),
        ("interest", "interest", begun + timedelta(days=19), {"words": "第三季度结息", "amount_fen": _plain(INTEREST)}),
        ("roof", "used", begun + timedelta(days=24),
         {"words": f"{building}屋面防水大修", "amount_fen": _plain(roof), "building": building.pk, **vote}),
        ("topped", "paid", today, {"words": "业主补交维修资金", "listed": topped}),
    ):  # fmt: skip
        key = f"demo:fund:{community.code}:{word}"
        said = {"sort": sort, "day": day.isoformat(), **more}
        files = {"proof": [pictures.page(len(word), "银行回单" if sort != "used" else "表决结果")]}
        voucher: Any = open_record(FundVoucher(community=community), by=people["shen"], key=key, data=said, files=files)
        if sort != "paid" and voucher.state == FundVoucher.State.ASKED:
            perform(voucher, "post", by=people["cai"], key=f"{key}:post")


def _building(community: Any) -> tuple[Any, list[Any]]:
    """The first whose flats are all measured: what is used is borne by area."""
    for building in Building.objects.filter(community=community).order_by("pk"):
        units = list(Unit.objects.filter(building=building).order_by("sort_key", "pk"))
        rows = UnitArea.objects.filter(unit__in=units, gross_area__gt=0).order_by("from_on")
        areas = dict(rows.values_list("unit", "gross_area"))
        if len(units) >= SMALLEST and len(areas) == len(units):
            return building, [(unit, areas[unit.pk]) for unit in units]
    return None, []


def _plain(fen: int) -> str:
    return yuan(fen).replace(",", "")
