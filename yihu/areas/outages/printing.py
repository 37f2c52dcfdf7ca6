"""停用通知: what hangs in the lobby."""

from __future__ import annotations

from typing import Any

from yihu.areas.outages.models import Outage, clock
from yihu.basics.identity import mask_free_text
from yihu.kernel import moments

Kind = Outage.Kind
BEFORE = {
    Kind.WATER: "请提前储水。",
    Kind.POWER: "请提前保存文件、给必要的设备充好电。",
}  # only where there is still time
ADVICE = {
    Kind.WATER: "停水期间关好水龙头和用水电器，恢复后先放掉头一段浑水。",
    Kind.POWER: "停电期间关闭大功率电器，不要乘坐电梯，使用明火照明注意安全。",
    Kind.GAS: "请关闭灶具和户内阀门；恢复供气后先检查有无漏气，再点火使用。",
    Kind.LIFT: "请改走其它电梯或楼梯；老人、孩子和需要搬运的住户请联系服务中心协助。",
    Kind.NETWORK: "需要联网办理的事请提前安排。",
    Kind.OTHER: "给您带来不便，请提前安排。",
}


def _advice(outage: Any) -> str:
    ahead = BEFORE.get(Kind(outage.supply), "") if outage.sort == Outage.Sort.PLANNED else ""
    return f"{ahead}{ADVICE[Kind(outage.supply)]}"


def notice(outage: Any, by: Any) -> dict[str, Any]:
    return {
        "community": outage.community.name,
        "number": outage.number,
        "title": f"{outage.get_supply_display()}通知",
        "what": outage.get_supply_display(),
        "planned": outage.sort == Outage.Sort.PLANNED,
        "side": outage.get_side_display(),
        "place": outage.place_words,
        "cause": mask_free_text(outage.cause),
        "begins": clock(outage.begins_at),
        "ends": clock(outage.expected_at),
        "responsible": outage.responsible,
        "measures": outage.measures,
        "advice": outage.advice or _advice(outage),
        "recovered": clock(outage.recovered_at) if outage.recovered_at else "",
        "dated": moments.formal(outage.opened_at),
    }
