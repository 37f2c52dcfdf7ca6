"""The registers of repairs, warranty, services and outages keep the contract."""

from __future__ import annotations

from typing import Any

import tests.billing.test_registers  # noqa: F401 - those of the fees
from tests.support.doing import log_contact, the_order
from tests.support.register_contract import RegisterContract
from yihu.areas.outages.models import Outage
from yihu.areas.repairs.models import RepairReversal, WorkOrder
from yihu.areas.services.models import MonthList, Reversal, ServiceOrder
from yihu.areas.warranty.models import Slip
from yihu.kernel.authority import authority
from yihu.kernel.doors import open_record


class TestWorkOrders(RegisterContract):
    model = WorkOrder

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"unit": cast.home.pk, "symptom": "厨房水龙头漏水", "level": "minor", "trade": "water"}


class TestSlips(RegisterContract):
    model = Slip

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"unit": cast.home.pk, "item": "waterproofing", "defect": "卫生间渗水"}


class TestServiceOrders(RegisterContract):
    model = ServiceOrder

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"unit": cast.home.pk, "content": "周末保洁", "customer": "赵业主"}


class TestReversals(RegisterContract):
    model = Reversal

    def opening(self, cast: Any) -> dict[str, Any]:
        order = open_record(ServiceOrder(community=cast.yunqi), by=cast.wang, data={"content": "保洁", "free": "on"})
        ServiceOrder.objects.filter(pk=order.pk).update(signed_at=order.opened_at, accepted_fen=100, total_fen=100)
        return {"number_of": order.number, "reason": "少做一小时"}


class TestRepairReversals(RegisterContract):
    model = RepairReversal

    def opening(self, cast: Any) -> dict[str, Any]:
        order = the_order(log_contact(cast))
        WorkOrder.objects.filter(pk=order.pk).update(signed_at=order.opened_at, chargeable="paid", labour_fen=100)
        return {"number_of": order.number, "right": "0", "reason": "多收了"}


class TestMonthLists(RegisterContract):
    model = MonthList

    def opener(self, cast: Any) -> Any:
        return authority().system()

    def opening(self, cast: Any) -> dict[str, Any]:
        year, month = divmod(MonthList.objects.count(), 12)
        return {"period": f"{2026 + year}-{month + 1:02d}", "due_at": "2026-11-22 17:30"}


class TestOutages(RegisterContract):
    model = Outage

    def opening(self, cast: Any) -> dict[str, Any]:
        return {
            "supply": "water", "sort": "planned", "side": "own", "scope": "all", "cause": "水箱清洗",
            "begins_at": "2099-01-01 09:00", "expected_at": "2099-01-01 17:00",
        }  # fmt: skip
