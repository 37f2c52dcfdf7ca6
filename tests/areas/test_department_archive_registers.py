"""部门档案: what is destroyed, contracts and their end, titles, ledgers that are printed and filed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from tests.areas.test_department_archive import keeper, lend, told
from tests.areas.test_registers_files import item_of
from tests.fronts.looking import text_of
from tests.support import sheets
from tests.support.doing import at, photo, sentences, signature
from yihu.areas.catalogue import items
from yihu.areas.catalogue.forms.tree import ITEM_FIELDS
from yihu.areas.catalogue.models import (
    AncillaryTitle,
    Contract,
    Destruction,
    DestructionLine,
    Item,
    Ledger,
    LedgerFiling,
    UnitTitle,
)
from yihu.areas.catalogue.printing import PAPERS
from yihu.ground.estate.models import UnitArea
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Invalid, NotAllowed, Refused
from yihu.kernel.jobs import run_due
from yihu.kernel.models import Deadline, Parameter
from yihu.kernel.plain import journal_of
from yihu.kernel.prints import render
from yihu.kernel.rhythms import come_round
from yihu.kernel.sweep import sweep

pytestmark = pytest.mark.django_db
assert keeper  # a fixture


# -- destruction -------------------------------------------------------------------------------------------------------


def propose(cast: Any, by: Any, *listed: Item) -> Destruction:
    data = {"items": [item.pk for item in listed], "reason": "保管期满，无继续保存的必要"}
    made: Destruction = open_record(Destruction(community=cast.yunqi), by=by, data=data)
    return made


def check(record: Destruction, by: Any) -> Destruction:
    lines = DestructionLine.objects.filter(destruction_id=record.pk)
    checked: Destruction = perform(record, "check", by=by, data={"keep": [line.pk for line in lines]})
    return checked


def approved(cast: Any, by: Any, *listed: Item) -> Destruction:
    record = check(propose(cast, by, *listed), cast.li)
    record = perform(record, "sign_supervisor", by=cast.li, data={"signature": signature()})
    return perform(record, "sign_manager", by=cast.gao, data={"signature": signature()})  # type: ignore[no-any-return]


@pytest.mark.clause("ARC-10")
def test_the_whole_way_of_a_list_with_two_signatures(cast: Any, keeper: Any, sign_in: Any) -> None:
    gone, kept = item_of(cast, 1), item_of(cast, 2)
    items.keep(gone, ITEM_FIELDS, [photo("扫描.png")], by=keeper)
    other = cast.person("shen", "沈档案", "archivist")
    record = propose(cast, keeper, gone, kept)
    with pytest.raises(NotAllowed):
        perform(record, "check", by=keeper, data={})  # who proposed does not check
    first = DestructionLine.objects.get(item=gone)
    record = perform(record, "check", by=other, data={"keep": [first.pk], "opinion": "第二件还要用"})
    assert record.lines_text == "1 件"
    with pytest.raises(NotAllowed):
        perform(record, "sign_supervisor", by=other, data={"signature": signature()})
    with pytest.raises(Invalid):
        perform(record, "sign_supervisor", by=cast.li, data={})
    record = perform(record, "sign_supervisor", by=cast.li, data={"signature": signature()})
    with pytest.raises(NotAllowed):
        perform(record, "sign_manager", by=cast.li, data={"signature": signature()})
    record = perform(record, "sign_manager", by=cast.gao, data={"signature": signature()})
    assert told(keeper)[-1] == f"{record.number} 已批准，可以销毁。"
    with pytest.raises(Invalid) as refused:
        perform(
            record,
            "destroy",
            by=keeper,
            data={"method": "shred", "destroyed_on": timezone.localdate(), "witness": keeper.pk},
        )
    assert "监销人要是另一个人" in str(refused.value.form.errors)
    sent = {"method": "shred", "destroyed_on": timezone.localdate(), "witness": cast.wang.pk}
    record = perform(record, "destroy", by=keeper, data=sent, files={"photos": [photo()]})
    gone.refresh_from_db()
    kept.refresh_from_db()
    assert (gone.status, gone.destroyed_in, gone.files.count(), kept.status) == ("destroyed", record, 0, "kept")
    page = text_of(sign_in(keeper).get(gone.get_absolute_url()))
    assert "已销毁" in page
    assert record.number in page
    assert "借出" not in page
    assert journal_of("catalogue.item", gone.pk)[-1]["sentence"] == f"方档案 按 {record.number} 销毁"
    with pytest.raises(Refused, match="只留作记录"):
        items.keep(gone, ITEM_FIELDS, [], by=keeper)
    paper = sheets.text_of(render(record.procedure.prints[0], record, keeper))
    for words in (
        "档案销毁清单",
        "派工单存根",
        "主管签批李主管",
        "经理签批高经理",
        "粉碎",
        "监销人王客服",
        "同时删除电子文件1个",
    ):
        assert words in paper, words
    assert "第二件还要用" in paper


def test_what_is_usual_stands_in_the_forms_already(cast: Any, keeper: Any, sign_in: Any) -> None:
    item = item_of(cast)
    client = sign_in(keeper)
    page = client.get("/destructions/new/").content.decode()
    assert 'value="保管期满，无继续保存的必要"' in page
    assert f'value="{item.pk}"' in page
    today = timezone.localdate()
    assert (
        f'value="{today + timedelta(days=7)}T17:30'
        in client.get(f"/archive-loans/new/?item={item.pk}").content.decode()
    )
    page = client.get("/contracts/new/").content.decode()
    assert f'value="{today}"' in page
    assert f'<option value="{keeper.pk}" selected' in page


def test_both_who_sign_are_not_one_person_not_even_with_both_posts(cast: Any, keeper: Any) -> None:
    both = cast.person("shuang", "双岗", "cs_supervisor", "cs_manager")
    record = check(propose(cast, keeper, item_of(cast)), cast.li)
    record = perform(record, "sign_supervisor", by=both, data={"signature": signature()})
    with pytest.raises(NotAllowed):
        perform(record, "sign_manager", by=both, data={"signature": signature()})
    with pytest.raises(IntegrityError), transaction.atomic():
        Destruction.objects.filter(pk=record.pk).update(manager=both)


def test_what_is_locked_lent_unexpired_or_listed_is_refused(cast: Any, keeper: Any, sign_in: Any) -> None:
    locked, lent, young, listed = (item_of(cast, number) for number in range(1, 5))
    items.hold(locked, "诉讼未了", by=cast.li)
    lend(cast, lent, keeper, due_at="2199-01-01 12:00", when=f"{timezone.localtime():%Y-%m-%d %H:%M}")
    young.since = timezone.localdate()
    items.keep(young, ITEM_FIELDS, [], by=keeper)
    first = propose(cast, keeper, listed)
    for item in (locked, lent, young, listed):
        with pytest.raises(Invalid) as refused:
            propose(cast, keeper, item)
        assert "没有到期、已锁定、借出或已在别的清单上" in str(refused.value.form.errors)
    with pytest.raises(Invalid):
        lend(cast, listed, keeper)  # nor is lent what waits to be destroyed
    with pytest.raises(Refused, match="在销毁清单上"):
        listed.since = timezone.localdate()
        items.keep(listed, ITEM_FIELDS, [], by=keeper)
    first = perform(first, "refuse", by=cast.gao, data={"reason_refused": "再留一年"})
    assert first.state_word == "未批准"
    assert propose(cast, keeper, listed).state_word == "待核对"
    page = text_of(sign_in(keeper).get("/catalogue/expired/"))
    assert "已锁定：诉讼未了" in page
    assert "借出未还" in page


def test_a_lock_that_comes_after_the_signatures_stops_the_destruction(cast: Any, keeper: Any) -> None:
    item = item_of(cast)
    record = approved(cast, keeper, item)
    items.hold(item, "审计调阅", by=cast.li)
    sent = {"method": "shred", "destroyed_on": timezone.localdate(), "witness": cast.wang.pk}
    with pytest.raises(Refused, match="已锁定：审计调阅"):
        perform(record, "destroy", by=keeper, data=sent)
    item.refresh_from_db()
    assert item.status == "kept"


def test_a_list_taken_back_frees_its_items(cast: Any, keeper: Any) -> None:
    item = item_of(cast)
    perform(propose(cast, keeper, item), "withdraw", by=cast.li, data={"reason": "列错"})
    run_due(timezone.now())
    assert propose(cast, keeper, item).pk


# -- contracts ---------------------------------------------------------------------------------------------------------


def contract(cast: Any, by: Any, when: str = "2026-01-05 09:00", **typed: Any) -> Contract:
    data = {
        "subject": "电梯维保合同", "sort": "lift", "counterparty": "恒达电梯公司", "from_on": "2026-01-01", "to_on": "2026-12-31",
        "handler": by.pk, "amount": "1,260,000", "contact_name": "吴经理", "contact_phone": "13800138114", **typed,
    }  # fmt: skip
    made: Contract = open_record(Contract(community=cast.yunqi), by=by, data=data, at=at(when))
    return made


def due(record: Any, code: str) -> Any:
    running = Deadline.objects.filter(record_id=record.pk, code=code, stopped_at__isnull=True).first()
    return running.due_at if running else None


@pytest.mark.clause("ARC-16")
def test_a_contract_is_spoken_of_sixty_and_thirty_days_before_its_end(cast: Any, keeper: Any, sign_in: Any) -> None:
    assert cast.li.pk
    assert cast.gao.pk
    assert cast.xiang.pk
    made = contract(cast, keeper)
    assert (made.amount_fen, due(made, "D90"), due(made, "D91")) == (
        126000000,
        at("2026-11-01 08:30"),
        at("2026-12-01 08:30"),
    )
    assert due(made, "D92") == at("2026-12-31 17:30")
    sweep(at("2026-11-01 08:30"))
    assert told(keeper) == [f"{made.number} 定合同去向已到时限（11-01 08:30）"]
    sweep(at("2026-11-10 00:00"))  # the seventh day is a Sunday
    assert told(cast.li) == [f"{made.number} 定合同去向已到时限（11-01 08:30）"]
    sweep(at("2026-12-01 08:30"))
    assert told(cast.li)[-1] == f"{made.number} 合同快到期已到时限（12-01 08:30）"
    sweep(at("2026-12-09 00:00"))
    assert told(cast.gao)[-1] == f"{made.number} 合同快到期已到时限（12-01 08:30）"
    made = perform(made, "decide", by=keeper, data={"plan": "renew"}, at=at("2026-12-09 09:00"))
    assert (made.state_word, due(made, "D90"), due(made, "D91")) == ("已定去向", None, None)
    sweep(at("2026-12-31 17:30"))
    sweep(at("2027-01-05 00:00"))
    assert told(cast.xiang)[-1] == f"{made.number} 合同到期已到时限（12-31 17:30）"
    page = text_of(sign_in(cast.li).get("/catalogue/contracts/"))
    assert "电梯维保合同" in page
    assert "13800138114" not in page
    assert sign_in(cast.wang).get("/catalogue/contracts/").status_code == 403
    assert sign_in(cast.wang).get(made.get_absolute_url()).status_code in (403, 404)


def test_the_company_says_how_long_before(cast: Any, keeper: Any) -> None:
    Parameter.objects.create(
        community=cast.yunqi,
        name="catalogue.expiry_days",
        value=[90, 15],
        in_force_at=at("2026-01-01 00:00"),
        by=cast.li,
        why="提前",
    )
    made = contract(cast, keeper)
    assert (due(made, "D90"), due(made, "D91")) == (at("2026-10-02 08:30"), at("2026-12-16 08:30"))


def test_the_administrator_sets_the_days_and_a_senseless_order_is_refused(cast: Any, sign_in: Any) -> None:
    admin = cast.person("admin", "系统管理员", "sysadmin")
    client = sign_in(admin)
    later = f"{timezone.localtime() + timedelta(days=1):%Y-%m-%dT%H:%M}"
    sent = {"first": 30, "last": 60, "in_force_at": later, "why": "试", "key": "a"}
    assert "要比首次提醒离到期更近" in text_of(client.post("/settings/contracts/", sent))
    assert client.post("/settings/contracts/", {**sent, "first": 90, "key": "b"}).status_code == 302
    assert Parameter.objects.get(name="catalogue.expiry_days").value == [90, 60]


@pytest.mark.clause("ARC-16")
def test_a_renewal_is_a_record_of_its_own_tied_to_the_first(cast: Any, keeper: Any, sign_in: Any) -> None:
    made = contract(cast, keeper)
    page = sign_in(keeper).get(f"{made.get_absolute_url()}do/renew/")
    assert 'value="2027-01-01"' in page.content.decode()
    assert 'value="2027-12-31"' in page.content.decode()
    given = {"to-amount": "130000", "to-paper_no": "HD-2027-01"}
    made = perform(made, "renew", by=keeper, data=given)
    following = Contract.objects.exclude(pk=made.pk).get()
    assert (made.state_word, following.from_on, following.to_on) == ("已续签", date(2027, 1, 1), date(2027, 12, 31))
    assert (following.counterparty, following.amount_fen) == ("恒达电梯公司", 13000000)
    assert following.number in text_of(sign_in(keeper).get(made.get_absolute_url()))
    assert due(made, "D92") is None


def test_dates_out_of_order_are_refused_and_a_wrong_end_is_put_right(cast: Any, keeper: Any) -> None:
    with pytest.raises(Invalid) as refused:
        contract(cast, keeper, to_on="2025-12-31")
    assert "合同止不能早于合同起" in str(refused.value.form.errors)
    made = contract(cast, keeper)
    made = perform(
        made,
        "reterm",
        by=keeper,
        data={"from_on": "2026-01-01", "to_on": "2027-06-30", "reason": "补充协议延期"},
        at=at("2026-02-01 09:00"),
    )
    assert (due(made, "D90"), due(made, "D92")) == (at("2027-05-01 08:30"), at("2027-06-30 17:30"))
    with pytest.raises(Invalid):
        perform(
            made, "end", by=keeper, data={"ended_on": "2025-01-01", "end_reason": "解除"}, at=at("2026-03-01 09:00")
        )
    made = perform(
        made, "end", by=keeper, data={"ended_on": "2026-02-28", "end_reason": "双方解除"}, at=at("2026-03-01 09:00")
    )
    assert (made.state_word, made.next_due_at and made.closed_at) == ("已终止", made.next_due_at and made.closed_at)
    assert sentences(made)[-1] == "方档案 登记终止：双方解除"


def test_the_list_is_coloured_by_how_near_the_end_is_and_printed(cast: Any, keeper: Any, sign_in: Any) -> None:
    today = timezone.localdate()
    for days, subject in ((-3, "二次供水清洗协议"), (20, "消防维保合同"), (50, "保洁合同"), (200, "公众责任险")):
        contract(
            cast,
            keeper,
            subject=subject,
            from_on=(today - timedelta(days=300)).isoformat(),
            to_on=(today + timedelta(days=days)).isoformat(),
        )
    page = sign_in(cast.li).get("/catalogue/contracts/").content.decode()
    for words in ('badge-late">过期 3 天', 'badge-late">剩 20 天', 'badge-due">剩 50 天', 'badge-done">剩 200 天'):
        assert words in page, words
    paper = sheets.text_of(render(PAPERS["contracts"], PAPERS["contracts"].data(cast.yunqi, cast.li), cast.li))
    assert paper.index("二次供水清洗协议") < paper.index("消防维保合同") < paper.index("公众责任险")
    assert "1,260,000.00" in paper
    assert "13800138114" not in paper
    assert sign_in(cast.wang).get("/catalogue/paper/contracts.pdf").status_code == 403


# -- titles ------------------------------------------------------------------------------------------------------------


@pytest.mark.clause("ARC-17")
def test_the_titles_of_units_with_area_and_holder_of_the_estate(cast: Any, keeper: Any, sign_in: Any) -> None:
    assert cast.owner.pk
    UnitArea.objects.create(unit=cast.home, gross_area=Decimal("89.52"))
    client = sign_in(keeper)
    address = reverse("catalogue:edit_title", args=[cast.home.pk])
    sent = {"title_no": "云房权证字第0101号", "since": "2020-05-06", "key": "t"}
    assert client.post(address, sent).status_code == 302
    assert UnitTitle.objects.get().unit == cast.home
    page = text_of(client.get("/catalogue/titles/"))
    for words in ("A1-1-0101", "云房权证字第0101号", "赵业主", "89.52", "2020-05-06", "1 户已登记权证号"):
        assert words in page, words
    assert "138" not in page.replace("89.52", "")
    paper = client.get(reverse("catalogue:building_titles", args=[cast.home.building_id])).content
    assert "云房权证字第0101号赵业主89.52" in sheets.text_of(paper)
    assert sign_in(cast.wang).get("/catalogue/titles/").status_code == 403


def test_the_titles_cost_the_same_for_many_units(
    cast: Any, keeper: Any, sign_in: Any, django_assert_max_num_queries: Any
) -> None:
    assert cast.owner.pk
    for room in range(12):
        cast.unit(f"09{room:02d}")
    client = sign_in(keeper)
    client.get("/catalogue/titles/")
    with django_assert_max_num_queries(14):
        assert "共 13 户" in text_of(client.get("/catalogue/titles/"))


@pytest.mark.clause("ARC-17")
def test_ancillary_facilities_are_rows_and_printed(cast: Any, keeper: Any, sign_in: Any) -> None:
    assert cast.yunqi.pk
    client = sign_in(keeper)
    sent = {
        "name": "水泵房",
        "place": "地下一层",
        "holder": "全体业主",
        "area": "46.30",
        "position": 1,
        "shown": "on",
        "key": "p",
    }
    assert client.post("/catalogue/ancillary/new/", sent).status_code == 302
    assert AncillaryTitle.objects.get().area == Decimal("46.30")
    paper = sheets.text_of(client.get("/catalogue/paper/ancillary.pdf").content)
    assert "房屋附属设施权属清册" in paper
    assert "水泵房地下一层" in paper
    assert "46.30" in paper


# -- ledgers -----------------------------------------------------------------------------------------------------------


def filing(when: str) -> LedgerFiling | None:
    return next((one for one in come_round(at(when)) if isinstance(one, LedgerFiling)), None)


@pytest.mark.clause("ARC-11")
def test_each_month_the_ledgers_are_printed_and_filed_into_the_catalogue(cast: Any, keeper: Any, sign_in: Any) -> None:
    assert cast.yunqi.pk
    assert filing("2026-11-21 00:05") is None  # no list, no round
    section = item_of(cast).section
    calls = Ledger.objects.create(
        community=cast.yunqi, name="业主接待记录表", place="客服资料柜", section=section, rule=Item.objects.get().rule
    )
    lost = Ledger.objects.create(community=cast.yunqi, name="维修台账", place="客服资料柜", position=1)
    record = filing("2026-11-21 00:05")
    assert record is not None
    assert (record.period, due(record, "D33")) == ("2026-11", at("2026-11-26 17:30"))
    assert filing("2026-11-22 00:05") is None
    form = sign_in(cast.wang).get(f"{record.get_absolute_url()}do/file/").content.decode()
    assert 'value="客服资料柜"' in form
    typed = {
        f"done_{calls.pk}": "filed",
        f"place_{calls.pk}": "客服资料柜二层",
        f"done_{lost.pk}": "not_yet",
        "signature": signature(),
    }
    with pytest.raises(Invalid) as refused:
        perform(record, "file", by=cast.wang, data=typed)
    assert "请写打印了几页" in str(refused.value.form.errors)
    assert "请写明为什么还没有" in str(refused.value.form.errors)
    typed |= {f"pages_{calls.pk}": "12", f"why_{lost.pk}": "打印机坏，周一补"}
    record = perform(record, "file", by=cast.wang, data=typed, at=at("2026-11-24 10:00"))
    assert (record.state_word, record.found) == ("部分归档", "已归 1 本，未归：维修台账")
    entry = Item.objects.get(title="业主接待记录表")
    assert (entry.period, entry.place, entry.copies, entry.source_id) == ("2026年11月", "客服资料柜二层", 1, record.pk)
    assert (entry.number, entry.expires_on) == ("2", date(2029, 11, 21))
    assert cast.li.pk
    sweep(at("2026-11-26 17:30"))
    sweep(at("2026-11-27 17:30"))
    assert told(cast.li)[-1] == f"{record.number} 台账归档已到时限（11-26 17:30）"
    typed = {
        f"done_{lost.pk}": "filed",
        f"pages_{lost.pk}": "3",
        f"place_{lost.pk}": "客服资料柜",
        "signature": signature(),
    }
    record = perform(record, "file", by=cast.wang, data=typed, at=at("2026-11-28 10:00"))
    assert (record.state_word, due(record, "D33"), Item.objects.filter(title="业主接待记录表").count()) == (
        "待审阅",
        None,
        1,
    )
    record = perform(record, "read", by=cast.li)
    paper = sheets.text_of(render(record.procedure.prints[0], record, keeper))
    for words in ("业主接待记录表", "12", "客服资料柜二层", "客服主管审阅李主管"):
        assert words in paper, words


@pytest.mark.clause("DESK-22")
def test_talks_stubs_and_call_backs_are_filed_each_month(cast: Any, keeper: Any, sign_in: Any) -> None:
    assert cast.yunqi.pk
    client = sign_in(keeper)
    start = client.get("/catalogue/ledgers/").context["start_url"]
    assert client.post(start, {"key": "start"}).status_code == 302
    record = filing("2026-11-21 00:05")
    assert record is not None
    form = sign_in(cast.wang).get(f"{record.get_absolute_url()}do/file/").content.decode()
    of_the_desk = ("客户沟通登记表", "派工单存根（维修单、服务单）", "客户回访记录表")
    for name in of_the_desk:
        assert name in form
    typed = {"signature": signature()}
    for ledger in Ledger.objects.all():
        typed |= {f"done_{ledger.pk}": "filed", f"pages_{ledger.pk}": "2", f"place_{ledger.pk}": ledger.place}
    record = perform(record, "file", by=cast.wang, data=typed, at=at("2026-11-24 10:00"))
    assert record.state_word == "待审阅"
    paper = sheets.text_of(render(record.procedure.prints[0], record, keeper))
    for name in of_the_desk:
        assert name in paper
