"""The registers of the household files and of the department's archive keep the contract."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

import tests.billing.test_registers  # noqa: F401 - those of the fees
from tests.support.doing import signature
from tests.support.register_contract import RegisterContract
from yihu.areas.archives.models import DataRequest, Disclosure, Reading, RoomEntry, ShelfCheck
from yihu.areas.catalogue.models import Contract, Destruction, Item, ItemLoan, LedgerFiling, Rule, Section
from yihu.areas.households.models import LeaseFiling, Roster, Tidying, Transfer, VerifyRound
from yihu.kernel.authority import authority


class TestReadings(RegisterContract):
    model = Reading

    def opening(self, cast: Any) -> dict[str, Any]:
        asked = {"unit": cast.home.pk, "wanted": ["contract"], "reason": "核对面积"}
        return {**asked, "outside": "on", "reader": "钱律师", "dept": "平安律师事务所"}


class TestDataRequests(RegisterContract):
    model = DataRequest

    def opening(self, cast: Any) -> dict[str, Any]:
        asked = {"party": cast.owner.pk, "asks": "copy", "asker": "self", "id_type": "card", "id_last4": "5647"}
        return {**asked, "signature": signature()}


class TestDisclosures(RegisterContract):
    model = Disclosure

    def opening(self, cast: Any) -> dict[str, Any]:
        asked = {"unit": cast.home.pk, "party": cast.owner.pk, "to_whom": "某保险公司", "data": ["house"]}
        return {**asked, "purpose": "理赔", "ground": "word", "signature": signature()}


class TestShelfChecks(RegisterContract):
    model = ShelfCheck

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"unit": cast.home.pk, "extra": "多一份旧合同"}


class TestRoomEntries(RegisterContract):
    model = RoomEntry

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"room": "档案室", "purpose": "取 A1 栋户档"}


class TestTransfers(RegisterContract):
    model = Transfer

    def opening(self, cast: Any) -> dict[str, Any]:
        seen = {"unit": cast.home.pk, "how": "sale", "proof": "title", "proof_seen": "on", "name_1": "孙新主"}
        return {**seen, "on": (timezone.localdate() + timedelta(days=9)).isoformat()}

    def many(self, cast: Any) -> None:
        for number in range(12):
            self.make(cast, unit=cast.unit(f"99{number:02d}").pk)


class TestLeaseFilings(RegisterContract):
    model = LeaseFiling

    def opening(self, cast: Any) -> dict[str, Any]:
        told = {"unit": cast.home.pk, "name": "周租户", "phone": "13700137001", "use": "let", "payer": "lessee"}
        days = {"lease_from": "2026-01-01", "lease_to": "2099-12-31", "filed_on": "2026-11-01"}
        return {**told, **days, "fit_out": "none"}


class TestVerifyRounds(RegisterContract):
    model = VerifyRound

    def opener(self, cast: Any) -> Any:
        return authority().system()

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"first_on": "2026-11-01", "due_at": "2026-11-30 17:30"}


class TestTidyings(TestVerifyRounds):
    model = Tidying


class TestRosters(RegisterContract):
    model = Roster

    def opener(self, cast: Any) -> Any:
        return cast.li

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"why": "社区核对人口", "goes_to": "交社区，用完销毁"}


def item_of(cast: Any, number: int = 1) -> Item:
    """An entry of the department's catalogue, three years past its time."""
    rule, _ = Rule.objects.get_or_create(community=cast.yunqi, name="三年", defaults={"years": 3})
    part, _ = Section.objects.get_or_create(community=cast.yunqi, number="一", defaults={"title": "基础管理"})
    item = Item(community=cast.yunqi, section=part, number=str(number), title="派工单存根", copies=1, rule=rule)
    item.since = date(2018, 12, 31)
    item.reckon()
    item.save()
    return item


def fresh_item(cast: Any) -> Item:
    return item_of(cast, Item.objects.count() + 1)


class _OfTheArchive:
    def opener(self, cast: Any) -> Any:
        return cast.li


class TestItemLoans(_OfTheArchive, RegisterContract):
    model = ItemLoan

    def opening(self, cast: Any) -> dict[str, Any]:
        wanted = {"purpose": "核对维修费", "due_at": "2099-01-01 18:00", "staff": cast.chen.pk}
        return {"item": fresh_item(cast).pk, **wanted}


class TestDestructions(_OfTheArchive, RegisterContract):
    model = Destruction

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"items": [fresh_item(cast).pk], "reason": "保管期满"}


class TestContracts(_OfTheArchive, RegisterContract):
    model = Contract

    def opening(self, cast: Any) -> dict[str, Any]:
        named = {"subject": "电梯维保合同", "sort": "lift", "counterparty": "恒达电梯公司", "handler": cast.li.pk}
        return {**named, "from_on": "2098-01-01", "to_on": "2098-12-31"}


class TestLedgerFilings(RegisterContract):
    model = LedgerFiling

    def opener(self, cast: Any) -> Any:
        return authority().system()

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"period": "2026-11", "due_at": "2099-11-26 17:30"}
