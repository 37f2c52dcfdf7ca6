"""A list of lessees comes in with its leases, by the command and in the browser, and again without changing anything."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tests.support.cast import Cast
from tests.support.importing import CommandLine
from tests.support.messy_leases import CURRENT, HEAD, OVER, lease, lease_book
from tests.support.messy_roll import ROW, table, upload
from yihu.ground.estate.finding import gaps
from yihu.ground.estate.models import Community, Lease, Occupancy, Party, RollImport, Unit
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import NotAllowed
from yihu.kernel.invariants import check_all
from yihu.kernel.jobs import run_due

pytestmark = pytest.mark.django_db
command_line = CommandLine("import_leases", "汇川大厦")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return tmp_path / "租户台账.xlsx"


def in_force(unit: Unit) -> Lease:
    return Lease.objects.select_related("occupancy__party").get(occupancy__unit=unit)


def test_lessees_and_leases_come_in_and_the_expired_one_is_listed(book: Path) -> None:
    assert command_line(book, lease_book(), "--dry-run")["created"] == 3
    assert Community.objects.count() == 0

    told = command_line(book, lease_book())
    assert (told["rows"], told["created"], told["refused"]) == (3, 3, 0)
    assert [(found["severity"], found["row"], found["column"], found["value"]) for found in told["problems"]] == [
        ("warning", 4, "租期止", "2026-08-31"),
    ]  # fmt: skip
    community = Community.objects.get()
    first, second, third = Unit.objects.order_by("room")
    assert [(unit.building.code, unit.room, unit.kind, unit.use) for unit in (first, second, third)] == [
        ("A", "0201", "office", "let"), ("A", "0202", "office", "let"), ("A", "0203", "office", "vacant"),
    ]  # fmt: skip
    agreed = in_force(first)
    stay = agreed.occupancy
    assert (stay.role, stay.from_on, stay.to_on) == ("lessee", date(2026, 3, 30), date(2028, 11, 28))
    assert (stay.party.kind, stay.party.name, stay.party.contact_name) == ("company", "晴川设计有限公司", "罗博远")
    assert str(stay.party.phone) == "138****0511"
    assert (agreed.fee_rate_fen, agreed.aircon_rate_fen, agreed.deposit_fen, agreed.rent_fen) == (
        1800,
        600,
        2_000_000,
        None,
    )
    assert in_force(second).fee_rate_fen == 1650
    assert list(gaps(community)["lease"][1]) == [second]
    assert [fault for result in check_all() for fault in result.faults] == []


def test_the_same_list_again_changes_nothing(book: Path) -> None:
    command_line(book, lease_book())
    before = (list(Lease.objects.values()), list(Occupancy.objects.values()), RollImport.objects.count())
    told = command_line(book, lease_book())
    assert (told["created"], told["updated"], told["unchanged"]) == (0, 0, 3)
    assert before == (list(Lease.objects.values()), list(Occupancy.objects.values()), RollImport.objects.count())


def test_new_terms_and_a_new_lessee_are_taken_over_and_can_be_taken_back(book: Path, cast: Cast) -> None:
    command_line(book, lease_book())
    before = list(Lease.objects.order_by("pk").values())
    changed = lease_book(
        lease(物业费单价=20),
        lease(OVER, 租户名称="青禾教育", 联系电话="13700137334", 租期起="2026.9.1", 租期止="2029.8.31"),
    )
    told = command_line(book, changed)
    assert (told["updated"], {found["kind"] for found in told["problems"]}) == (2, {"lessee_changed"})
    assert in_force(Unit.objects.get(room="0201")).fee_rate_fen == 2000
    let = Occupancy.objects.filter(unit__room="0202", role="lessee").on(timezone.localdate())
    assert [(stay.party.name, stay.lease.deposit_fen) for stay in let] == [("青禾教育", 500_000)]

    run = RollImport.objects.order_by("-pk")[0]
    supervisor = cast.person("liu", "刘主管", "cs_supervisor", community=run.community)
    perform(run, "undo", by=supervisor, data={"reason": "传错了文件"})
    assert list(Lease.objects.order_by("pk").values()) == before
    assert not Party.objects.filter(name="青禾教育").exists()


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (lease(租期止="2025.1.1"), "租期止", "租期止早于租期起。"),
        (lease(租期起="去年"), "租期起", "读不出日期。"),
        (lease(租赁面积="约二百"), "租赁面积㎡", "读不出面积。"),
        (lease(装修保证金="两万左右"), "装修保证金(元)", "读不出金额。"),
        (lease(单元号=""), "单元号", "没有房号。"),
        (OVER[:1] + CURRENT[1:], "房号", "与“租户台账”第 3 行是同一房屋。"),
    ],
)
def test_an_error_refuses_the_list_with_its_place(book: Path, row: list[Any], column: str, reason: str) -> None:
    told = command_line.refused(book, lease_book(CURRENT if "同一" in reason else OVER, row))
    found = next(found for found in told["problems"] if found["severity"] == "error")
    assert (told["created"], found["sheet"], found["column"], found["reason"]) == (0, "租户台账", column, reason)
    assert found["remedy"]
    assert Community.objects.count() == 0


def test_a_roll_of_owners_is_no_list_of_lessees(book: Path) -> None:
    assert [
        found["reason"] for found in command_line.refused(book, table(ROW))["problems"] if found["severity"] == "error"
    ] == ["文件里没有“租户名称”一列。"]


def test_a_person_says_what_an_unknown_column_is(book: Path) -> None:
    content = lease_book([*CURRENT, "长期"], head=[*HEAD, "租约性质"])
    assert command_line.refused(book, content)["needs_mapping"]
    assert command_line(book, content, "--map", "租约性质=不导入")["created"] == 1


def test_the_browser_takes_the_same_list(cast: Cast, sign_in: Any) -> None:
    page = sign_in(cast.li)
    answer = page.post("/rolls/new/", {"import_file": upload(lease_book(), "租户台账.xlsx"), "key": "k-1"})
    assert answer.status_code == 302
    shown = page.get(answer.url).content.decode()
    assert "新增 3 户" in shown
    assert "租约已于 2026-08-31 到期。" in shown
    run = perform(RollImport.objects.get(), "go_live", by=cast.li, data={})
    run_due(timezone.now())
    run.refresh_from_db()
    assert (run.state, Lease.objects.count()) == ("live", 2)
    assert "租约已到期" in page.get("/estate/units/?tab=lease").content.decode()


def test_the_desk_may_not_hand_in_a_list(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        open_record(
            RollImport(community=cast.yunqi), by=cast.wang, data={}, files={"import_file": upload(lease_book())}
        )
