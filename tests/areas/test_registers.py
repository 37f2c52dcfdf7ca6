"""Every register keeps the contract; one that is not listed here fails the build."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.support.register_contract import RegisterContract
from yihu.areas.duties.models import DaySheet
from yihu.areas.reception.models import Contact, Matter
from yihu.areas.repairs.models import WorkOrder
from yihu.kernel.authority import authority
from yihu.kernel.procedure import procedures


class TestContacts(RegisterContract):
    model = Contact

    def opening(self, cast: Any) -> dict[str, Any]:
        return {
            "unit": cast.home.pk, "channel": "phone", "relation": "owner", "category": "suggestion", "caller_name": "赵业主",
            "content": "希望大堂多放几把椅子",
        }  # fmt: skip


class TestMatters(RegisterContract):
    model = Matter

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"category": "suggestion", "content": "大堂加座椅"}


class TestWorkOrders(RegisterContract):
    model = WorkOrder

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"unit": cast.home.pk, "symptom": "厨房水龙头漏水", "level": "minor", "trade": "water"}


class TestDaySheets(RegisterContract):
    model = DaySheet

    def opener(self, cast: Any) -> Any:
        return authority().system()

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"day": date(2026, 11, 2).isoformat(), "due_at": "2026-11-02 22:00"}

    def many(self, cast: Any) -> None:
        for day in range(3, 15):
            self.make(cast, day=date(2026, 11, day).isoformat())


def test_every_register_keeps_the_contract() -> None:
    tested = {found.model._meta.label_lower for found in RegisterContract.__subclasses__()}
    assert {procedure.kind for procedure in procedures()} <= tested | {"estate.rollimport"}
