"""Short words for what people do with paid services: a price in force, an order quoted, accepted, begun, signed."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.support.doing import at, signature
from yihu.areas.services import prices
from yihu.areas.services.models import MonthList, PriceRow, ServiceOrder
from yihu.kernel.doors import open_record, perform
from yihu.kernel.models import Message
from yihu.kernel.rhythms import come_round

LAUNCH = "2026-10-01 09:00"


def price(
    cast: Any, code: str = "BJ-01", yuan: int = 60, since: str = "2026-10-01", when: str = LAUNCH, **more: Any
) -> PriceRow:
    """李主管 drafts it, 高经理 approves it, and it is posted."""
    said = {"name": "日常保洁", "kind": "cleaning", "measure": "小时", "material_rule": "含常用清洁剂", **more}
    row = PriceRow(community=cast.yunqi, code=code, price_fen=yuan * 100, valid_from=date.fromisoformat(since), **said)
    prices.save_draft(row, by=cast.li, at=at(when))
    prices.approve(row, row.valid_from, by=cast.gao, at=at(when))
    return PriceRow.objects.get(pk=row.pk)


def order(cast: Any, when: str = "2026-11-02 09:00", quantity: str = "3", **typed: Any) -> ServiceOrder:
    data = {
        "content": "周末保洁", "service": "BJ-01", "quantity": quantity, "unit": cast.home.pk, "customer": "赵业主",
        "phone": "13800138112", **typed,
    }  # fmt: skip
    return open_record(ServiceOrder(community=cast.yunqi), by=cast.wang, data=data, at=at(when))


def do(record: Any, step: str, by: Any, when: str = "2026-11-02 10:00", files: Any = None, **data: Any) -> Any:
    return perform(record, step, by=by, at=at(when), data=data, files=files or {})


def accept(record: Any, by: Any, when: str = "2026-11-02 10:00") -> Any:
    return do(record, "accept", by, when, accept_way="signed", accepted_by="赵业主", signature=signature())


def begun(cast: Any, when: str = "2026-11-02 10:00", **typed: Any) -> Any:
    """Quoted, accepted and begun by 陈维修."""
    made = do(order(cast, when, **typed), "quote", cast.wang, when)
    made = do(accept(made, cast.wang, when), "assign", cast.wang, when, handler=cast.chen.pk)
    return do(made, "start", cast.chen, when)


def finish(cast: Any, record: Any, when: str = "2026-11-02 12:00", **actual: str) -> Any:
    lines = {f"actual_{line.pk}": actual.get(line.code or line.item, f"{line.quantity}") for line in record.all_lines}
    return do(record, "finish", cast.chen, when, result="已做完", **lines)


def signed(cast: Any, when: str = "2026-11-02 12:00", settle: str = "month", **typed: Any) -> Any:
    done = finish(cast, begun(cast, when, **typed), when)
    return do(done, "sign", cast.chen, when, settle=settle, invoice="none", opinion="A", signature=signature())


def told(person: Any) -> list[str]:
    return list(Message.objects.filter(person=person).order_by("at", "pk").values_list("sentence", flat=True))


def month_list(cast: Any, morning: str = "2026-11-20 08:40") -> MonthList:
    return next(one for one in come_round(at(morning), only="month-list") if one.community_id == cast.yunqi.pk)
