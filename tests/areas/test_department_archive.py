"""部门档案: the tree as it is printed, its items, boxes and loans."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from tests.areas.test_registers_files import item_of
from tests.fronts.looking import text_of
from tests.support import sheets
from tests.support.doing import at, photo, sentences
from yihu.areas.catalogue import default_tree, items, tree
from yihu.areas.catalogue.forms.tree import ITEM_FIELDS
from yihu.areas.catalogue.models import Box, Item, ItemLoan, Rule, Section
from yihu.areas.catalogue.pages.lists import RULE_LIST
from yihu.areas.catalogue.printing import BOX_PAPER, PAPERS
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Conflict, Invalid, NotAllowed, Refused
from yihu.kernel.models import Deadline, Message
from yihu.kernel.plain import journal_of
from yihu.kernel.prints import render
from yihu.kernel.sweep import sweep

pytestmark = pytest.mark.django_db
TREE = "/catalogue/"


def told(person: Any) -> list[str]:
    return list(Message.objects.filter(person=person).order_by("at", "pk").values_list("sentence", flat=True))


@pytest.fixture
def keeper(cast: Any) -> Any:
    return cast.person("fang", "方档案", "archivist")


# -- the tree ----------------------------------------------------------------------------------------------------------


@pytest.mark.clause("ARC-10")
def test_the_nine_parts_are_loaded_on_demand_with_the_numbers_as_printed(cast: Any, keeper: Any, sign_in: Any) -> None:
    assert cast.yunqi.pk
    client = sign_in(keeper)
    assert "装入默认目录" in text_of(client.get(TREE))
    assert client.post("/catalogue/load/", {"key": "load"}).status_code == 302
    page = text_of(client.get(TREE))
    assert "361 个条目，0 个手上有" in page
    parts = Section.objects.filter(community=cast.yunqi, level=1).order_by("position")
    assert [part.number for part in parts] == list("一二三四五六七八九")
    ninth = Section.objects.get(parent=parts[8], number="8.1")
    assert (parts[8].title, ninth.title) == ("竣工资料和图纸", "桩基")
    # the printed catalogue has no 8.1.8
    assert [item.number for item in ninth.items.order_by("position")][6:9] == ["8.1.7", "8.1.9", "8.1.10"]
    deepest = Section.objects.get(community=cast.yunqi, number="1.11.2")
    assert (deepest.level, deepest.items.count()) == (3, 12)
    assert Item.objects.get(section=ninth, number="8.1.1").rule.name == "永久"


def test_loading_twice_loads_once_and_a_clerk_loads_nothing(cast: Any, keeper: Any, sign_in: Any) -> None:
    assert cast.yunqi.pk
    default_tree.load(cast.yunqi, by=keeper, key="once")
    assert default_tree.load(cast.yunqi, by=keeper, key="once") == 361
    with pytest.raises(Refused, match="已经有目录"):
        default_tree.load(cast.yunqi, by=keeper, key="twice")
    assert Item.objects.count() == 361
    assert sign_in(cast.wang).post("/catalogue/load/", {"key": "x"}).status_code == 403
    assert not Section.objects.filter(community=cast.qinghe).exists()


@pytest.mark.clause("ARC-10")
def test_what_is_held_stands_in_a_cabinet_that_is_named(cast: Any, keeper: Any, sign_in: Any) -> None:
    section = Section.objects.create(community=cast.yunqi, number="十", title="自建", level=1, position=10)
    rule = Rule.objects.create(community=cast.yunqi, name="三年", years=3)
    client, address = sign_in(keeper), reverse("catalogue:new_item", args=[section.pk])
    sent = {"number": "10.1", "title": "钥匙移交单", "section": section.pk, "copies": 1, "keeper": keeper.pk, "rule": rule.pk,
            "position": 1, "shown": "on", "key": "a"}  # fmt: skip
    assert "请写明放在哪个柜" in text_of(client.post(address, sent))
    assert (
        client.post(address, {**sent, "copies": 0, "keeper": "", "rule": "", "key": "b"}).status_code == 302
    )  # only named so far
    box = Box.objects.create(community=cast.yunqi, number="Y-01", title="移交", cabinet="客服资料1")
    held = {**sent, "number": "10.2", "box": box.pk, "key": "c"}
    assert client.post(address, held).status_code == 302
    assert "客服资料1" in text_of(client.get(Item.objects.get(number="10.2").get_absolute_url()))


def test_the_tree_costs_the_same_however_large_it_is(
    cast: Any, keeper: Any, sign_in: Any, django_assert_max_num_queries: Any
) -> None:
    default_tree.load(cast.yunqi, by=keeper)
    client = sign_in(keeper)
    client.get(TREE)
    with django_assert_max_num_queries(16):
        assert client.get(TREE).status_code == 200


def test_the_community_edits_its_own_copy(cast: Any, keeper: Any, sign_in: Any) -> None:
    default_tree.load(cast.yunqi, by=keeper)
    client = sign_in(keeper)
    part = Section.objects.get(community=cast.yunqi, number="六")
    address = reverse("catalogue:new_section", args=[part.pk])
    sent = {"number": "6.1", "title": "绿化外包", "parent": part.pk, "position": 1, "shown": "on", "key": "a"}
    assert client.post(address, sent).status_code == 302
    made = Section.objects.get(number="6.1")
    assert (made.parent, made.level) == (part, 2)
    twin = client.post(address, {**sent, "key": "b"})
    assert (twin.status_code, "同一级里已经有这个编号" in text_of(twin)) == (422, True)
    renamed = {**sent, "title": "绿化承包", "key": "c", "version": "1"}
    assert client.post(reverse("catalogue:edit_section", args=[made.pk]), renamed).status_code == 302
    assert journal_of("catalogue.section", made.pk, {"title": "名称"})[-1]["changes"][0]["new"] == "绿化承包"
    used = {"number": "六", "title": "绿化管理", "position": 6, "key": "d"}
    refused = client.post(reverse("catalogue:edit_section", args=[part.pk]), used)
    assert "还有 2 项在用" in text_of(refused)


def test_a_fifth_level_is_refused(cast: Any, keeper: Any, sign_in: Any) -> None:
    default_tree.load(cast.yunqi, by=keeper)
    client = sign_in(keeper)
    deep, holds = Section.objects.get(number="1.11.1"), Section.objects.get(number="1.11")
    sent = {"number": "1.11", "title": "制度", "parent": Section.objects.get(number="2.1").pk, "position": 1, "shown": "on", "key": "x"}  # fmt: skip
    moved = client.post(reverse("catalogue:edit_section", args=[holds.pk]), sent)
    assert "目录最多四级" in text_of(moved)
    below = {"number": "1", "title": "再下", "parent": deep.pk, "position": 1, "shown": "on", "key": "y"}
    assert client.post(reverse("catalogue:new_section", args=[deep.pk]), below).status_code == 422


# -- items -------------------------------------------------------------------------------------------------------------


@pytest.mark.clause("ARC-10")
def test_an_item_takes_the_next_number_and_is_found(cast: Any, keeper: Any, sign_in: Any) -> None:
    default_tree.load(cast.yunqi, by=keeper)
    client = sign_in(keeper)
    section = Section.objects.get(number="8.7")
    page = client.get(reverse("catalogue:new_item", args=[section.pk]))
    assert 'value="8.7.4"' in page.content.decode()
    sent = {
        "number": "8.7.4", "title": "大堂翻新竣工图", "section": section.pk, "copies": 2, "position": 4, "shown": "on", "place": "三层左",
        "period": "2026年", "key": "new", "files": photo("竣工图.png"),
    }  # fmt: skip
    address = reverse("catalogue:new_item", args=[section.pk])
    refused = client.post(address, sent)
    assert refused.status_code == 422
    assert "手上有的资料要有保管人" in text_of(refused)
    assert "手上有的资料要写保管期限" in text_of(refused)
    sent |= {
        "keeper": keeper.pk,
        "rule": Rule.objects.get(community=cast.yunqi, name="永久").pk,
        "files": photo("竣工图.png"),
    }
    assert client.post(address, sent).status_code == 302
    item = Item.objects.get(title="大堂翻新竣工图")
    for words in ("技术资料2、技术资料3", "方档案", "永久", "三层左"):
        assert words in text_of(client.get(item.get_absolute_url())), words
    assert item.files.get().name == "竣工图.png"
    found = text_of(client.get(f"{TREE}?q=大堂 竣工"))
    assert "8.7.4 大堂翻新竣工图" in found
    assert "技术资料2、技术资料3 · 三层左" in found
    assert client.get("/search/?q=大堂翻新")["Location"] == item.get_absolute_url()  # the only thing found
    file = client.get(reverse("catalogue:file", args=[item.files.get().pk]))
    assert file["Content-Disposition"].startswith("attachment")
    assert journal_of("catalogue.item", item.pk)[-1]["sentence"] == "方档案 查看电子文件 竣工图.png"
    assert sign_in(cast.lin).get(item.get_absolute_url()).status_code in (403, 404)


@pytest.mark.clause("ARC-10")
def test_the_wall_sheet_names_the_cabinet_of_each_part(cast: Any, keeper: Any, sign_in: Any) -> None:
    default_tree.load(cast.yunqi, by=keeper)
    box = Box.objects.create(community=cast.yunqi, number="K-07", title="派工单", cabinet="客服资料2")
    Item.objects.filter(title="派工单存根").update(box=box, copies=3, period="2026年1月至10月")
    declared = PAPERS["catalogue"]
    paper = sheets.text_of(render(declared, declared.data(cast.yunqi, keeper), keeper))
    for words in ("档案总目录", "一、基础管理（档案柜名称：客服资料）", "九、竣工资料和图纸（档案柜名称：技术资料2、技术资料3）", "8.1.9",
                  "2026年1月至10月", "盒K-07", "尚未移交"):  # fmt: skip
        assert words in paper, words
    answer = sign_in(keeper).get("/catalogue/paper/catalogue.pdf")
    assert answer.content.startswith(b"%PDF-")
    inside = sheets.text_of(render(BOX_PAPER, BOX_PAPER.data(box, keeper), keeper))
    assert "1.17·7" in inside
    assert "派工单存根" in inside
    labels = sheets.text_of(render(PAPERS["labels"], PAPERS["labels"].data(cast.yunqi, keeper), keeper))
    assert "K-07" in labels
    assert "客服资料2" in labels


# -- how long ----------------------------------------------------------------------------------------------------------


def test_until_when_it_is_kept_follows_from_the_rule_and_its_change(cast: Any, keeper: Any, sign_in: Any) -> None:
    item = item_of(cast)
    assert item.expires_on == date(2021, 12, 31)
    item.since = None
    items.keep(item, ITEM_FIELDS, [], by=keeper)
    assert Item.objects.get().expires_on is None
    item.since = date(2024, 2, 29)
    items.keep(item, ITEM_FIELDS, [], by=keeper)
    assert Item.objects.get().expires_on == date(2027, 2, 28)
    rule = Rule.objects.get()
    sent = {"name": "三年", "years": "5", "position": 0, "shown": "on", "key": "r"}
    assert sign_in(keeper).post(RULE_LIST.address("edit", rule.pk), sent).status_code == 302
    assert Item.objects.get().expires_on == date(2029, 2, 28)


def test_only_a_supervisor_locks_and_it_stands_in_the_book(cast: Any, keeper: Any, sign_in: Any) -> None:
    item = item_of(cast)
    address = reverse("catalogue:hold", args=[item.pk])
    assert sign_in(keeper).post(address, {"hold": "诉讼", "key": "a"}).status_code == 403
    assert sign_in(cast.li).post(address, {"hold": "与承包方诉讼未了", "key": "b"}).status_code == 302
    assert "不能销毁" not in text_of(sign_in(keeper).get("/catalogue/expired/"))
    assert "已锁定：与承包方诉讼未了" in text_of(sign_in(keeper).get("/catalogue/expired/"))
    assert journal_of("catalogue.item", item.pk)[-1]["sentence"] == "李主管 锁定：与承包方诉讼未了"


# -- loans -------------------------------------------------------------------------------------------------------------


def lend(cast: Any, item: Any, by: Any, when: str = "2026-11-03 09:00", **typed: Any) -> ItemLoan:
    data = {"item": item.pk, "staff": cast.chen.pk, "purpose": "核对维修费", "due_at": "2026-11-10 17:30", **typed}
    lent: ItemLoan = open_record(ItemLoan(community=cast.yunqi), by=by, data=data, at=at(when))
    return lent


@pytest.mark.clause("ARC-10")
def test_a_loan_from_the_shelf_and_back(cast: Any, keeper: Any, sign_in: Any) -> None:
    item = item_of(cast)
    loan = lend(cast, item, keeper)
    assert (loan.handler, loan.borrower) == (cast.chen, "陈维修")
    assert "借出" in text_of(sign_in(keeper).get(TREE))
    with pytest.raises(Invalid) as refused:
        lend(cast, item, cast.li)
    assert "已经借出" in str(refused.value.form.errors)
    assert cast.gao.pk
    sweep(at("2026-11-09 17:30"))
    sweep(at("2026-11-10 17:30"))
    sweep(at("2026-11-11 17:30"))
    assert told(cast.chen)[-1] == told(keeper)[-1] == f"{loan.number} 归还档案已到时限（11-10 17:30）"
    assert told(cast.li)[-1] == f"{loan.number} 归还档案已到时限（11-10 17:30）"
    loan = perform(loan, "give_back", by=keeper, data={"condition": "good"}, at=at("2026-11-12 09:00"))
    assert (loan.state_word, loan.is_out) == ("已还", False)
    assert Deadline.objects.get(record_id=loan.pk).met is False
    lend(cast, item, keeper, "2026-11-12 10:00", due_at="2026-11-20 17:30")
    page = text_of(sign_in(keeper).get(item.get_absolute_url()))
    assert loan.number in page
    assert "陈维修 · 核对维修费" in page
    slip = sheets.text_of(render(loan.procedure.prints[0], loan, keeper))
    assert "核对维修费" in slip


def test_an_outsider_says_from_where_and_a_lost_item_is_written_off_by_the_supervisor(cast: Any, keeper: Any) -> None:
    item = item_of(cast)
    with pytest.raises(Invalid) as refused:
        lend(cast, item, keeper, staff="", borrower="周审计")
    assert "请写明单位" in str(refused.value.form.errors)
    loan = lend(cast, item, keeper, staff="", borrower="周审计", department="审计所")
    assert cast.li.pk
    loan = perform(loan, "lose", by=keeper, data={"note": "搬迁时遗失"})
    assert told(cast.li)[-1] == f"{loan.number} 档案遗失：派工单存根，搬迁时遗失。"
    with pytest.raises(NotAllowed):
        perform(loan, "write_off", by=keeper, data={"reason": "找不到"})
    loan = perform(loan, "write_off", by=cast.li, data={"reason": "找过两遍，补复印件"})
    item.refresh_from_db()
    assert (loan.state_word, item.status, item.copies) == ("已报失", "lost", 0)
    with pytest.raises(Invalid):
        lend(cast, item, keeper)
    assert sentences(loan)[-1] == "李主管 报失：找过两遍，补复印件"


@pytest.mark.django_db(transaction=True)
def test_of_many_clerks_at_once_one_lends_the_item(cast: Any) -> None:
    keeper = cast.person("fang", "方档案", "archivist")
    item = item_of(cast)
    assert cast.chen.pk
    fates: list[str] = []
    start = threading.Barrier(8)

    def clerk() -> None:
        try:
            start.wait(20)
            lend(
                cast,
                item,
                keeper,
                due_at=timezone.now() + timedelta(days=3),
                when=f"{timezone.localtime():%Y-%m-%d %H:%M}",
            )
            fates.append("lent")
        except (Refused, Conflict, Invalid) as error:
            fates.append(type(error).__name__)
        finally:
            connection.close()

    workers = [threading.Thread(target=clerk) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(fates).count("lent") == 1, fates
    assert len(fates) == 8
    assert ItemLoan.objects.filter(item=item, is_out=True).count() == 1


def test_a_loan_entered_by_mistake_sets_the_item_free(cast: Any, keeper: Any) -> None:
    from yihu.kernel.jobs import run_due

    item = item_of(cast)
    loan = lend(cast, item, keeper)
    perform(loan, "withdraw", by=cast.li, data={"reason": "登记错"})
    run_due(timezone.now())
    assert not tree.items_of(cast.yunqi).get().out
