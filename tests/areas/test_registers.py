"""Every register keeps the contract; one that is not listed here fails the build."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

import tests.areas.test_registers_files as files
import tests.areas.test_registers_keys as keys
import tests.areas.test_registers_repairs as repairs
import tests.areas.test_registers_sheets as sheets
import tests.billing.test_registers as fees
from tests.support.doing import log_contact
from tests.support.register_contract import RegisterContract
from yihu.areas.complaints.models import Complaint
from yihu.areas.corrective.models import CaseStudy, CorrectiveAction
from yihu.areas.counter.models import AbsentNote, DeskCheck, LendItem, Loan, StockCheck
from yihu.areas.needs.models import Need
from yihu.areas.parcels.models import ParcelCustody
from yihu.areas.reception.models import Contact, Matter
from yihu.areas.relations.models import Channel, Look, Posting, Praise, Suggestion, Talk
from yihu.kernel.authority import authority
from yihu.kernel.models import Book
from yihu.kernel.procedure import procedures

PARTS = (files, keys, repairs, sheets, fees)  # where the contracts of the other subjects are


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


class TestPraises(RegisterContract):
    model = Praise

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"source": "letter", "content": "冒雨帮老人搬家具", "people": [cast.chen.pk]}


class TestSuggestions(RegisterContract):
    model = Suggestion

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"source": "desk", "content": "地库加装照明"}


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


class TestNeeds(RegisterContract):
    model = Need

    def opening(self, cast: Any) -> dict[str, Any]:
        return {
            "register": "commissioned", "unit": cast.home.pk, "customer": "赵业主", "content": "代收快递", "need_type": "errand",
            "team": "cs_dept", "expected_at": "2099-01-01 12:00",
        }  # fmt: skip


class TestParcels(RegisterContract):
    model = ParcelCustody

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"unit": cast.home.pk, "addressee": "赵业主", "sort": "ordinary", "shelf": "A1"}


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
