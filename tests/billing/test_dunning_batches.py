"""A round of 催款通知单 on paper: copies, the payer's code, how to pay, the 签收表 of each deliverer, and a round of hundreds."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pypdf import PdfReader

from tests.billing.noticing import billing_of
from tests.support.doing import at
from tests.support.dunning import NOVEMBER, Desk, desk_of
from yihu.areas.billing.dunning import who
from yihu.areas.billing.dunning.models import DunningNotice, DunningRound
from yihu.areas.billing.dunning.pages import papers
from yihu.areas.billing.notices.models import Round
from yihu.kernel.jobs.runner import run_waiting
from yihu.kernel.models import Deadline, IssuedCopy, Message
from yihu.kernel.rhythms import come_round

pytestmark = pytest.mark.django_db
N, R = DunningNotice.State, DunningRound.State


@pytest.fixture
def desk(cast: Any) -> Desk:
    return desk_of(cast)


def pages(pdf: bytes) -> list[str]:
    return [re.sub(r"[\s\u200b]", "", page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]


def test_a_month_in_which_nobody_is_late_leaves_nothing_to_print(desk: Desk) -> None:
    """The round ends by itself; nobody is told to print nothing, and nothing is overdue."""
    batch = desk.round()
    assert (batch.state, batch.drawn) == (R.DONE, 0)
    clock = Deadline.objects.get(record_id=batch.pk, code="D66")
    assert clock.stopped_at is not None
    assert not Message.objects.filter(person=desk.accountant, sentence__contains="请打印").exists()


def test_each_sheet_says_how_to_pay_and_leads_to_the_payers_page(
    cast: Any, desk: Desk, settings: Any, sign_in: Any
) -> None:
    """What this paper names is behind its code; two copies, and of a round the customers' alone."""
    settings.YIHU_SITE = "https://yihu.example"
    billing = billing_of(cast)
    billing.charge(35941, month=9)
    batch = billing.step(billing.batch("2026-10-24 09:00", "2026-10"), "draw", billing.accountant, "2026-10-24 09:00",
                         pay_by="2026-11-10", pay_ways="收费处现金、刷卡", hotline="0571-88886666")  # fmt: skip
    for name, person in (("check", billing.head), ("seal", cast.xiang), ("print", billing.accountant)):
        batch = billing.step(batch, name, person, "2026-10-25 09:00")
    run_waiting()
    round_ = desk.round()
    notice = DunningNotice.objects.get()
    data = notice.procedure.prints[0].data(notice, desk.accountant)
    assert data["qr"] == f"https://yihu.example/pay/notice/{notice.token}/"
    assert notice.token != batch.notices.get().token
    client = sign_in(desk.accountant)
    (one,) = pages(client.get(f"/dunning-papers/round/{round_.number}/").content)
    for words in ("客户联", "收费处现金、刷卡", "0571-88886666", "扫右上角二维码"):
        assert words in one
    both = pages(client.get(f"/dunning-notices/{notice.number}/print/dunning_notice/").content)
    assert ["客户联" in both[0], "存根联" in both[1]] == [True, True]
    assert "补打1" in both[0]


def test_without_an_address_of_the_installation_its_number_is_behind_the_code(desk: Desk, settings: Any) -> None:
    """A page of the office would ask him to sign in."""
    desk.charge(35941)
    notice = desk.notice(desk.case())
    for site, code, scan in (
        ("", notice.number, False),
        ("https://yihu.example", f"https://yihu.example/pay/notice/{notice.token}/", True),
    ):
        settings.YIHU_SITE = site
        data = notice.procedure.prints[0].data(notice, desk.accountant)
        assert (data["qr"], data["scan"]) == (code, scan)


@pytest.mark.clause("FEE-08", part="催款通知单签收表：每个送达人一张，收齐以后整批交回财务")
def test_each_deliverer_has_a_list_to_be_signed_and_the_whole_of_it_comes_back_at_once(
    desk: Desk, sign_in: Any
) -> None:
    desk.charge(35941)
    Round.objects.create(community=desk.cast.yunqi, building=desk.cast.home.building, steward=desk.steward)
    party = desk.debtor("钱业主", "0202", 12800)
    other = desk.debtor("孙业主", "0303", 9900)
    batch = desk.round()
    client = sign_in(desk.accountant)
    (one,) = pages(client.get(f"/dunning-papers/round/{batch.number}/sheet/").content)
    assert "催款通知单签收表" in one
    assert "段楼管" in one
    assert "3/0张" in one
    assert one.index("赵业主") < one.index("钱业主") < one.index("孙业主")
    desk.do(batch, "hand_out", desk.accountant)
    desk.delivered(DunningNotice.objects.get(party=desk.cast.owner))
    desk.delivered(DunningNotice.objects.get(party=party), way="courier", tracking_no="SF1234567")
    desk.do(DunningNotice.objects.get(party=other), "void", desk.accountant, void_why="已缴")
    desk.do(batch, "finish", desk.accountant, "2026-11-18 09:00")
    run_waiting(now=timezone.now())
    states = dict(DunningNotice.objects.values_list("party__name", "state"))
    assert states == {"赵业主": N.DONE, "钱业主": N.DONE, "孙业主": N.VOID}
    assert not DunningNotice.objects.filter(state=N.DONE, returned_to_finance_at__isnull=True).exists()
    (back,) = pages(client.get(f"/dunning-papers/round/{batch.number}/sheet/").content)
    assert "SF1234567" in back
    assert "2/2张" in back
    assert "张会计" in back
    assert "孙业主" not in back


def test_two_deliverers_have_two_lists(desk: Desk, sign_in: Any) -> None:
    desk.charge(35941)
    desk.debtor("钱业主", "0202", 12800)
    batch = desk.round()
    DunningNotice.objects.filter(party=desk.cast.owner).update(handler=desk.steward)
    mine, nobodys = pages(sign_in(desk.accountant).get(f"/dunning-papers/round/{batch.number}/sheet/").content)
    assert "赵业主" in mine
    assert "钱业主" not in mine
    assert "钱业主" in nobodys


def test_a_round_of_hundreds_is_set_by_a_job_and_kept_with_it(desk: Desk, sign_in: Any, monkeypatch: Any) -> None:
    """The page would keep the clerk waiting, and nobody could write meanwhile."""
    desk.charge(35941)
    desk.debtor("钱业主", "0202", 12800)
    batch = desk.round()
    client = sign_in(desk.accountant)
    assert "/do/set/" not in client.get(batch.get_absolute_url()).content.decode()
    monkeypatch.setattr(who, "AT_ONCE", 1)
    monkeypatch.setattr(papers, "AT_ONCE", 1)
    monkeypatch.setattr("yihu.areas.billing.dunning.showing.AT_ONCE", 1)
    assert "请在批次的页面点" in client.get(f"/dunning-papers/round/{batch.number}/").content.decode()
    desk.do(batch, "set", desk.accountant, timezone.localtime().strftime("%Y-%m-%d %H:%M"))
    run_waiting(now=timezone.now())
    page = client.get(batch.get_absolute_url()).content.decode()
    (link,) = re.findall(r'href="([^"]+)"[^>]*>(?:(?!</a>).)*排好的', page, re.S)
    first, second = pages(b"".join(client.get(link).streaming_content))
    assert "赵业主" in first
    assert "钱业主" in second
    kept = IssuedCopy.objects.filter(record=batch.pk)
    assert sorted(kept.values_list("run__subject", flat=True)) == sorted(batch.notices.values_list("number", flat=True))
    assert Message.objects.filter(person=desk.accountant, sentence__contains="已排好版").count() == 1
    # the worker died before it could note that the work was done: the task runs a second time
    DBTaskResult.objects.filter(task_path__endswith="set_round").update(status="READY", finished_at=None)
    run_waiting(now=timezone.now())
    assert kept.count() == 2
    assert Message.objects.filter(person=desk.accountant, sentence__contains="已排好版").count() == 1


def test_printing_holds_up_nobody_and_says_when_there_is_nothing(desk: Desk, sign_in: Any) -> None:
    desk.charge(35941)
    batch = desk.round()
    desk.do(batch.notices.get(), "void", desk.accountant, void_why="已缴")
    client = sign_in(desk.accountant)
    for address in ("", "sheet/"):
        answer = client.get(f"/dunning-papers/round/{batch.number}/{address}")
        assert answer.status_code == 409
        assert "这批没有" in answer.content.decode()
    assert come_round(at(NOVEMBER), only="dunning-round") == []


def test_what_waits_for_the_project_manager_is_neither_printed_nor_carried(desk: Desk, sign_in: Any) -> None:
    """The second notice of one payer stands in the round and is not among its papers before it is approved."""
    desk.charge(35941, when="2026-09-20 09:00")
    desk.delivered(
        desk.notice(desk.case(when="2026-11-02 09:00"), "2026-11-02 09:05", pay_by="2026-11-12"), "2026-11-03 10:00"
    )
    desk.debtor("钱业主", "0202", 12800)
    batch = desk.round()
    assert sorted(batch.notices.values_list("state", flat=True)) == [N.ISSUED, N.TO_APPROVE]
    client = sign_in(desk.accountant)
    for address in ("", "sheet/"):
        (one,) = pages(client.get(f"/dunning-papers/round/{batch.number}/{address}").content)
        assert "钱业主" in one
        assert "赵业主" not in one
    desk.do(batch.notices.get(state=N.TO_APPROVE), "approve", desk.pm)
    assert len(pages(client.get(f"/dunning-papers/round/{batch.number}/").content)) == 2
