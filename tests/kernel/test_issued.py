"""What goes out is kept as it went out (ARC-11): each print says whether it does, each copy is sealed and found again."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.urls import get_resolver, reverse

from tests.fronts.looking import text_of
from tests.support import sheets
from tests.support.doing import log_contact, the_order
from yihu.ground.estate.locking import set_locked
from yihu.kernel.doors import command
from yihu.kernel.models import IssuedCopy, JournalEntry
from yihu.kernel.prints import Print, declare


def declared() -> list[Print]:
    """Every print of the program: those of the registers, and those that stand by themselves in a module."""
    assert get_resolver().url_patterns  # all pages are loaded, with the prints that they use
    return [one for one in declare.declared if getattr(one.data, "__module__", "").startswith("yihu.")]


# lists, ledgers, sheets for ourselves: nobody outside is handed one. 本人信息副本 holds all of a person in the clear, and a
# copy of it would be one more place that does; the journal says each time that it was printed. So it is with 报修卡, whose codes
# open something as long as the card stands
IN_HOUSE_WORDS = """
    业主基本情况汇总表 收费报表 投诉案例 纠正预防措施表 业主接待记录表 每日工作汇总表 维保情况周汇总 月度汇总总结 工作总结 投诉情况月汇总表
    收费率周报 客服助理工作日志 有偿服务月结清单 报修记录表 维修问题汇总表 客户沟通登记表 业主档案目录 档案标签 缺档案清单 业主档案查阅登记表
    个人信息提供登记表 本人信息副本 出账核对表 抄表记录 抄表册 诉讼卷宗目录 缴费通知单签收表 催款通知单签收表 维修资金台账 预算执行表 产权过户登记
    租户商住情况登记表 租户商住情况登记册 前台5S检查表 前台物品清点表 物品借用登记表 服务需求登记表 投诉记录表
    客户抱怨登记表 客户抱怨跟踪表 钥匙柜台账 钥匙台账（保管人用） 钥匙标签 客服中心钥匙使用登记表 钥匙遗失损坏报告
    邮件代收登记表 钥匙核查记录 档案总目录 档案盒标签 合同台账 房屋附属设施权属清册 档案盒目录 房屋权属清册 档案借阅单 档案销毁清单 合同登记卡
    记账凭证 科目汇总表 代收代付核对单 代收账单更正单 代收代付对照表
    台账归档登记表 欠费清单 减免申请表 退款申请表 收费日报 银行对账单 公共设施损坏统计表 客户回访记录表
    报修卡
    公共需求服务登记表 客户其他委托服务登记表 客户委托服务需求登记表 收费月历 名单 发票申请单 开发商付费更正单
"""
IN_HOUSE = set(IN_HOUSE_WORDS.split())


def test_each_print_says_whether_it_goes_out() -> None:
    assert len(declared()) > 80
    silent = sorted(
        f"{one.data.__module__}: {one.title}"
        for one in declared()
        if not one.issued and one.title.replace(" ", "").replace("（本月）", "") not in IN_HOUSE
    )
    assert not silent, f"issued=True (to an owner, a firm, the wall: a copy is kept), or a line in IN_HOUSE: {silent}"
    assert not {one.title for one in declared() if one.issued and one.title in IN_HOUSE}


@pytest.mark.django_db
@pytest.mark.clause("ARC-11")
def test_a_sheet_is_kept_as_it_went_out_and_the_next_one_says_so(cast: Any, sign_in: Any) -> None:
    order = the_order(log_contact(cast, party=cast.owner.pk))
    client = sign_in(cast.wang)
    first = client.get(f"{order.get_absolute_url()}print/work_sheet/").content
    client.get(f"{order.get_absolute_url()}print/work_sheet/")
    older, newer = IssuedCopy.objects.order_by("pk")
    assert (older.record_id, older.unit_id, older.run.copy_no, newer.run.copy_no) == (order.pk, cast.home.pk, 1, 2)
    assert not default_storage.open(older.path).read().startswith(b"%PDF")  # sealed
    taken = client.get(reverse("kernel:issued", args=[older.pk]))
    assert b"".join(taken.streaming_content) == first
    again = sheets.text_of(b"".join(client.get(reverse("kernel:issued", args=[newer.pk])).streaming_content))
    assert "补打" in again
    assert "补打" not in sheets.text_of(first)
    for address in (order.get_absolute_url(), reverse("papers:unit", args=[cast.home.pk])):
        page = text_of(client.get(address))
        assert "已发出的单据" in page
        assert "补打 1" in page
    looks = JournalEntry.objects.filter(record_id=order.pk, step="look", by=cast.wang)
    assert looks.count() == 2


@pytest.mark.django_db
def test_a_copy_opens_to_whoever_may_see_what_it_is_of_and_to_nobody_else(cast: Any, sign_in: Any) -> None:
    order = the_order(log_contact(cast, party=cast.owner.pk))
    sign_in(cast.wang).get(f"{order.get_absolute_url()}print/work_sheet/")
    address = reverse("kernel:issued", args=[IssuedCopy.objects.get().pk])
    assert sign_in(cast.lin).get(address).status_code == 404
    with command(by=cast.li, key="l1") as writing:
        set_locked(writing, cast.owner, True, "个人信息请求")
    assert "已锁定" in text_of(sign_in(cast.wang).get(address))
    assert sign_in(cast.gao).get(address).status_code == 200


@pytest.mark.django_db
def test_a_batch_of_the_list_keeps_each_of_its_sheets(cast: Any, sign_in: Any) -> None:
    for _ in range(3):
        log_contact(cast)
    answer = sign_in(cast.gong).get("/repairs/print/work_sheet/?tab=all")
    assert answer["Content-Type"] == "application/pdf"
    assert IssuedCopy.objects.count() == 3
