"""Every register keeps the contract; one that is not listed here fails the build."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

import tests.billing.test_registers  # noqa: F401 - those of the fees
from tests.support.doing import log_contact, signature, the_order
from tests.support.register_contract import RegisterContract
from yihu.areas.archives.models import DataRequest, Disclosure, Reading, RoomEntry, ShelfCheck
from yihu.areas.cards.models import Issue
from yihu.areas.catalogue.models import Contract, Destruction, Item, ItemLoan, LedgerFiling, Rule, Section
from yihu.areas.complaints.models import Complaint
from yihu.areas.corrective.models import CaseStudy, CorrectiveAction
from yihu.areas.counter.models import AbsentNote, DeskCheck, LendItem, Loan, StockCheck
from yihu.areas.duties.models import (
    ComplaintSheet,
    DaySheet,
    Diary,
    FeeSheet,
    LongSheet,
    MonthSheet,
    NoonSheet,
    WeekSheet,
)
from yihu.areas.households.models import LeaseFiling, Roster, Tidying, Transfer, VerifyRound
from yihu.areas.keys.counting.models import KeyCount
from yihu.areas.keys.models import Cabinet, Custody, KeyLoan, KeySet, LossReport, VacantCheck
from yihu.areas.needs.models import Need
from yihu.areas.outages.models import Outage
from yihu.areas.parcels.models import ParcelCustody
from yihu.areas.reception.models import Contact, Matter
from yihu.areas.relations.models import Channel, Look, Posting, Praise, Suggestion, Talk
from yihu.areas.repairs.models import RepairReversal, WorkOrder
from yihu.areas.services.models import MonthList, Reversal, ServiceOrder
from yihu.areas.warranty.models import Slip
from yihu.kernel.authority import authority
from yihu.kernel.doors import open_record
from yihu.kernel.models import Book
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


class TestComplaints(RegisterContract):
    model = Complaint

    def opening(self, cast: Any) -> dict[str, Any]:
        said = {"unit": cast.home.pk, "channel": "phone", "relation": "owner", "source": "direct"}
        return {**said, "category": "hygiene", "level": "minor", "content": "楼道三天没有打扫"}


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


class TestWorkOrders(RegisterContract):
    model = WorkOrder

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"unit": cast.home.pk, "symptom": "厨房水龙头漏水", "level": "minor", "trade": "water"}


class TestPraises(RegisterContract):
    model = Praise

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"source": "letter", "content": "冒雨帮老人搬家具", "people": [cast.chen.pk]}


class TestSuggestions(RegisterContract):
    model = Suggestion

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"source": "desk", "content": "地库加装照明"}


class TestCards(RegisterContract):
    model = Issue

    def opening(self, cast: Any) -> dict[str, Any]:
        asked = {
            "unit": cast.home.pk,
            "party": cast.owner.pk,
            "card_kind": "access",
            "card_no": f"A{Issue.objects.count()}",
        }
        return {**asked, "signature": signature()}


class TestKeyCounts(RegisterContract):
    model = KeyCount

    def opening(self, cast: Any) -> dict[str, Any]:
        held = {"community": cast.yunqi, "name": "一号柜", "place": "里间", "keeper": cast.li, "hook_prefix": "A-"}
        return {"cabinet": Cabinet.objects.get_or_create(**held)[0].pk}


class TestTalks(RegisterContract):
    model = Talk

    def opening(self, cast: Any) -> dict[str, Any]:
        asked = {"unit": cast.home.pk, "interviewee": "赵业主", "method": "visit", "topics": "问候"}
        return {**asked, "talked_on": "2026-11-02", "what_1": "修门铃", "due_1": "2199-01-01"}


def forum_of(cast: Any) -> Channel:
    named = {"community": cast.yunqi, "name": "业主论坛", "keeper": cast.wang}
    return Channel.objects.get_or_create(**named, kind="forum", times="09:00")[0]


class TestLooks(RegisterContract):
    model = Look

    def opener(self, cast: Any) -> Any:
        return authority().system()

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"channel": forum_of(cast).pk, "slot": "2026-11-02 09:00", "due_at": "2026-11-02 10:00"}

    def many(self, cast: Any) -> None:
        for day in range(3, 15):
            self.make(cast, slot=f"2026-11-{day:02d} 09:00")


class TestPostings(RegisterContract):
    model = Posting

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"channel": forum_of(cast).pk, "content": "电梯老坏"}


class TestDaySheets(RegisterContract):
    model = DaySheet

    def opener(self, cast: Any) -> Any:
        return authority().system()

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"day": date(2026, 11, 2).isoformat(), "due_at": "2026-11-02 22:00"}

    def many(self, cast: Any) -> None:
        for day in range(3, 15):
            self.make(cast, day=date(2026, 11, day).isoformat())


class TestNeeds(RegisterContract):
    model = Need

    def opening(self, cast: Any) -> dict[str, Any]:
        return {
            "register": "commissioned", "unit": cast.home.pk, "customer": "赵业主", "content": "代收快递", "need_type": "errand",
            "team": "cs_dept", "expected_at": "2099-01-01 12:00",
        }  # fmt: skip


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


class TestParcels(RegisterContract):
    model = ParcelCustody

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"unit": cast.home.pk, "addressee": "赵业主", "sort": "ordinary", "shelf": "A1"}


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


class TestCorrectiveActions(RegisterContract):
    model = CorrectiveAction

    def opener(self, cast: Any) -> Any:
        return cast.li

    def opening(self, cast: Any) -> dict[str, Any]:
        typed = {"source": "audit", "nonconformity": "抽查发现派工单未签字", "team": "engineering"}
        return {**typed, "handler": cast.gong.pk, "due_on": "2099-01-01"}


class TestCaseStudies(RegisterContract):
    model = CaseStudy

    def opener(self, cast: Any) -> Any:
        return cast.li

    def opening(self, cast: Any) -> dict[str, Any]:
        return {
            "title": "答应了却没有回电",
            "happened": "一位业主等了三天",
            "lesson": "答应的时间当场记下",
            "anonymous": "on",
        }


class TestWeekSheets(RegisterContract):
    model = WeekSheet

    def opener(self, cast: Any) -> Any:
        return authority().system()

    def opening(self, cast: Any) -> dict[str, Any]:
        monday = date(2026, 1, 5) + timedelta(days=7 * WeekSheet.objects.count())
        return {"monday": monday.isoformat(), "due_at": "2026-11-22 22:00"}


class TestMonthSheets(RegisterContract):
    model = MonthSheet

    def opener(self, cast: Any) -> Any:
        return authority().system()

    def opening(self, cast: Any) -> dict[str, Any]:
        year, month = divmod(MonthSheet.objects.count(), 12)
        return {"period": f"{2026 + year}-{month + 1:02d}", "due_at": "2026-11-21 22:00"}


class TestFeeSheets(RegisterContract):
    model = FeeSheet

    def opener(self, cast: Any) -> Any:
        return authority().system()

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"friday": f"{1900 + FeeSheet.objects.count()}-11-20", "due_at": "2026-11-20 17:30"}


class TestLongSheets(RegisterContract):
    model = LongSheet

    def opener(self, cast: Any) -> Any:
        return authority().system()

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"period": f"{1900 + LongSheet.objects.count()}-Q4", "due_at": "2026-11-28 22:00"}


class TestComplaintSheets(RegisterContract):
    model = ComplaintSheet

    def opener(self, cast: Any) -> Any:
        return authority().system()

    def opening(self, cast: Any) -> dict[str, Any]:
        year, month = divmod(ComplaintSheet.objects.count(), 12)
        return {"period": f"{2026 + year}-{month + 1:02d}", "due_at": "2026-11-25 22:00"}


class TestNoonSheets(RegisterContract):
    model = NoonSheet

    def opener(self, cast: Any) -> Any:
        return authority().system()

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"day": (date(2026, 11, 2) + timedelta(days=NoonSheet.objects.count())).isoformat()}


class TestDiaries(RegisterContract):
    model = Diary

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"day": "2026-11-02", "shift": "day", "tasks": "接待来电，整理登记"}


class TestKeyMandates(RegisterContract):
    model = Custody

    def opening(self, cast: Any) -> dict[str, Any]:
        tag = f"K{KeySet.objects.count() + 1:03d}"
        said = {
            "unit": cast.home.pk,
            "signer": cast.owner.name,
            "capacity": "owner",
            "id_type": "card",
            "id_last4": "5647",
        }
        return {
            **said,
            "purpose": "repair",
            "from_on": "2026-11-02",
            "place_1": "入户门",
            "tag_1": tag,
            "signature": signature(),
        }


class _OfAKey:
    def opening(self, cast: Any) -> dict[str, Any]:
        tag = f"P{KeySet.objects.count() + 1:03d}"
        return {"tag": KeySet.objects.create(community=cast.yunqi, tag=tag, place="水泵房", kind="plant").tag}


class TestKeyLoans(_OfAKey, RegisterContract):
    model = KeyLoan

    def opening(self, cast: Any) -> dict[str, Any]:
        said = {"act": "borrow", "borrower_kind": "staff", "staff": cast.gong.pk, "reason": "检查水泵"}
        return {**super().opening(cast), **said}


class TestKeyLosses(_OfAKey, RegisterContract):
    model = LossReport

    def opening(self, cast: Any) -> dict[str, Any]:
        said = {"what": "lost", "found_at": "2026-11-02 09:00", "cause": "清点时不见了", "last_holder": "龚工"}
        return {**super().opening(cast), **said}


class TestVacantChecks(RegisterContract):
    model = VacantCheck

    def opener(self, cast: Any) -> Any:
        return authority().system()

    def opening(self, cast: Any) -> dict[str, Any]:
        return {}


class TestMonthLists(RegisterContract):
    model = MonthList

    def opener(self, cast: Any) -> Any:
        return authority().system()

    def opening(self, cast: Any) -> dict[str, Any]:
        year, month = divmod(MonthList.objects.count(), 12)
        return {"period": f"{2026 + year}-{month + 1:02d}", "due_at": "2026-11-22 17:30"}


class TestAbsentNotes(RegisterContract):
    model = AbsentNote

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"handler": cast.li.pk, "caller_name": "钱女士", "words": "请回电话"}


class _Turns:
    def opener(self, cast: Any) -> Any:
        return authority().system()

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"turn": "11-02 早", "due_at": "2026-11-02 09:00"}


class TestDeskChecks(_Turns, RegisterContract):
    model = DeskCheck


class TestStockChecks(_Turns, RegisterContract):
    model = StockCheck


class TestLoans(RegisterContract):
    model = Loan

    def opening(self, cast: Any) -> dict[str, Any]:
        lendable, _ = LendItem.objects.get_or_create(community=cast.yunqi, code="伞-01", name="雨伞")
        return {"item": lendable.pk, "borrower": "赵业主", "unit": cast.home.pk, "due_at": "2099-01-01 18:00"}

    def many(self, cast: Any) -> None:
        for place in range(2, 14):
            more = LendItem.objects.create(community=cast.yunqi, code=f"伞-{place:02}", name="雨伞")
            self.make(cast, item=more.pk)


class TestOutages(RegisterContract):
    model = Outage

    def opening(self, cast: Any) -> dict[str, Any]:
        return {
            "supply": "water", "sort": "planned", "side": "own", "scope": "all", "cause": "水箱清洗",
            "begins_at": "2099-01-01 09:00", "expected_at": "2099-01-01 17:00",
        }  # fmt: skip


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


def test_every_register_keeps_the_contract() -> None:
    def below(one: type) -> set[type]:
        return {found for child in one.__subclasses__() for found in (child, *below(child))}

    tested = {found.model._meta.label_lower for found in below(RegisterContract)}
    assert {procedure.kind for procedure in procedures()} <= tested | {
        "estate.rollimport", "bringing.contactimport", "banking.statementimport", "meters.readingimport",
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.clause("RPT-04")
def test_a_register_exports_what_the_list_shows_masked_and_journaled(cast: Any, sign_in: Any) -> None:
    log_contact(cast, content="=1+1 请打 13912345678", caller_name="@赵业主")
    hidden = log_contact(cast, content="不该导出的一条", category="complaint", about_staff=cast.li.pk)
    answer = sign_in(cast.li).get("/reception/export/?tab=all")
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))
    cells = [str(cell) for row in book.get_sheet_by_index(0).to_python() for cell in row]
    assert any("139****5678" in cell for cell in cells)
    assert not any("13912345678" in cell or "13800138112" in cell or hidden.number in cell for cell in cells)
    assert not any(cell.startswith(("=", "@")) for cell in cells)
    assert any("李主管" in cell for cell in cells)  # who took it out stands on it
    assert Book.objects.get(register="kernel.export").journal.get().sentence == "李主管 导出业主接待记录"
